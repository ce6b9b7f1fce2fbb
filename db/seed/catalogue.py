"""Categories, products, variants and prices, from a seed number and a count of products."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from db.seed.vocabulary import DEPARTMENTS, ENDS, IRREGULAR, SENTENCES, SERIES, STARTS, STYLES, Kind

# Everything happened before this moment, so that the same seed gives the same rows.
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = timedelta(days=730)
RATES = {"EUR": (1.0, 100), "USD": (1.1, 100), "JPY": (160.0, 1)}
BRANDS = 300
Rank = Literal["featured", "hot", "plain"]
EXTREME = 0.01
MOST_VARIANTS = 60
# The newest products have one variant and plenty of it: what a first visitor sees can be bought.
FEATURED = 12
# So many variants, spread over the shop, have one to five units: for tests of contention.
HOT = 20


@dataclass(frozen=True, slots=True)
class Category:
    """A category; `path` holds the ids from the root to it."""

    id: str
    slug: str
    name: str
    parent_id: str | None
    path: tuple[str, ...]
    position: int
    kind: Kind | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """What is bought; `prices` are minor units by currency, `units` what is in stock."""

    id: str
    sku: str
    title: str
    options: tuple[tuple[str, str], ...]
    weight_grams: int
    tax_code: str
    prices: dict[str, int]
    units: int


@dataclass(frozen=True, slots=True)
class Product:
    """What is shown."""

    id: str
    slug: str
    name: str
    description: str
    brand: str
    category_id: str
    attributes: tuple[tuple[str, str], ...]
    created_at: datetime
    variants: tuple[Variant, ...]


def identifier(prefix: str, at: datetime, source: random.Random) -> str:
    """An id of the shop's shape (a UUIDv7), from the given moment and source."""
    value = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (source.getrandbits(12) << 64)
    value |= (0b10 << 62) | source.getrandbits(62)
    return f"{prefix}_{value:032x}"


def slug_of(*words: str) -> str:
    """Words as part of an address: ASCII, lower case, hyphens."""
    plain = unicodedata.normalize("NFKD", " ".join(words)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def plural_of(name: str) -> str:
    """What a shelf of these things is called."""
    return IRREGULAR.get(name, name if name.endswith("s") else f"{name}s")


def categories(source: random.Random) -> list[Category]:
    """Four levels: department, section, kind, style."""
    found: list[Category] = []

    def add(
        name: str, parent: Category | None, position: int, kind: Kind | None, style: str = ""
    ) -> Category:
        made = identifier("cat", NOW - MONTHS, source)
        slug = slug_of(parent.slug if parent else "", style or name)
        path = (*parent.path, made) if parent else (made,)
        parent_id = parent.id if parent else None
        category = Category(made, slug, name, parent_id, path, position, kind, style)
        found.append(category)
        return category

    for first, (department, sections) in enumerate(DEPARTMENTS.items()):
        top = add(department, None, first, None)
        for second, (section, kinds) in enumerate(sections.items()):
            middle = add(section, top, second, None)
            for third, kind in enumerate(kinds):
                plural = plural_of(kind.name)
                shelf = add(plural, middle, third, None)
                for fourth, style in enumerate(STYLES):
                    add(f"{style} {plural}", shelf, fourth, kind, style)
    return found


def brands(source: random.Random) -> list[str]:
    """Made-up names; a few are not ASCII, as real ones."""
    names = sorted({f"{start}{end}" for start in STARTS for end in ENDS})
    more = [f"{name} {series}" for name in names for series in ("Works", "& Co", "Atelier")]
    picked = names + more
    source.shuffle(picked)
    return picked[:BRANDS]


def products(count: int, shelves: list[Category], source: random.Random) -> Iterator[Product]:
    """`count` products, oldest first, popular shelves and brands more often."""
    kinds = [shelf for shelf in shelves if shelf.kind is not None]
    source.shuffle(kinds)
    weights = [1 / (rank + 3) for rank in range(len(kinds))]
    names = brands(source)
    for number in range(count):
        shelf = source.choices(kinds, weights)[0]
        brand = names[int(source.betavariate(1, 3) * len(names))]
        at = NOW - MONTHS + MONTHS * (number / max(count, 1))
        yield _product(number, shelf, brand, at, source, _rank(number, count))


def _rank(number: int, count: int) -> Rank:
    if number >= count - FEATURED:
        return "featured"
    return "hot" if number % max(count // HOT, 1) == 0 else "plain"


def _product(
    number: int, shelf: Category, brand: str, at: datetime, source: random.Random, rank: Rank
) -> Product:
    kind = shelf.kind
    if kind is None:
        raise ValueError(f"{shelf.slug} is no shelf for products")
    series = source.choice(SERIES)
    name = f"{brand} {series} {kind.name}"
    is_extreme = rank != "featured" and source.random() < EXTREME
    count = source.randint(1, len(kind.options[1]))
    if rank == "featured":
        count = 1
    variants = _variants(number, kind, at, source, MOST_VARIANTS if is_extreme else count)
    if rank == "featured":
        variants = [replace(variants[0], units=100_000)]
    elif rank == "hot":
        variants[0] = replace(variants[0], units=source.randint(1, 5))
    attributes = [(key, source.choice(values)) for key, values in kind.attributes.items()]
    return Product(
        id=identifier("prd", at, source),
        slug=f"{slug_of(name)}-{number}",
        name=name,
        description=_description(shelf, brand, series, source, is_extreme=is_extreme),
        brand=brand,
        category_id=shelf.id,
        attributes=(*attributes, ("style", shelf.style)),
        created_at=at,
        variants=tuple(variants),
    )


def _description(
    shelf: Category,
    brand: str,
    series: str,
    source: random.Random,
    *,
    is_extreme: bool,
) -> str:
    words = {
        "style": shelf.style.lower(),
        "brand": brand,
        "series": series,
    }
    sentences = source.sample(SENTENCES, 3) * (40 if is_extreme else 1)
    return " ".join(sentence.format(**words) for sentence in sentences)[:4000]


def _variants(
    number: int, kind: Kind, at: datetime, source: random.Random, count: int
) -> list[Variant]:
    option, values = kind.options
    base = kind.price * source.lognormvariate(0, 0.35)
    picked = source.sample(values, min(count, len(values)))
    found = []
    for index in range(count):
        # More variants than values: the same value in several makes.
        again, place = divmod(index, len(picked))
        value = f"{picked[place]}, make {again + 1}" if again else picked[place]
        prices = {
            currency: _price(base * rate * (1 + 0.05 * (index % 12)), exponent)
            for currency, (rate, exponent) in RATES.items()
        }
        found.append(
            Variant(
                id=identifier("var", at, source),
                sku=f"{slug_of(kind.name).upper()[:8]}-{number:06d}-{index + 1}",
                title=value,
                options=((option, value),),
                weight_grams=max(int(kind.grams * source.uniform(0.9, 1.1)), 1),
                tax_code=kind.tax_code,
                prices=prices,
                units=_units(source),
            )
        )
    return found


def _units(source: random.Random) -> int:
    """Zero for one in twelve, very few for one in twenty, else plenty."""
    drawn = source.random()
    if drawn < 0.08:
        return 0
    if drawn < 0.13:
        return source.randint(1, 3)
    return int(source.lognormvariate(4, 0.6)) + 5


def _price(amount: float, exponent: int) -> int:
    """Minor units of a price as shops write them: 19.99 rather than 20.03; whole yen."""
    if exponent == 1:
        return max(round(amount / 10) * 10, 10)
    return max(round(amount), 1) * exponent - 1
