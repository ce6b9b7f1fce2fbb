"""Input objects that can be written down, and defaults that are values of their types.

https://spec.graphql.org/draft/#sec-Input-Objects.Circular-References
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import NamedTypeNode, NonNullTypeNode

from router.compose.elements import inputs
from router.compose.literals import mismatch
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost, text


def finite_inputs(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """No input object demands itself, which nobody could ever write."""
    finished: set[str] = set()
    for type_ in subgraph.types.values():
        if type_.kind is Kind.INPUT and type_.name not in finished:
            circle = _circle(subgraph, type_.name, finished)
            if circle:
                first = subgraph.types[circle[0]]
                yield subgraph.problem(
                    "INVALID_GRAPHQL",
                    first.name,
                    f'Input "{first.name}" demands itself: {" -> ".join(circle)}.',
                    first.node,
                    hint="Make one of the fields on the way nullable.",
                )


def _circle(subgraph: Subgraph, start: str, finished: set[str]) -> list[str] | None:
    """The first circle of required input fields reached from `start`."""
    path: list[tuple[str, Iterator[str]]] = [(start, _demanded(subgraph, start))]
    while path:
        step = next(path[-1][1], None)
        names = [name for name, _ in path]
        if step is None:
            finished.add(path.pop()[0])
        elif step in names:
            finished.update(names)
            return [*names[names.index(step) :], step]
        elif step not in finished:
            path.append((step, _demanded(subgraph, step)))
    return None


def _demanded(subgraph: Subgraph, name: str) -> Iterator[str]:
    type_ = subgraph.types.get(name)
    for field in type_.input_fields.values() if type_ else ():
        if isinstance(field.type, NonNullTypeNode) and isinstance(field.type.type, NamedTypeNode):
            inner = innermost(field.type)
            if subgraph.kind(inner) is Kind.INPUT:
                yield inner


def optional_deprecated(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """What must be given cannot be deprecated: nobody could stop giving it.

    https://spec.graphql.org/draft/#sec--deprecated
    """
    for coordinate, value in inputs(subgraph):
        required = isinstance(value.type, NonNullTypeNode) and value.default is None
        if required and value.applied("deprecated"):
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                coordinate,
                f'"{coordinate}" is required, so it cannot be deprecated.',
                value.node,
                hint="Make it nullable or give it a default first.",
            )


def valid_defaults(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """A default value is one of the argument's or input field's type."""
    for coordinate, value in inputs(subgraph):
        problem = value.default and mismatch(subgraph, value.default, value.type)
        if problem:
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                coordinate,
                f'The default of "{coordinate}" ({text(value.type)}) is wrong: {problem}.',
                value.node,
                hint="Write a value of the type, or leave the default out.",
            )
