"""Who owns what, as a picture: each subgraph with the fields it resolves.

Entities and root types are boxes with their fields; other types are only named, those that several
subgraphs have apart from those of one.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.mermaid import arrow, box
from router.supergraph.model import Field, JoinField, Kind, Supergraph, Type

MACHINERY = ("join__", "link__", "core__")


def ownership_map(supergraph: Supergraph) -> str:
    """A Mermaid flow chart with a frame for each subgraph; lines join the parts of an entity."""
    types = [it for it in supergraph.types.values() if not it.name.startswith(MACHINERY)]
    roots = set(supergraph.roots.values())
    parts = [it for it in types if it.name in roots or any(join.key for join in it.joins)]
    others = [it for it in types if it not in parts and it.kind is not Kind.SCALAR]
    lines = ["flowchart LR"]
    for graph, subgraph in supergraph.subgraphs.items():
        lines.append(f"  subgraph {box(graph, [subgraph.name])}")
        lines += [f"    {line}" for line in _boxes(graph, parts, others)]
        lines.append("  end")
    lines += [f"  {line}" for type_ in parts if type_.name not in roots for line in _joined(type_)]
    return "\n".join(lines)


def _boxes(graph: str, parts: list[Type], others: list[Type]) -> Iterator[str]:
    for type_ in parts:
        owned = [_shown(type_, field, graph) for field in type_.fields.values()]
        fields = [text for text in owned if text]
        if graph in type_.graphs() and (fields or type_.kind is not Kind.OBJECT):
            yield box(f"{graph}__{type_.name}", [type_.name, *fields])
    here = [type_ for type_ in others if graph in type_.graphs()]
    own = [type_.name for type_ in here if len(type_.graphs()) == 1]
    shared = [type_.name for type_ in here if len(type_.graphs()) > 1]
    if own:
        yield box(f"{graph}__own", ["only here", *own])
    if shared:
        yield box(f"{graph}__shared", ["shared", *shared])


def _shown(type_: Type, field: Field, graph: str) -> str:
    """A field with what is special about it here; empty where another subgraph resolves it."""
    join = next((it for it in field.joins if it.graph == graph), None)
    if graph not in type_.graphs() or (field.joins and (join is None or not _resolves(join))):
        return ""
    resolving = {it.graph for it in field.joins if _resolves(it)} or set(type_.graphs())
    notes = ["shared"] if len(resolving) > 1 else []
    if join is not None and join.requires:
        notes.append(f"requires {join.requires}")
    if join is not None and join.override_label:
        notes.append(f"override {join.override_label}")
    elif join is not None and join.override:
        notes.append(f"from {join.override}")
    return f"{field.name} ({'; '.join(notes)})" if notes else field.name


def _resolves(join: JoinField) -> bool:
    return not join.is_external and not join.is_used_overridden


def _joined(type_: Type) -> Iterator[str]:
    """Dotted arrows from the first subgraph's part of an entity to the others'."""
    first, *others = type_.graphs()
    for graph in others:
        keys = [it.key for it in type_.joins if it.graph == graph and it.key and it.is_resolvable]
        if keys:
            names = (f"{first}__{type_.name}", f"{graph}__{type_.name}")
            yield arrow(*names, " or ".join(keys), is_dotted=True)
