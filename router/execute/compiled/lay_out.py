"""From an operation and its plan to the layout: the client's fields, and who gives which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
    is_abstract_type,
    is_composite_type,
    parse,
)

from router.execute.compiled.layout import Cell, Node, Source, Spot
from router.execute.compiled.type_refs import TypeRef, type_ref, type_ref_of_node
from router.execute.compiled.uncovered import Uncovered
from router.execute.places import EACH_ITEM, FRAGMENT
from router.execute.prepared import PreparedOperation
from router.execute.shape import Shape
from router.plan.nodes import Path

MAX_NODES = 400


@dataclass(slots=True)
class Layout:
    """The tree while it grows. `booleans` are the values of the @skip/@include variables."""

    operation: PreparedOperation
    booleans: Mapping[str, bool]
    root: Node = field(init=False)
    nodes: list[Node] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    def __post_init__(self) -> None:
        schema = self.operation.schema.api
        root = schema.get_root_type(self.operation.operation.operation)
        if root is None:
            raise Uncovered("an operation without a root type")
        self.root = self._node(root.name, None, self.operation.shape(dict(self.booleans)))

    def add(self, selections: Iterable[SelectionNode], nodes: list[Node], source: Source) -> None:
        """Mark what a request selects at these nodes as given by its answer."""
        for selection in selections:
            if not self._is_included(selection.directives):
                continue
            match selection:
                case FieldNode():
                    self._add_field(selection, nodes, source)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    chosen = [
                        node
                        for node in nodes
                        if condition is None or self._holds(node.typename, condition.name.value)
                    ]
                    if chosen:
                        self.add(selection.selection_set.selections, chosen, source)
                case _:
                    raise Uncovered("a request with named fragments")

    def _add_field(self, selected: FieldNode, nodes: list[Node], source: Source) -> None:
        name = selected.name.value
        if name == "__typename":
            return  # read as a tag where it matters
        key = selected.alias.value if selected.alias else name
        for node in nodes:
            cell = node.cells.get(key)
            if cell is None:
                cell = node.cells[key] = self._hidden(node.typename, key, name)
            elif cell.name != name:
                raise Uncovered(f"a plan that answers {node.typename}.{cell.name} as another field")
            if source not in cell.sources:
                cell.sources.append(source)
            if selected.selection_set is not None:
                self._add_below(cell, node, selected.selection_set.selections, source)

    def _add_below(
        self, cell: Cell, node: Node, selections: tuple[SelectionNode, ...], source: Source
    ) -> None:
        if cell.spot is None:
            cell.spot = self._spot(cell, node, selections, source)
        elif cell.spot.creator != source:
            raise Uncovered(f"{node.typename}.{cell.name}, an object put together by two requests")
        elif not cell.spot.has_typename and _selects_typename(selections):
            raise Uncovered(f"{node.typename}.{cell.name}, selected twice in one request")
        self.add(selections, cell.spot.nodes, source)

    def _spot(
        self, cell: Cell, node: Node, selections: tuple[SelectionNode, ...], source: Source
    ) -> Spot:
        name = cell.type.name if cell.type else ""
        self._refuse_interface_object(name)
        found = self.operation.schema.api.get_type(name)
        is_abstract = is_abstract_type(found)
        has_typename = _selects_typename(selections)
        is_tagged = is_abstract and has_typename
        if is_abstract and not is_tagged and (cell.shape is None or cell.shape.needs_type(name)):
            raise Uncovered(f"{node.typename}.{cell.name}, whose type is needed and not asked for")
        spot = Spot(len(self.spots), node, cell, source, is_tagged, has_typename)
        self.spots.append(spot)
        names = self._possible(name) if is_tagged else [name]
        spot.nodes = [self._node(item, spot, cell.shape) for item in names]
        return spot

    def _possible(self, name: str) -> list[str]:
        api = self.operation.schema.api
        found = api.get_type(name)
        names = [item.name for item in api.get_possible_types(found)] if found else []  # type: ignore[arg-type]
        for item in names:
            self._refuse_interface_object(item)
        return names

    def _node(self, typename: str, spot: Spot | None, shape: Shape | None) -> Node:
        if len(self.nodes) >= MAX_NODES:
            raise Uncovered(f"an operation with more than {MAX_NODES} kinds of places")
        cells: dict[str, Cell] = {}
        for entry in shape.fields(typename) if shape else ():
            if entry.type is None and entry.name != "__typename":
                raise Uncovered("introspection")
            kind = type_ref(entry.type) if entry.type else None
            cells[entry.key] = Cell(entry.key, entry.name, kind, is_visible=True, shape=entry.shape)
        node = Node(len(self.nodes), typename, spot, cells)
        self.nodes.append(node)
        return node

    def _hidden(self, typename: str, key: str, name: str) -> Cell:
        owner = self.operation.schema.supergraph.types.get(typename)
        known = owner.fields.get(name) if owner else None
        if known is None:
            raise Uncovered(f"{typename}.{name}, which the supergraph does not describe")
        kind = type_ref_of_node(known.type)
        self._refuse_hidden_composite(kind)
        return Cell(key, name, kind, is_visible=False)

    def _refuse_hidden_composite(self, kind: TypeRef) -> None:
        found = self.operation.schema.api.get_type(kind.name)
        if is_composite_type(found) and not isinstance(found, GraphQLObjectType):
            raise Uncovered(f"a hidden field of the abstract type {kind.name}")
        supergraph_type = self.operation.schema.supergraph.types.get(kind.name)
        if found is None and supergraph_type is not None and supergraph_type.fields:
            raise Uncovered(f"a hidden field of {kind.name}, which clients cannot see")

    def _refuse_interface_object(self, name: str) -> None:
        known = self.operation.schema.supergraph.types.get(name)
        if known is not None and any(join.is_interface_object for join in known.joins):
            raise Uncovered(f"{name}, which is an @interfaceObject somewhere")

    def _holds(self, typename: str, condition: str) -> bool:
        if self.operation.schema.conditions.holds(typename, condition):
            return True
        if is_abstract_type(self.operation.schema.api.get_type(typename)):
            raise Uncovered(f"a fragment on {condition} where no type is asked for")
        return False

    def _is_included(self, directives: Iterable[DirectiveNode] | None) -> bool:
        for directive in directives or ():
            if directive.name.value in {"skip", "include"} and directive.arguments:
                value = directive.arguments[0].value
                is_true = (
                    self.booleans.get(value.name.value, False)
                    if isinstance(value, VariableNode)
                    else bool(getattr(value, "value", False))
                )
                if is_true is (directive.name.value == "skip"):
                    return False
        return True

    def nodes_at(self, path: Path) -> list[Node]:
        """Every node that a path of the plan leads to. Raises Uncovered."""
        nodes = [self.root]
        for element in path:
            if element.startswith(FRAGMENT):
                nodes = self._of_types(nodes, [element.removeprefix(FRAGMENT)])
                continue
            key, _, types = element.partition("|")
            if key not in {EACH_ITEM, ""}:
                cells = [node.cells[key] for node in nodes if key in node.cells]
                nodes = [node for cell in cells if cell.spot for node in cell.spot.nodes]
            if types:
                nodes = self._of_types(nodes, [t.strip() for t in types.strip("[]").split(",")])
        if not nodes or self.root in nodes:
            raise Uncovered(f"a path that leads nowhere: {'.'.join(path)}")
        return nodes

    def _of_types(self, nodes: list[Node], names: list[str]) -> list[Node]:
        return [node for node in nodes if any(self._holds(node.typename, name) for name in names)]


def _selects_typename(selections: Iterable[SelectionNode]) -> bool:
    for item in selections:
        if isinstance(item, FieldNode) and item.name.value == "__typename" and not item.alias:
            return True
        if isinstance(item, InlineFragmentNode) and _selects_typename(
            item.selection_set.selections
        ):
            return True
    return False


def operation_selections(text: str) -> tuple[SelectionNode, ...]:
    """The root selections of a request's operation."""
    for definition in parse(text, no_location=True).definitions:
        if isinstance(definition, OperationDefinitionNode):
            return definition.selection_set.selections
    raise Uncovered("a request without an operation")
