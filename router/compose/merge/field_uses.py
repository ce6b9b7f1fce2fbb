"""Which fields of a subgraph are used by its keys, @requires, @provides, contexts, interfaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from router.compose.externals import context_coordinates
from router.compose.subgraph import FieldDefinition, Subgraph
from router.federation.field_set import FieldSetError, parse_field_set
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

Coordinate = tuple[str, str]


@dataclass(slots=True)
class Uses:
    """Fields of one subgraph: those its keys select, those it @provides, those anything needs."""

    keys: set[Coordinate] = field(default_factory=set)
    provided: set[Coordinate] = field(default_factory=set)
    needed: set[Coordinate] = field(default_factory=set)


def uses_of(subgraph: Subgraph) -> Uses:
    """Walk every field set of a subgraph. What cannot be read selects nothing."""
    uses = Uses()
    implementing: dict[str, list[str]] = {}
    for type_ in subgraph.types.values():
        for interface in type_.interfaces:
            implementing.setdefault(interface, []).append(type_.name)
            declared = subgraph.types.get(interface)
            uses.needed |= {(type_.name, name) for name in (declared.fields if declared else ())}
    walk = _Walk(subgraph, implementing)
    for type_ in subgraph.types.values():
        for key in type_.all_applied("key"):
            uses.keys |= set(walk.selected(type_.name, key.text("fields")))
        for item in type_.fields.values():
            for application in item.applications:
                if application.name == "requires":
                    uses.needed |= set(walk.selected(type_.name, application.text("fields")))
                elif application.name == "provides":
                    parent = innermost(item.type)
                    uses.provided |= set(walk.selected(parent, application.text("fields")))
            uses.needed |= set(_taken_from_contexts(subgraph, item))
    uses.needed |= uses.keys | uses.provided
    return uses


def _taken_from_contexts(subgraph: Subgraph, item: FieldDefinition) -> Iterator[Coordinate]:
    for argument in item.arguments.values():
        for source in argument.all_applied("fromContext"):
            yield from context_coordinates(subgraph, source.text("field"))


@dataclass(frozen=True, slots=True)
class _Walk:
    subgraph: Subgraph
    implementing: Mapping[str, list[str]]

    def selected(self, type_name: str, text: str) -> Iterator[Coordinate]:
        """Every field that a field set selects."""
        try:
            selections = parse_field_set(text)
        except FieldSetError:
            return
        yield from self.within(type_name, selections)

    def within(self, type_name: str, selections: SelectionSetNode) -> Iterator[Coordinate]:
        type_ = self.subgraph.types.get(type_name)
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else type_name
                yield from self.within(condition, node.selection_set)
            elif isinstance(node, FieldNode) and type_ is not None:
                found = type_.fields.get(node.name.value)
                if found is None:
                    continue
                yield type_name, found.name
                if type_.kind is Kind.INTERFACE:
                    for other in self.implementing.get(type_name, ()):
                        yield other, found.name
                if node.selection_set is not None:
                    yield from self.within(innermost(found.type), node.selection_set)
