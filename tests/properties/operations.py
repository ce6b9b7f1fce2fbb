"""Random operations on a world: fragments, aliases, arguments, variables, @skip and @include."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.properties.choices import Choices
from tests.properties.world import KEY_TYPES, SCALARS, Field, Ref, World

MAX_DEPTH = 4


@dataclass
class Operation:
    """The text and the variables of one operation."""

    text: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0
    is_deferring: bool = False
    deferred: int = 0


def random_operation(choices: Choices, world: World, *, is_deferring: bool = False) -> Operation:
    """Draw an operation; mostly valid."""
    operation = Operation(is_deferring=is_deferring)
    kind = "Mutation" if "Mutation" in world.roots and choices.flag(25) else "Query"
    body = _selection(choices, world, operation, kind, 0)
    declared = ", ".join(f"${name}: {kind_}" for name, kind_ in operation.declared.items())
    head = f"{kind.lower()} Random{f'({declared})' if declared else ''}"
    operation.text = "\n".join([f"{head} {body}", *operation.fragments])
    return operation


def _selection(choices: Choices, world: World, operation: Operation, owner: str, depth: int) -> str:
    parts: list[str] = []
    fields = _fields_of(world, owner)
    able = [item for item in fields if depth < MAX_DEPTH or item.ref.name in SCALARS]
    if able:
        chosen = choices.some(able, least=1 if owner not in world.unions else 0)
        parts += [_field(choices, world, operation, item, depth) for item in chosen]
    if choices.flag(25) and owner != "Mutation":
        parts.append(choices.pick(("__typename", "kind: __typename")))
    parts += _fragments(choices, world, operation, owner, depth)
    if operation.is_deferring and owner != "Mutation" and depth <= MAX_DEPTH and choices.flag(40):
        body = _selection(choices, world, operation, owner, depth + 1)
        parts.append(f"...{_defer(choices, operation)}{_directive(choices, operation)} {body}")
    return f"{{ {' '.join(parts) or '__typename'} }}"


def _fields_of(world: World, owner: str) -> list[Field]:
    if owner in world.unions:
        return []
    if owner in world.interfaces:
        member = world.entities[world.interfaces[owner][0]]
        shared = [member.fields[name] for name in world.shared[owner]]
        return [_key_field("id"), *shared]
    found = world.type(owner)
    return [*map(_key_field, found.key_fields()), *found.fields.values()]


def _key_field(name: str) -> Field:
    return Field(name, Ref(KEY_TYPES[name].rstrip("!"), is_required=True))


def _field(choices: Choices, world: World, operation: Operation, item: Field, depth: int) -> str:
    text = item.name
    if item.has_argument and choices.flag(70):
        operation.aliases += 1
        text = f"a{operation.aliases}: {item.name}(suffix: {_string(choices, operation)})"
    elif choices.flag(15):
        operation.aliases += 1
        text = f"a{operation.aliases}: {item.name}"
    text += _directive(choices, operation)
    if item.ref.name not in SCALARS:
        text += " " + _selection(choices, world, operation, item.ref.name, depth + 1)
    return text


def _string(choices: Choices, operation: Operation) -> str:
    value = choices.pick(("x", "y"))
    if choices.flag():
        return f'"{value}"'
    name = f"s{len(operation.declared)}"
    operation.declared[name] = 'String = "z"' if choices.flag(30) else "String"
    if not choices.flag(30):
        operation.variables[name] = value
    return f"${name}"


def _directive(choices: Choices, operation: Operation) -> str:
    if not choices.flag(10):
        return ""
    condition = choices.pick(("true", "false"))
    if choices.flag():
        name = f"b{len(operation.declared)}"
        operation.declared[name] = "Boolean!"
        operation.variables[name] = condition == "true"
        condition = f"${name}"
    return f" @{choices.pick(('skip', 'include'))}(if: {condition})"


def _defer(choices: Choices, operation: Operation) -> str:
    arguments = []
    operation.deferred += 1
    if choices.flag():
        arguments.append(f'label: "L{operation.deferred}"')
    if choices.flag(20):
        name = f"d{len(operation.declared)}"
        operation.declared[name] = "Boolean"
        if choices.flag(80):
            operation.variables[name] = choices.flag()
        arguments.append(f"if: ${name}")
    return f" @defer({', '.join(arguments)})" if arguments else " @defer"


def _fragments(
    choices: Choices, world: World, operation: Operation, owner: str, depth: int
) -> list[str]:
    members = world.members(owner)
    if not members or depth > MAX_DEPTH or not choices.flag(70 if members != [owner] else 10):
        return []
    abstracts = [
        name
        for name, others in (*world.interfaces.items(), *world.unions.items())
        if set(others) & set(members)
    ]
    parts: list[str] = []
    for condition in choices.some([*members, *abstracts], least=1):
        body = _selection(choices, world, operation, condition, depth + 1)
        defer = ""
        if operation.is_deferring and owner != "Mutation" and choices.flag(30):
            defer = _defer(choices, operation)
        if choices.flag(20):
            name = f"F{len(operation.fragments)}"
            operation.fragments.append(f"fragment {name} on {condition} {body}")
            parts.append(f"...{name}{defer}{_directive(choices, operation)}")
        else:
            parts.append(f"... on {condition}{defer}{_directive(choices, operation)} {body}")
    return parts
