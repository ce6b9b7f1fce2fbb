"""{KEY,REQUIRES,PROVIDES}_INVALID_FIELDS and their like: `fields:` selects what is there.

https://www.apollographql.com/docs/graphos/reference/federation/directives#fieldset
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import StringValueNode, print_ast

from router.compose.field_sets import Selected, read_field_set
from router.compose.subgraph import Application, Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

ABSTRACT = frozenset({Kind.INTERFACE, Kind.UNION})
PREFIXES = {"key": "KEY", "requires": "REQUIRES", "provides": "PROVIDES"}


@dataclass(frozen=True, slots=True)
class FieldSet:
    """One application with a field set: where it stands, and the type it selects of."""

    coordinate: str
    application: Application
    target: str

    def problem(self, subgraph: Subgraph, ending: str, message: str, hint: str = "") -> Diagnostic:
        """A problem of it; `ending` follows the directive in the code."""
        return subgraph.problem(
            f"{PREFIXES[self.application.name]}_{ending}",
            self.coordinate,
            f'"{self.coordinate}" has {print_ast(self.application.node)}: {message}.',
            self.application.node,
            hint=hint,
        )

    def selected(self, subgraph: Subgraph) -> tuple[Selected, ...]:
        """The fields it selects; none where something is wrong with how it selects them."""
        found, wrong = read_field_set(subgraph, self.target, self.application.text("fields"))
        return found if all(problem.is_directive for problem in wrong) else ()

    def abstract(self, subgraph: Subgraph) -> Selected | None:
        """The first interface or union that a key selects, which hides what else is wrong."""
        if not self.is_key:
            return None
        found, _ = read_field_set(subgraph, self.target, self.application.text("fields"))
        abstract = (one for one in found if subgraph.kind(innermost(one.field.type)) in ABSTRACT)
        return next(abstract, None)

    @property
    def is_key(self) -> bool:
        """Whether it is a @key; that those select no interface or union is a rule of its own."""
        return self.application.name == "key"


def field_sets(subgraph: Subgraph, name: str) -> Iterator[FieldSet]:
    """Every application of @key, @requires or @provides."""
    for type_ in subgraph.types.values():
        for application in type_.all_applied(name):
            yield FieldSet(type_.name, application, type_.name)
        for field in type_.fields.values():
            for application in field.all_applied(name):
                target = innermost(field.type) if name == "provides" else type_.name
                yield FieldSet(f"{type_.name}.{field.name}", application, target)


def interface_keys_readable(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Keys of interfaces select fields that are there, before anything is asked of them."""
    for key in field_sets(subgraph, "key"):
        if subgraph.kind(key.coordinate) is Kind.INTERFACE:
            _, problems = read_field_set(subgraph, key.target, key.application.text("fields"))
            if any(problem.is_last for problem in problems):
                yield from _readable(subgraph, key)


def field_set_arguments(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Every field set is a string that selects fields of its type, and nothing else."""
    for name in PREFIXES:
        for field_set in field_sets(subgraph, name):
            yield from _readable(subgraph, field_set)


def _readable(subgraph: Subgraph, field_set: FieldSet) -> Iterator[Diagnostic]:
    value = field_set.application.arguments.get("fields")
    if not isinstance(value, StringValueNode):
        yield field_set.problem(
            subgraph, "INVALID_FIELDS_TYPE", "fields: must be a string", 'Write it in quotes: "id".'
        )
        return
    if field_set.abstract(subgraph) is not None:
        return
    _, problems = read_field_set(subgraph, field_set.target, value.value)
    for wrong in problems:
        ending = "DIRECTIVE_IN_FIELDS_ARG" if wrong.is_directive else "INVALID_FIELDS"
        yield field_set.problem(subgraph, ending, wrong.message, wrong.hint)
