"""@cost and @listSize: COST_APPLIED_TO_INTERFACE_FIELD and the LIST_SIZE codes.

https://www.apollographql.com/docs/graphos/reference/federation/directives#demand-control
"""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.subgraph import Application, FieldDefinition, Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost, is_list, text

SLICES = frozenset({"Int", "Int!"})
ADVICE = {
    "APPLIED_TO_NON_LIST": "Remove @listSize, or name the lists inside with `sizedFields`.",
    "INVALID_ASSUMED_SIZE": "Assume the usual number of items, which is 0 or more.",
    "INVALID_SLICING_ARGUMENT": "Name arguments of the field that are Int.",
    "INVALID_SIZED_FIELD": "Name fields of the field's type that are lists.",
}


def costs(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Costs stand where something is computed."""
    for type_ in subgraph.types.values():
        for field in type_.fields.values() if type_.kind is Kind.INTERFACE else ():
            application = field.applied("cost")
            if application is not None:
                coordinate = f"{type_.name}.{field.name}"
                yield subgraph.problem(
                    "COST_APPLIED_TO_INTERFACE_FIELD",
                    coordinate,
                    f'"{coordinate}" is a field of an interface, which nobody resolves at a cost.',
                    application.node,
                    hint="Put @cost on the fields of the types that implement it.",
                )


def list_sizes(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Sizes are of lists, and taken from arguments and fields that exist."""
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            application = field.applied("listSize")
            if application is not None:
                coordinate = f"{type_.name}.{field.name}"
                for code, problem in _problems(subgraph, coordinate, field, application):
                    yield subgraph.problem(
                        f"LIST_SIZE_{code}",
                        coordinate,
                        problem,
                        application.node,
                        hint=ADVICE[code],
                    )


def _problems(
    subgraph: Subgraph, coordinate: str, field: FieldDefinition, application: Application
) -> Iterator[tuple[str, str]]:
    sized = _names(application, "sizedFields")
    if not sized and not is_list(field.type):
        yield "APPLIED_TO_NON_LIST", f'"{coordinate}" is no list.'
    assumed = application.value("assumedSize")
    if isinstance(assumed, int) and assumed < 0:
        yield "INVALID_ASSUMED_SIZE", f'The assumed size of "{coordinate}" is negative: {assumed}.'
    for name in _names(application, "slicingArguments") or ():
        argument = field.arguments.get(name)
        if argument is None:
            yield "INVALID_SLICING_ARGUMENT", f'"{coordinate}" has no argument "{name}".'
        elif text(argument.type) not in SLICES:
            yield (
                "INVALID_SLICING_ARGUMENT",
                f'"{coordinate}({name}:)" is {text(argument.type)}, and a size is an Int.',
            )
    yield from _sized_fields(subgraph, field, sized or [])


def _sized_fields(
    subgraph: Subgraph, field: FieldDefinition, names: list[str]
) -> Iterator[tuple[str, str]]:
    if not names:
        return
    target = subgraph.types.get(innermost(field.type))
    if target is None or target.kind not in {Kind.OBJECT, Kind.INTERFACE}:
        yield (
            "INVALID_SIZED_FIELD",
            f'"{innermost(field.type)}" has no fields whose sizes could be given.',
        )
        return
    for name in names:
        found = target.fields.get(name)
        if found is None:
            yield "INVALID_SIZED_FIELD", f'"{target.name}" has no field "{name}".'
        elif not is_list(found.type):
            yield "APPLIED_TO_NON_LIST", f'"{target.name}.{name}" is no list.'


def _names(application: Application, argument: str) -> list[str] | None:
    value = application.value(argument)
    if value is None:
        return None
    return [str(item) for item in (value if isinstance(value, list) else [value])]
