"""Objects of the response as the representations that `_entities` is asked for.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec#understanding-query_entities
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from router.execute.json_values import JSON, Value, encode
from router.execute.places import Place
from router.execute.rewrites import apply_rewrites, context_values
from router.execute.static_types import StaticTypes
from router.execute.type_conditions import TypeConditions
from router.plan.nodes import EntityGroup, RequiredField, RequiredFragment, RequiredSelection

KEY_TYPES = frozenset({str, int})


@dataclass(slots=True)
class Batch:
    """Representations to ask for, each once, and the places every answer goes to."""

    context: JSON
    representations: list[JSON] = field(default_factory=list)
    targets: list[list[Place]] = field(default_factory=list)


def gather(
    group: EntityGroup,
    places: Iterable[Place],
    subgraph: str,
    static_types: StaticTypes,
) -> list[Batch]:
    """The representations of a group in the order of the places, equal ones once.

    An object that lacks a required value or one of its context, or whose key is null, is left out.
    There is one batch, or one for each different set of context values; none when nothing is to be
    asked.
    """
    schema = static_types.operation.schema
    conditions, keys = schema.conditions, schema.keys
    batches: dict[bytes, Batch] = {}
    known: dict[tuple[bytes, bytes], list[Place]] = {}
    names = _leaf_names(group)
    alike: dict[tuple[Value, ...], list[Place]] = {}
    for place in places:
        looks = _looks(place.value, names)
        if looks in alike:
            alike[looks].append(place)
            continue
        found = representation(group, place, static_types)
        if found is None:
            continue
        is_as_said = found["__typename"] == place.value.get("__typename")
        apply_rewrites(found, group.input_rewrites, found["__typename"], conditions)
        if not keys.identify(subgraph, found):
            continue
        context = context_values(place, group.context_rewrites, conditions)
        if context is None:
            continue
        identity = encode(found), encode(context)
        same = known.get(identity)
        if same is None:
            same = known[identity] = []
            batch = batches.setdefault(identity[1], Batch(context))
            batch.representations.append(found)
            batch.targets.append(same)
        same.append(place)
        if looks is not None and is_as_said:
            alike[looks] = same
    return list(batches.values())


def _leaf_names(group: EntityGroup) -> tuple[str, ...]:
    """What an object's representation is made of, when it is of its own leaves alone; else ()."""
    names: dict[str, None] = {"__typename": None}
    for item in group.requires:
        fields = item.selections if isinstance(item, RequiredFragment) else (item,)
        for one in fields:
            if isinstance(one, RequiredFragment) or one.selections:
                return ()
            names[one.alias or one.name] = None
    return () if group.context_rewrites else tuple(names)


def _looks(value: JSON, names: tuple[str, ...]) -> tuple[Value, ...] | None:
    """The leaves that make an object's representation; None where that tells too little.

    Equal ones are compared as Python does, for which 1, 1.0 and true are the same: so only strings
    and whole numbers are.
    """
    looks = tuple([value.get(name) for name in names])
    return looks if looks and KEY_TYPES.issuperset(map(type, looks)) else None


def representation(group: EntityGroup, place: Place, static_types: StaticTypes) -> JSON | None:
    """The required part of an object; None when it is not of these types or incomplete.

    An object's `__typename` says of which type it is, but where the schema allows one type only.
    """
    conditions = static_types.operation.schema.conditions
    said = place.value.get("__typename")
    name = said if conditions.knows(said) else _only_condition(group.requires)
    applying = _applying(group.requires, name, conditions)
    if not applying and name == said:
        name = static_types.of(place)
        applying = _applying(group.requires, name, conditions)
    found: JSON = {"__typename": name}
    return found if applying and _read(applying, place.value, name, found, conditions) else None


def _applying(
    requires: tuple[RequiredSelection, ...], name: str | None, conditions: TypeConditions
) -> list[RequiredSelection]:
    if name is None:
        return []
    return [
        item
        for item in requires
        if not isinstance(item, RequiredFragment) or conditions.holds(name, item.type_condition)
    ]


def _only_condition(requires: tuple[RequiredSelection, ...]) -> str | None:
    names = {item.type_condition for item in requires if isinstance(item, RequiredFragment)}
    return names.pop() if len(names) == 1 else None


def _read(
    selections: Iterable[RequiredSelection],
    value: JSON,
    name: object,
    into: JSON,
    conditions: TypeConditions,
) -> bool:
    """Copy the selected fields; False when one is missing."""
    for selection in selections:
        match selection:
            case RequiredFragment(condition, inner):
                applies = name is None or conditions.holds(name, condition)
                if applies and not _read(inner, value, name, into, conditions):
                    return False
            case RequiredField():
                if not _read_field(selection, value, into, conditions):
                    return False
    return True


def _read_field(
    selection: RequiredField, value: JSON, into: JSON, conditions: TypeConditions
) -> bool:
    key = selection.alias or selection.name
    if selection.name == "__typename":
        if isinstance(value.get(key), str):
            into.setdefault("__typename", value[key])  # on top it is decided already
        return True
    if key not in value:
        return False
    if not selection.selections:
        into[selection.name] = value[key]
        return True
    is_whole, part = _read_nested(selection, value[key], into.get(selection.name), conditions)
    if is_whole:
        into[selection.name] = part
    return is_whole


def _read_nested(
    selection: RequiredField, value: Value, earlier: Value, conditions: TypeConditions
) -> tuple[bool, Value]:
    if isinstance(value, list):
        before = earlier if isinstance(earlier, list) else [None] * len(value)
        read = [
            _read_nested(selection, item, old, conditions)
            for item, old in zip(value, before, strict=False)
        ]
        return all(is_whole for is_whole, _ in read), [part for _, part in read]
    if not isinstance(value, dict):
        return True, value
    part: JSON = earlier if isinstance(earlier, dict) else {}
    is_whole = _read(selection.selections, value, value.get("__typename"), part, conditions)
    return is_whole, part
