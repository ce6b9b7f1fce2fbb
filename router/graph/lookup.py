"""What can be selected at a place of the response, given the active @override labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from graphql import SelectionSetNode

from router.graph.field_sets import field_set_items
from router.graph.model import Graph, Key, SubgraphField
from router.graph.operation import FieldItem, FragmentItem, Item
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost


class Node(NamedTuple):
    """A subgraph and a type as it has it: where an object of the response can be."""

    graph: str
    type_name: str


Provided = tuple[Item, ...]


@dataclass(slots=True)
class Lookup:
    """Questions about the graph whose answers need no search."""

    graph: Graph
    labels: frozenset[str]
    _entries: dict[str, Sequence[tuple[Node, Key]]] = field(default_factory=dict, kw_only=True)
    _fields: dict[tuple[str, int], list[FieldItem]] = field(default_factory=dict, kw_only=True)
    _leaves: dict[int, int] = field(default_factory=dict, kw_only=True)
    _kept: list[object] = field(default_factory=list, kw_only=True)
    _holders: dict[tuple[str, str], Sequence[Node]] = field(default_factory=dict, kw_only=True)

    def is_root(self, type_name: str) -> bool:
        """Whether this is a root operation type, which every subgraph of it answers directly."""
        return type_name in self.graph.supergraph.roots.values()

    def is_asked_once(self, type_name: str) -> bool:
        """Whether a field of this type has effects, so that one subgraph is asked, once."""
        roots = self.graph.supergraph.roots
        return type_name in {roots.get("mutation"), roots.get("subscription")}

    def local(self, node: Node, name: str, provided: Provided) -> SubgraphField | None:
        """The field, when it can be selected at the node as it is."""
        view = self.graph.types[node.graph].get(node.type_name)
        found = view.fields.get(name) if view is not None else None
        if provided and self.provided_item(provided, node.type_name, name) is not None:
            return found or self._merged_field(node.type_name, name)
        if found is None or found.is_external:
            return None
        label = found.label
        if label and (label.name in self.labels) != label.is_here_when_active:
            return None
        if found.requires and provided and self._holds(node, found.requires, provided):
            return replace(found, requires=None)
        return found

    def _holds(self, node: Node, requires: SelectionSetNode, provided: Provided) -> bool:
        """Whether what a field requires is provided, so that the objects come with it."""
        return all(self._is_at_hand(node, item, provided) for item in field_set_items(requires))

    def _is_at_hand(self, node: Node, item: Item, provided: Provided) -> bool:
        if not isinstance(item, FieldItem) or item.items or item.arguments:
            return False
        found = self.local(node, item.name, provided)
        return found is not None and found.requires is None

    def _merged_field(self, type_name: str, name: str) -> SubgraphField | None:
        merged = self.graph.supergraph.types[type_name].fields.get(name)
        return SubgraphField(name, merged.type, innermost(merged.type)) if merged else None

    def provided_item(self, provided: Provided, type_name: str, name: str) -> FieldItem | None:
        """The field among what @provides promises for objects of this type."""
        for item in provided:
            if isinstance(item, FieldItem):
                if item.name == name:
                    return item
            elif self.covers(item.type_condition, type_name):
                found = self.provided_item(item.items, type_name, name)
                if found is not None:
                    return found
        return None

    def provided_below(self, node: Node, found: SubgraphField, provided: Provided) -> Provided:
        """What is provided one level down: by the field's own @provides, and by one above it."""
        own = field_set_items(found.provides) if found.provides else ()
        above = self.provided_item(provided, node.type_name, found.name) if provided else None
        return (*own, *above.items) if above else own

    def covers(self, type_condition: str | None, type_name: str) -> bool:
        """Whether every object of `type_name` satisfies the condition."""
        if type_condition is None or type_condition == type_name:
            return True
        if type_condition in self.graph.interfaces.get(type_name, ()):
            return True
        if self.graph.supergraph.types[type_name].kind is not Kind.OBJECT:
            return False
        wide = set(self.graph.runtime.get(type_condition, ()))
        narrow = self.graph.runtime.get(type_name, ())
        return bool(narrow) and wide.issuperset(narrow)

    def fields(self, type_name: str, items: tuple[Item, ...]) -> list[FieldItem]:
        """The fields selected on one object type, fragments looked through."""
        key = (type_name, id(items))
        found = self._fields.get(key)
        if found is None:
            found = []
            for item in items:
                if isinstance(item, FragmentItem):
                    if self.covers(item.type_condition, type_name):
                        found += self.fields(type_name, item.items)
                elif not item.name.startswith("__"):
                    found.append(item)
            self._kept.append(items)  # ids stay unique while what they name is alive
            self._fields[key] = found
        return found

    def leaves(self, item: Item) -> int:
        """How many leaf fields are selected at and below an item."""
        count = self._leaves.get(id(item))
        if count is None:
            count = sum(map(self.leaves, item.items)) if item.items else 1
            self._kept.append(item)
            self._leaves[id(item)] = count
        return count

    def members(self, node: Node) -> list[Node]:
        """The node itself for an object, else a node for each object it may turn out to be."""
        view = self.graph.view(*node)
        if view is None or view.is_interface_object or view.runtime == (node.type_name,):
            return [node]
        return [Node(node.graph, name) for name in view.runtime]

    def entries(self, type_name: str) -> Sequence[tuple[Node, Key]]:
        """Every node that an object of this type can enter by a key, with the key."""
        found = self._entries.get(type_name)
        if found is None:
            found = self._entries[type_name] = tuple(self._find_entries(type_name))
        return found

    def holders(self, type_name: str, name: str) -> Sequence[Node]:
        """Every node that may resolve a field of this type's objects without any @provides."""
        found = self._holders.get((type_name, name))
        if found is None:
            names = (type_name, *self.graph.interfaces.get(type_name, ()))
            found = self._holders[type_name, name] = tuple(
                Node(graph, owner)
                for graph, views in self.graph.types.items()
                for owner in names
                if owner in views and name in views[owner].fields
                if not views[owner].fields[name].is_external
            )
        return found

    def _find_entries(self, type_name: str) -> Iterator[tuple[Node, Key]]:
        names = (type_name, *self.graph.interfaces.get(type_name, ()))
        for graph, views in self.graph.types.items():
            for name in names:
                view = views.get(name)
                if view is None or (name != type_name and not view.is_interface_object):
                    continue
                for key in view.keys:
                    if key.is_resolvable:
                        yield Node(graph, name), key
