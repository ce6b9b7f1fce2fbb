"""The words the shop is made of: departments, what they sell, and the attributes of each kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of product: its price is log-normal around `price` (major units, EUR)."""

    name: str
    price: float
    grams: int
    attributes: dict[str, tuple[str, ...]]
    options: tuple[str, tuple[str, ...]]
    tax_code: str = "standard"


COLOURS = ("Black", "White", "Blue", "Green", "Red", "Sand")
SIZES = ("S", "M", "L", "XL")
MATERIALS = ("Cotton", "Wool", "Linen", "Recycled polyester")
WOODS = ("Oak", "Beech", "Walnut", "Bamboo")
FEET = ("38", "39", "40", "41", "42", "43", "44", "45")
LANGUAGES = ("English", "German", "French", "日本語")
BINDINGS = ("Paperback", "Hardback")
GRINDS = ("Beans", "Filter", "Espresso")
PACKS = ("1", "3", "6", "12")
STORAGE = ("128 GB", "256 GB", "512 GB", "1 TB")

# department -> section -> kinds
DEPARTMENTS: dict[str, dict[str, tuple[Kind, ...]]] = {
    "Audio": {
        "Headphones": (
            Kind("Over-ear Headphones", 120, 320, {"wireless": ("yes", "no")}, ("colour", COLOURS)),
            Kind("Earbuds", 80, 60, {"noise cancelling": ("yes", "no")}, ("colour", COLOURS)),
        ),
        "Speakers": (
            Kind("Bookshelf Speaker", 190, 4200, {"power": ("40 W", "80 W")}, ("colour", COLOURS)),
            Kind("Portable Speaker", 70, 640, {"waterproof": ("yes", "no")}, ("colour", COLOURS)),
        ),
    },
    "Computing": {
        "Laptops": (
            Kind("Laptop", 1100, 1400, {"screen": ("13 inch", "15 inch")}, ("storage", STORAGE)),
            Kind("Tablet", 430, 520, {"pen": ("yes", "no")}, ("storage", STORAGE)),
        ),
        "Accessories": (
            Kind("Keyboard", 75, 700, {"layout": ("ANSI", "ISO")}, ("colour", COLOURS)),
            Kind("Mouse", 35, 110, {"wireless": ("yes", "no")}, ("colour", COLOURS)),
        ),
    },
    "Clothing": {
        "Tops": (
            Kind("T-Shirt", 22, 180, {"material": MATERIALS}, ("size", SIZES)),
            Kind("Pullover", 58, 430, {"material": MATERIALS}, ("size", SIZES)),
        ),
        "Outdoor": (
            Kind("Rain Jacket", 110, 480, {"material": MATERIALS}, ("size", SIZES)),
            Kind("Hiking Trousers", 74, 390, {"material": MATERIALS}, ("size", SIZES)),
        ),
    },
    "Home": {
        "Kitchen": (
            Kind("Chopping Board", 28, 900, {"wood": WOODS}, ("size", SIZES)),
            Kind("Kettle", 45, 1100, {"power": ("1.5 kW", "2.2 kW")}, ("colour", COLOURS)),
        ),
        "Furniture": (
            Kind("Desk", 260, 28000, {"wood": WOODS}, ("width", ("120 cm", "140 cm", "160 cm"))),
            Kind("Chair", 140, 7800, {"wood": WOODS}, ("colour", COLOURS)),
        ),
    },
    "Garden": {
        "Tools": (
            Kind("Pruning Shears", 32, 260, {"blade": ("steel", "ceramic")}, ("colour", COLOURS)),
            Kind("Watering Can", 24, 700, {"volume": ("5 l", "9 l")}, ("colour", COLOURS)),
        ),
        "Lighting": (
            Kind("Garden Lantern", 39, 1200, {"solar": ("yes", "no")}, ("colour", COLOURS)),
            Kind("String Lights", 27, 450, {"solar": ("yes", "no")}, ("length", ("5 m", "10 m"))),
        ),
    },
    "Sports": {
        "Running": (
            Kind("Running Shoe", 120, 620, {"terrain": ("road", "trail")}, ("size", FEET)),
            Kind("Running Vest", 48, 210, {"material": MATERIALS}, ("size", SIZES)),
        ),
        "Camping": (
            Kind("Sleeping Bag", 130, 1500, {"down": ("yes", "no")}, ("length", ("S", "M", "L"))),
            Kind("Tent", 290, 3400, {"season": ("3", "4")}, ("persons", ("1", "2", "3", "4"))),
        ),
    },
    "Books": {
        "Non-fiction": (
            Kind("Cookbook", 26, 900, {"language": LANGUAGES}, ("binding", BINDINGS), "reduced"),
            Kind("Atlas", 42, 2100, {"language": LANGUAGES}, ("binding", BINDINGS), "reduced"),
        ),
        "Fiction": (
            Kind("Novel", 14, 380, {"language": LANGUAGES}, ("binding", BINDINGS), "reduced"),
            Kind("Comic", 19, 450, {"language": LANGUAGES}, ("binding", BINDINGS), "reduced"),
        ),
    },
    "Pantry": {
        "Drinks": (
            Kind("Coffee", 11, 520, {"roast": ("light", "dark")}, ("grind", GRINDS), "reduced"),
            Kind("Tea", 8, 130, {"organic": ("yes", "no")}, ("pack", PACKS), "reduced"),
        ),
        "Sweets": (
            Kind("Chocolate", 4, 110, {"cocoa": ("45 %", "70 %")}, ("pack", PACKS), "reduced"),
            Kind("Honey", 9, 640, {"organic": ("yes", "no")}, ("pack", PACKS), "reduced"),
        ),
    },
}
STYLES = ("Classic", "Studio", "Everyday", "Alpine", "Urban", "Nordic")
STARTS = (
    "Ve",
    "No",
    "Ka",
    "Li",
    "Sø",
    "Mar",
    "Tor",
    "Ze",
    "Fjo",
    "Hal",
    "Ori",
    "Bru",
    "Cal",
    "Dre",
)
ENDS = ("lund", "ra", "tech", "vik", "nova", "strom", "wick", "dale", "no", "berg")
SERIES = ("One", "Pro", "Air", "Plus", "Mini", "Max", "Lite", "Edition", "II", "X")
SENTENCES = (
    "In {style} style, made to be used every day.",
    "{brand} builds it from parts that can be replaced.",
    "Reviewers praise how the {series} feels in the hand and how long it lasts.",
    "It arrives in a box without plastic and can be returned within thirty days.",
)
IRREGULAR = {"Mouse": "Mice", "Running Shoe": "Running Shoes", "Atlas": "Atlases"}
FIRST_NAMES = ("Ada", "Ben", "Chloé", "Dmitri", "Ela", "Finn", "Göran", "Hana", "Ines", "José")
LAST_NAMES = ("Ahlgren", "Brandt", "Costa", "Dupont", "Evans", "Fischer", "Garcia", "Hoff", "Ito")
