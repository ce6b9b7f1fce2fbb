"""Generated code that takes the hidden fields away and writes the response."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import UNSET, defstruct

from router.execute.compiled.blueprint import ROOT_SLOT, Blueprint
from router.execute.compiled.layout import Node, way_to
from router.execute.compiled.traverse import Traversal
from router.execute.compiled.writer import Writer
from router.execute.json_values import encode

# (state) -> the response body
Finish = Callable[[list[Any]], bytes]


def write_finish(writer: Writer, made: Blueprint) -> Finish:
    """The last function of an operation: everything has been merged."""
    writer.names.update(UNSET=UNSET, enc=encode)
    whole = writer.constant(defstruct("Response", [("data", Any)], gc=False), "R")
    with writer.block("def finish(s)"):
        for node in _stripped(made):
            _write_strip(writer, made, node)
        writer.line(f"return enc({whole}(s[{ROOT_SLOT}]))")
    finish: Finish = writer.function("finish")
    return finish


def _hidden(node: Node) -> list[str]:
    return [cell.attribute for cell in node.kept() if not cell.is_visible]


def _stripped(made: Blueprint) -> Iterator[Node]:
    """Nodes that clients see and that hold something they do not."""
    for spot in made.layout.spots:
        for node in spot.nodes:
            if _hidden(node) and all(hop.cell.is_visible for hop in way_to(node)):
                yield node


def _write_strip(writer: Writer, made: Blueprint, node: Node) -> None:
    def strip(variable: str, _place: str) -> None:
        for attribute in _hidden(node):
            writer.line(f"{variable}.{attribute} = UNSET")

    kept = made.kept_lists.get(node.number)
    if kept is not None:
        with writer.block(f"for o in s[{kept[1]}]"):
            strip("o", "")
    else:
        writer.line(f"o = s[{ROOT_SLOT}]")
        Traversal(writer, made.classes).follow("o", way_to(node), strip)
