"""The subgraphs that an operation may need: one that another can stand in for is left aside.

In a large graph many subgraphs know an entity by its key, or share a value type, and have nothing
else that an operation asks for. Each of them would double as a way to everything. A subgraph is
spare when another has all of it that matters here: the fields asked for, those of keys and
@requires that may have to be collected on the way, and the keys to enter by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from graphql import SelectionSetNode

from router.graph.context_selection import context_items
from router.graph.field_sets import field_set_items
from router.graph.model import Graph, SubgraphField, SubgraphType
from router.graph.operation import FragmentItem, Item
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

# With fewer subgraphs it takes longer to tell than to plan with all of them.
FEW = 8


@dataclass(slots=True)
class _Matters:
    """The fields that matter by type, each of them as any subgraph or interface knows it."""

    graph: Graph
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seen: set[tuple[str, int]] = field(default_factory=set)
    kept: list[object] = field(default_factory=list)

    def visit(self, type_name: str, items: tuple[Item, ...]) -> None:
        """Note what is selected on objects of a type, and what may have to be to get there."""
        if (type_name, id(items)) in self.seen:
            return
        self.seen.add((type_name, id(items)))
        self.kept.append(items)  # ids stay unique while what they name is alive
        if type_name not in self.graph.supergraph.types:
            return
        if type_name not in self.names:
            self._enter(type_name)
        for item in items:
            if isinstance(item, FragmentItem):
                self.visit(item.type_condition or type_name, item.items)
                continue
            for name in self._alike(type_name):
                self.names[name].add(item.name)
                found = self.graph.supergraph.types[name].fields.get(item.name)
                if found is not None and item.items:
                    self.visit(innermost(found.type), item.items)

    def _alike(self, type_name: str) -> set[str]:
        """The types that objects of a type may be known by."""
        objects = self.graph.runtime.get(type_name, ())
        return {
            type_name,
            *objects,
            *(name for one in objects for name in self.graph.interfaces.get(one, ())),
        }

    def _enter(self, type_name: str) -> None:
        self.names[type_name].add("__typename")
        for views in self.graph.types.values():
            for name in self._alike(type_name):
                if (view := views.get(name)) is not None:
                    for needed in _needed(view):
                        self.visit(name, field_set_items(needed))
                    for found in view.fields.values():
                        for argument in found.context_arguments:
                            self._take_from(argument.context, context_items(argument.selection))

    def _take_from(self, context: str, items: tuple[Item, ...]) -> None:
        for type_ in self.graph.supergraph.types.values():
            if context in type_.contexts:
                self.visit(type_.name, items)


def _needed(view: SubgraphType) -> Iterator[SelectionSetNode]:
    yield from (key.selections for key in view.keys if key.is_resolvable)
    yield from (found.requires for found in view.fields.values() if found.requires)


def narrowed(graph: Graph, type_name: str, items: tuple[Item, ...]) -> Graph:
    """The graph without what is spare for an operation of these items on its root type."""
    if len(graph.types) <= FEW:
        return graph
    matters = _Matters(graph)
    matters.visit(type_name, items)
    if not any(_is_crowded(graph, name, names) for name, names in matters.names.items()):
        return graph
    offers = {name: frozenset(_offers(matters, name)) for name in graph.types}
    first = {offer: name for name, offer in reversed(offers.items())}
    kept = {name for offer, name in first.items() if not any(offer < other for other in first)}
    if len(kept) == len(graph.types):
        return graph
    return replace(graph, types={name: graph.types[name] for name in graph.types if name in kept})


def _is_crowded(graph: Graph, type_name: str, names: set[str]) -> bool:
    """Whether many subgraphs have a field that matters, or a key to enter the type by."""
    views = [types[type_name] for types in graph.types.values() if type_name in types]
    return len(views) > FEW and (
        sum(bool(view.keys) for view in views) > FEW
        or any(sum(name in view.fields for view in views) > FEW for name in names)
    )


def _offers(matters: _Matters, graph: str) -> Iterator[object]:
    """Everything of a subgraph that matters; what no other can stand in for bears its name."""
    views = matters.graph.types[graph]
    for type_name, names in matters.names.items():
        view = views.get(type_name)
        if view is None:
            continue
        if view.kind is not Kind.OBJECT or view.is_interface_object:
            yield type_name, view.kind, view.runtime, view.is_interface_object
        for key in view.keys:
            if key.is_resolvable:
                yield type_name, key.text
        for name in names:
            found = view.fields.get(name)
            if found is not None:
                yield type_name, name, found.target, graph if _is_special(found) else ""


def _is_special(found: SubgraphField) -> bool:
    return bool(
        found.is_external
        or found.requires
        or found.provides
        or found.label
        or found.context_arguments
    )
