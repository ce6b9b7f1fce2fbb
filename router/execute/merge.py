"""How a subgraph's answer joins what others have said about the same object."""

from __future__ import annotations

from msgspec import to_builtins

from router.execute.json_values import JSON, Value
from router.execute.type_conditions import TypeConditions


def merge(target: JSON, answer: JSON, conditions: TypeConditions) -> None:
    """Add an answer to an object: objects by key, lists by index, leaves by the newer value.

    A null never covers a value (another subgraph knew it), and an interface's name, which an
    @interfaceObject gives as `__typename`, never covers the name of a type that implements it.
    What is added is copied, so that no two places of a response share an object.
    """
    for key, value in answer.items():
        known = target.get(key)
        if key == "__typename":
            target[key] = _truer_name(known, value, conditions)
        elif known is None:
            target[key] = copied(value)
        elif value is not None:
            target[key] = _merged(known, value, conditions)


def _merged(known: Value, value: Value, conditions: TypeConditions) -> Value:
    if isinstance(known, dict) and isinstance(value, dict):
        merge(known, value, conditions)
        return known
    if isinstance(known, list) and isinstance(value, list):
        for index, item in enumerate(value[: len(known)]):
            if known[index] is None:
                known[index] = copied(item)
            elif item is not None:
                known[index] = _merged(known[index], item, conditions)
        known.extend(copied(item) for item in value[len(known) :])
        return known
    return copied(value)


def _truer_name(known: Value, name: Value, conditions: TypeConditions) -> Value:
    if isinstance(known, str) and isinstance(name, str):
        covers = name in conditions.names_by_condition
        return known if covers or known not in conditions.names_by_condition else name
    return name if known is None else known


def copied(value: Value) -> Value:
    """The value with its own lists and objects, however deep they are."""
    return to_builtins(value) if isinstance(value, (dict, list)) else value
