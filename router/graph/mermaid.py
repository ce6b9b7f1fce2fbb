"""The query graph as a picture: what can be selected where, and how one subgraph leads to another.

A box is a type as one subgraph has it, with its leaves. Arrows along fields stay in a subgraph;
dotted ones enter another by a key.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, print_ast

from router.graph.model import Graph, SubgraphField, SubgraphType
from router.mermaid import arrow, box
from router.supergraph.model import Kind

LEAVES = frozenset({Kind.ENUM, Kind.SCALAR, Kind.INPUT})


def to_mermaid(graph: Graph) -> str:
    """A flow chart with a frame for each subgraph."""
    lines = ["flowchart LR", '  client(["client"])']
    for name, types in graph.types.items():
        drawn = [view for view in types.values() if _is_drawn(view)]
        lines.append(f"  subgraph {box(name, [graph.subgraph_name(name)])}")
        lines += [f"    {box(_name(view), _text(graph, view))}" for view in drawn]
        lines += [f"    {line}" for view in drawn for line in _moves(graph, view)]
        lines.append("  end")
    lines += [f"  {arrow('client', _name(view))}" for view in _roots(graph)]
    entities = [view for types in graph.types.values() for view in types.values() if view.keys]
    lines += [f"  {line}" for view in entities for line in _entries(graph, view)]
    return "\n".join(lines)


def _roots(graph: Graph) -> Iterator[SubgraphType]:
    """The root types of each subgraph that have a field."""
    for types in graph.types.values():
        for name in graph.supergraph.roots.values():
            view = types.get(name)
            if view is not None and view.fields:
                yield view


def _name(view: SubgraphType) -> str:
    return f"{view.graph}__{view.name}"


def _is_drawn(view: SubgraphType) -> bool:
    is_machinery = view.name.startswith(("join__", "link__", "core__"))
    return view.kind not in LEAVES and not is_machinery and bool(view.fields or view.runtime)


def _text(graph: Graph, view: SubgraphType) -> Iterator[str]:
    """The type and the leaves that can be selected on it."""
    yield view.name
    leaves = [_shown(it) for it in view.fields.values() if not _leads_on(graph, view, it)]
    if leaves:
        yield ", ".join(leaves)


def _leads_on(graph: Graph, view: SubgraphType, field: SubgraphField) -> bool:
    target = graph.view(view.graph, field.target)
    return target is not None and _is_drawn(target)


def _shown(field: SubgraphField) -> str:
    """A field, and on which terms it is here."""
    terms = []
    if field.is_external:
        terms.append("external")
    if field.requires is not None:
        terms.append(f"requires {_selections(print_ast(field.requires))}")
    if field.provides is not None:
        terms.append(f"provides {_selections(print_ast(field.provides))}")
    if field.label is not None:
        state = "while" if field.label.is_here_when_active else "unless"
        terms.append(f"{state} {field.label.name}")
    return f"{field.name} ({'; '.join(terms)})" if terms else field.name


def _selections(text: str) -> str:
    """A selection set on one line, without its outer braces."""
    return " ".join(text.split())[2:-2]


def _moves(graph: Graph, view: SubgraphType) -> Iterator[str]:
    """An arrow to each type that fields lead to, and to each that an abstract type may be."""
    fields: dict[str, list[str]] = {}
    for field in view.fields.values():
        if _leads_on(graph, view, field):
            fields.setdefault(field.target, []).append(_shown(field))
    for target, names in fields.items():
        yield arrow(_name(view), f"{view.graph}__{target}", ", ".join(names))
    if view.kind in {Kind.INTERFACE, Kind.UNION}:
        for name in view.runtime:
            yield arrow(_name(view), f"{view.graph}__{name}", "... on")


def _has(view: SubgraphType, name: str) -> bool:
    field = view.fields.get(name)
    return field is not None and not field.is_external


def _entries(graph: Graph, view: SubgraphType) -> Iterator[str]:
    """Dotted arrows into a type from the other subgraphs that have all of one of its keys."""
    keys = [key for key in view.keys if key.is_resolvable]
    for types in graph.types.values():
        other = types.get(view.name)
        if other is None or other.graph == view.graph:
            continue
        usable = [
            key.text
            for key in keys
            if all(
                not isinstance(item, FieldNode) or _has(other, item.name.value)
                for item in key.selections.selections
            )
        ]
        if usable:
            label = " or ".join(usable)
            yield arrow(_name(other), _name(view), label, is_dotted=True)
