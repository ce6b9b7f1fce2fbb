"""Where in the response a path of the plan leads: each object there, with the way to it."""

from __future__ import annotations

from typing import NamedTuple

from router.execute.json_values import JSON, Value
from router.execute.type_conditions import TypeConditions
from router.plan.nodes import Path

EACH_ITEM = "@"
FRAGMENT = "... on "


class Place(NamedTuple):
    """A value in the response, the place it lies in, and under which key or index."""

    value: Value
    within: Place | None
    key: str | int

    def path(self) -> list[str | int]:
        """From the root of the response to here, as GraphQL errors write it."""
        keys: list[str | int] = []
        place = self
        while place.within is not None:
            keys.append(place.key)
            place = place.within
        keys.reverse()
        return keys

    def enclosing(self) -> Place | None:
        """The nearest object (not list) around this one."""
        place = self.within
        while place is not None and not isinstance(place.value, dict):
            place = place.within
        return place


def objects_at(data: JSON, path: Path, conditions: TypeConditions) -> list[Place]:
    """Every object at the path, in the order of the response; nulls lead nowhere."""
    places = [Place(data, None, "")]
    for element in path:
        if element.startswith(FRAGMENT):
            condition = element.removeprefix(FRAGMENT)
            places = [place for place in places if _is(place, (condition,), conditions)]
            continue
        key, _, types = element.partition("|")
        if key == EACH_ITEM:
            places = _items(places)
        elif key:
            places = [
                Place(value, place, key)
                for place in places
                if isinstance(place.value, dict) and (value := place.value.get(key)) is not None
            ]
        if types:
            wanted = tuple(name.strip() for name in types.strip("[]").split(","))
            places = [place for place in places if _is(place, wanted, conditions)]
    return [place for place in places if isinstance(place.value, dict)]


def _items(places: list[Place]) -> list[Place]:
    """Each item of a list, lists of lists included; what is no list is its own only item."""
    found: list[Place] = []
    for place in places:
        if not isinstance(place.value, list):
            found.append(place)
            continue
        items = [
            Place(item, place, index) for index, item in enumerate(place.value) if item is not None
        ]
        found += _items(items) if any(isinstance(item.value, list) for item in items) else items
    return found


def _is(place: Place, wanted: tuple[str, ...], conditions: TypeConditions) -> bool:
    if isinstance(place.value, list):
        return True
    name = place.value.get("__typename") if isinstance(place.value, dict) else None
    return isinstance(name, str) and any(conditions.holds(name, item) for item in wanted)


def nearest_parent(places: list[Place], path: Path) -> list[str | int]:
    """The path for an error about all of the places: the place's own, or their common parent's."""
    if len(places) == 1:
        return places[0].path()
    keys: list[str | int] = []
    for element in path:
        key, _, _ = element.partition("|")
        if key == EACH_ITEM:
            break
        if key and not element.startswith(FRAGMENT):
            keys.append(key)
    return keys
