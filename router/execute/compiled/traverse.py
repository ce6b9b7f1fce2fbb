"""Generated loops over the places of the response tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.execute.compiled.classes import Classes
from router.execute.compiled.layout import Hop, Node, Way
from router.execute.compiled.type_refs import TypeRef
from router.execute.compiled.writer import Writer

# What to write at the end of a way: given the name of the object's variable, and how to put
# another object in its place (an assignable expression).
Leaf = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Traversal:
    """Writes loops. `with_index` makes list items replaceable."""

    writer: Writer
    classes: Classes

    def follow(self, variable: str, way: Way, leaf: Leaf, *, with_index: bool = False) -> None:
        """Loops from an object along a way, with what `leaf` writes inside of them."""
        hop, rest = way[0], way[1:]
        is_last = not rest

        def arrived(name: str, place: str) -> None:
            if is_last:
                leaf(name, place)
            else:
                self.follow(name, rest, leaf, with_index=with_index)

        value, kind = self.writer.fresh(), hop.cell.type
        if kind is None:
            raise AssertionError("nothing lies below __typename")
        place = f"{variable}.{hop.cell.attribute}"
        self.writer.line(f"{value} = {place}")
        inner = _Inner(self.writer, self._class_to_check(hop), arrived, with_index and is_last)
        inner.enter(value, place, kind, is_sure=is_always_there(hop))

    def _class_to_check(self, hop: Hop) -> str | None:
        if hop.node.spot is None or len(hop.node.spot.nodes) < 2:
            return None
        return self.writer.constant(self.classes.of(hop.node), "S")


@dataclass(frozen=True, slots=True)
class _Inner:
    """Writes the way into one field's value: past null, through lists, to objects of a class."""

    writer: Writer
    class_name: str | None
    arrived: Leaf
    with_index: bool

    def enter(self, value: str, place: str, kind: TypeRef, *, is_sure: bool) -> None:
        """`is_sure` when the value is not null."""
        if not is_sure:
            with self.writer.block(f"if {value}"):
                self.enter(value, place, kind, is_sure=True)
        elif kind.item is not None:
            item, index = self.writer.fresh(), self.writer.fresh("i")
            each = f"{index}, {item} in enumerate({value})" if self.with_index else None
            with self.writer.block(f"for {each or f'{item} in {value}'}"):
                is_item_sure = kind.item.is_required
                self.enter(item, f"{value}[{index}]", kind.item, is_sure=is_item_sure)
        elif self.class_name is not None:
            with self.writer.block(f"if type({value}) is {self.class_name}"):
                self.arrived(value, place)
        else:
            self.arrived(value, place)


def is_always_there(hop: Hop) -> bool:
    """Whether the field holds a value in every object of the tree at all times."""
    within = hop.node.spot.within if hop.node.spot else None
    if within is None or within.spot is None or hop.cell.type is None:
        return False
    return hop.cell.type.is_required and within.creator in hop.cell.sources


def between(ancestor: Node, node: Node, way: Way) -> Way:
    """The rest of the way to `node` after `ancestor`."""
    for index, hop in enumerate(way):
        if hop.node is ancestor:
            return way[index + 1 :]
    raise AssertionError(f"{ancestor.typename} does not lie on the way to {node.typename}")
