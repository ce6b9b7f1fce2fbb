"""The Structs of a layout: equal places share one, whatever their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from graphql import GraphQLSchema, is_abstract_type
from msgspec import UNSET, Struct, UnsetType, defstruct

from router.execute.compiled.layout import Cell, Node, Source
from router.execute.compiled.type_refs import leaf_type, wrapped

Signature = tuple[Any, ...]
StructType = type[Struct]


@dataclass(slots=True)
class Classes:
    """Makes Structs on demand and remembers them by what they hold."""

    api: GraphQLSchema
    made: dict[Signature, StructType] = field(default_factory=dict)
    signatures: dict[tuple[int, Source | None], Signature] = field(default_factory=dict)

    def of(self, node: Node) -> StructType:
        """The class of the objects in the response tree."""
        signature = ("kept", node.creator, self.kept(node))
        if signature not in self.made:
            # What the creating answer must hold comes without a default; the rest is filled later.
            fields = [self._kept_field(cell, node) for cell in node.kept()]
            self.made[signature] = _struct(node, fields, kw_only=not _is_tagged(node))
        return self.made[signature]

    def tagged(self, node: Node) -> StructType:
        """The class an answer is decoded into where `__typename` tells the type."""
        creator = node.creator
        signature = ("tagged", creator, self.kept(node))
        if signature not in self.made:
            fields = [self._given_field(cell) for cell in node.kept() if creator in cell.sources]
            self.made[signature] = _struct(node, fields, tag=node.typename)
        return self.made[signature]

    def given(self, node: Node, source: Source) -> StructType:
        """The class of an answer about objects that are there already (or about the root)."""
        signature = ("given", source, self.given_signature(node, source))
        if signature not in self.made:
            fields = [self._given_field(cell) for cell in node.given_by(source)]
            if node.spot is not None:
                # An entity need not tell its type; if it tells another one, it is another entity.
                fields.append(("f___typename", Literal[self._names(node.typename)], node.typename))
            self.made[signature] = _struct(node, fields)
        return self.made[signature]

    def type_of(self, cell: Cell) -> Any:
        """The Python type of a field's value in an answer."""
        if cell.type is None:
            return str
        if cell.spot is None:
            return wrapped(cell.type, leaf_type(self.api, cell.type.name))
        inner: Any = None
        for node in cell.spot.nodes:
            own = self.tagged(node) if cell.spot.is_tagged else self.of(node)
            inner = own if inner is None else inner | own
        return wrapped(cell.type, inner)

    def kept(self, node: Node) -> Signature:
        """What tells the class of a node from others."""
        known = self.signatures.get((node.number, None))
        if known is None:
            known = (
                node.typename,
                tuple((self._cell(cell), node.creator in cell.sources) for cell in node.kept()),
            )
            self.signatures[node.number, None] = known
        return known

    def given_signature(self, node: Node, source: Source) -> Signature:
        """What tells the class of an answer from others."""
        return (node.typename, tuple(self._cell(cell) for cell in node.given_by(source)))

    def _cell(self, cell: Cell) -> Signature:
        below = cell.spot and (
            cell.spot.creator,
            cell.spot.is_tagged,
            tuple(self.kept(node) for node in cell.spot.nodes),
        )
        return (cell.key, cell.name, cell.is_visible, cell.type, below)

    def _kept_field(self, cell: Cell, node: Node) -> tuple[Any, ...]:
        kind = self.type_of(cell)
        if cell.type is None:
            # Where only one type can be, the name is known; another one sent is a surprise.
            return (cell.attribute, Literal[node.typename], node.typename)
        if not _is_tagged(node) and node.spot is not None and node.creator in cell.sources:
            return (cell.attribute, kind) if cell.is_visible else (cell.attribute, kind | UnsetType)
        if cell.is_visible:
            return (cell.attribute, kind | None, None)
        return (cell.attribute, kind | UnsetType, UNSET)

    def _names(self, typename: str) -> tuple[str, ...]:
        """The type's own name, and those of the types that it stands for."""
        found = self.api.get_type(typename)
        objects = self.api.get_possible_types(found) if is_abstract_type(found) else ()
        return (typename, *(item.name for item in objects))

    def _given_field(self, cell: Cell) -> tuple[Any, ...]:
        return (cell.attribute, self.type_of(cell))


def _is_tagged(node: Node) -> bool:
    return node.spot is not None and node.spot.is_tagged


def _struct(
    node: Node, fields: list[tuple[Any, ...]], *, kw_only: bool = True, tag: str | None = None
) -> StructType:
    # gc=False: the tree leads from the root down only, so that it cannot hold a cycle.
    return defstruct(
        node.typename,
        fields,
        rename={name: name.removeprefix("f_") for name, *_ in fields},
        gc=False,
        kw_only=kw_only,
        tag_field="__typename" if tag else None,
        tag=tag,
    )
