"""Small corrections the plan asks for: other type names in, aliases out, context values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from router.execute.errors import ErrorPath
from router.execute.json_values import JSON, Value
from router.execute.places import EACH_ITEM, FRAGMENT, Place
from router.execute.type_conditions import TypeConditions
from router.plan.nodes import KeyRenamer, Path, Rewrite, ValueSetter

PARENT = ".."


def apply_rewrites(
    value: JSON, rewrites: tuple[Rewrite, ...], typename: str | None, conditions: TypeConditions
) -> None:
    """Change an object in place; `typename` is its type where it does not say so itself."""
    for rewrite in rewrites:
        parents = [value]
        names: dict[int, str | None] = {id(value): typename}
        for element in rewrite.path[:-1]:
            parents = list(_step(parents, element, names, conditions))
        for parent in parents:
            _change(parent, rewrite)


def _step(
    objects: list[JSON], element: str, names: dict[int, str | None], conditions: TypeConditions
) -> Iterator[JSON]:
    for item in objects:
        if element.startswith(FRAGMENT):
            name = item.get("__typename") or names.get(id(item))
            if name is None or conditions.holds(name, element.removeprefix(FRAGMENT)):
                yield item
        elif element == EACH_ITEM:
            yield item
        else:
            yield from _objects_in(item.get(element))


def _objects_in(value: Value) -> Iterator[JSON]:
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _objects_in(item)


def _change(parent: JSON, rewrite: Rewrite) -> None:
    last = rewrite.path[-1]
    match rewrite:
        case ValueSetter():
            parent[last] = rewrite.value
        case KeyRenamer():
            if last in parent:
                parent[rewrite.name] = parent.pop(last)


def renamed_keys(rewrites: tuple[Rewrite, ...]) -> dict[str, str]:
    """The client's keys by the plan's own aliases."""
    return {item.path[-1]: item.name for item in rewrites if isinstance(item, KeyRenamer)}


def client_path(path: ErrorPath, names: Mapping[str, str]) -> ErrorPath:
    """A path in an answer, with the client's keys for the plan's own (`renamed_keys`)."""
    return tuple(names.get(key, key) if isinstance(key, str) else key for key in path)


class _Unanswered(Exception):  # noqa: N818 - control flow, not an error to show
    """Something on the way was asked for and is not there, not even as null."""


def context_values(
    place: Place, rewrites: tuple[Rewrite, ...], conditions: TypeConditions
) -> JSON | None:
    """The variables that take their value from around or above an object (@fromContext).

    Each `..` of a path goes up to the nearest enclosing object. Where several paths set the same
    variable (one a type that offers the context), the one that applies wins. None when a value was
    not answered: null in its place would be an answer to another question.
    """
    values: JSON = {}
    for rewrite in rewrites:
        if isinstance(rewrite, KeyRenamer):
            try:
                is_found, value = _look_up(place, rewrite.path, conditions)
            except _Unanswered:
                return None
            if is_found:
                values[rewrite.name] = value
            else:
                values.setdefault(rewrite.name, None)
    return values


def _look_up(place: Place, path: Path, conditions: TypeConditions) -> tuple[bool, Value]:
    """What lies at the path seen from the place, and whether the path applies at all."""
    at: Place | None = place
    rest = list(path)
    while rest and rest[0] == PARENT:
        at = at.enclosing() if at else None
        rest.pop(0)
    return _descend(at.value, rest, conditions) if at else (False, None)


def _descend(value: Value, rest: list[str], conditions: TypeConditions) -> tuple[bool, Value]:
    is_sure = True
    for index, element in enumerate(rest):
        if isinstance(value, list):
            found = [_descend(item, rest[index:], conditions) for item in value]
            return True, [item for is_found, item in found if is_found]
        if not isinstance(value, dict):
            return value is None, None
        if element.startswith(FRAGMENT):
            name = value.get("__typename")
            if name and not conditions.holds(name, element.removeprefix(FRAGMENT)):
                return False, None
            is_sure = conditions.knows(name)
        elif element not in value:
            if is_sure:
                raise _Unanswered
            return False, None
        else:
            value = value[element]
    return True, value
