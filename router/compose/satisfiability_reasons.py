"""Why a field cannot be reached, said for every subgraph where a query for it may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import print_ast

from router.diagnostics import Diagnostic
from router.graph.field_sets import field_set_items
from router.graph.lookup import Node, Provided
from router.graph.model import SubgraphType
from router.graph.reach import Reach

# The kind of operation, then fields and type conditions from the root on.
Trail = tuple[str, ...]


def unreachable(
    reach: Reach, starts: Mapping[Node, Provided], type_name: str, name: str, trail: Trail
) -> Diagnostic | None:
    """The SATISFIABILITY_ERROR; None for a field that the active labels take from everywhere."""
    coordinate = f"{type_name}.{name}"
    owners = [
        Node(graph, owner)
        for graph, views in reach.graph.types.items()
        for owner in (type_name, *reach.graph.interfaces.get(type_name, ()))
        if owner in views
        and (owner == type_name or views[owner].is_interface_object)
        and name in views[owner].fields
    ]
    if owners and all(_is_elsewhere(reach, node, name) for node in owners):
        return None
    reasons: list[str] = []
    for node in sorted(starts):
        here = reach.graph.subgraph_name(node.graph)
        reasons.append(f'- from subgraph "{here}":')
        reasons.append(f"  - {_local_reason(reach, node, type_name, name)}")
        for owner in owners:
            if owner.graph != node.graph:
                reasons += [
                    f"  - {why}" for why in _hop_reasons(reach, node, owner, type_name, name)
                ]
    subgraphs = dict.fromkeys(
        reach.graph.subgraph_name(node.graph) for node in (*sorted(starts), *owners)
    )
    because = f"The subgraphs cannot answer {example(trail, name)} because:"
    return Diagnostic(
        code="SATISFIABILITY_ERROR",
        message="\n".join([because, *dict.fromkeys(reasons)]),
        coordinate=coordinate,
        subgraphs=tuple(subgraphs),
        hint=(
            f'Give "{type_name}" a resolvable @key in a subgraph that resolves "{name}", of fields '
            "that are known before; or resolve the field here too, as @shareable."
        ),
    )


def unresolved(
    reach: Reach, starts: Mapping[Node, Provided], type_name: str, trail: Trail
) -> Diagnostic | None:
    """The SATISFIABILITY_ERROR for an interface that is only known as an object, and stays so."""
    if not starts or not all(_is_interface_object(reach, node) for node in starts):
        return None
    known = reach.table(starts, type_name)
    if not all(_is_interface_object(reach, node) for node in known):
        return None
    subgraphs = [reach.graph.subgraph_name(node.graph) for node in sorted(starts)]
    return Diagnostic(
        code="SATISFIABILITY_ERROR",
        message=(
            f"The subgraphs cannot answer {example(trail, '__typename')}: to "
            f'{" and ".join(subgraphs)} "{type_name}" is an @interfaceObject, and no subgraph that '
            "knows the real type of its objects can be reached from there."
        ),
        coordinate=type_name,
        subgraphs=tuple(dict.fromkeys(subgraphs)),
        hint=(
            f'Give the interface "{type_name}" a resolvable @key in the subgraph that defines its '
            "implementations, of fields that the @interfaceObject has."
        ),
    )


def _is_interface_object(reach: Reach, node: Node) -> bool:
    view = reach.graph.view(*node)
    return view is not None and view.is_interface_object


def _is_elsewhere(reach: Reach, node: Node, name: str) -> bool:
    """Whether the field is not at the node only because of a label of @override."""
    view = reach.graph.view(*node)
    found = view.fields.get(name) if view else None
    label = found.label if found else None
    return label is not None and (label.name in reach.labels) != label.is_here_when_active


def _local_reason(reach: Reach, node: Node, type_name: str, name: str) -> str:
    view = reach.graph.view(*node)
    found = view.fields.get(name) if view else None
    if found is None:
        return f'it has no field "{type_name}.{name}".'
    if _is_elsewhere(reach, node, name):
        return f'its field "{type_name}.{name}" is overridden.'
    if found.requires is not None:
        needed = " ".join(print_ast(found.requires).split())
        if not _resolvable(view):
            return (
                f'once @requires {needed} of "{type_name}.{name}" is fetched, no @key leads back '
                "to it."
            )
        return f'@requires {needed} of "{type_name}.{name}" cannot be fetched.'
    if found.context_arguments:
        contexts = ", ".join(one.context.split("__", 1)[-1] for one in found.context_arguments)
        return f'"{type_name}.{name}" takes an argument from the context {contexts}, not set above.'
    return f'its field "{type_name}.{name}" is @external, so another subgraph must resolve it.'


def _hop_reasons(reach: Reach, node: Node, owner: Node, type_name: str, name: str) -> Iterator[str]:
    there = reach.graph.subgraph_name(owner.graph)
    view = reach.graph.view(*owner)
    if view is None:
        return
    if not view.keys:
        yield f'"{there}" has the field, but "{owner.type_name}" has no @key there.'
        return
    if not _resolvable(view):
        yield f'"{there}" has the field, but no @key of "{owner.type_name}" is resolvable there.'
        return
    known = reach.table({node: ()}, type_name)
    if owner in known:
        yield f'"{there}" can be entered, but {_local_reason(reach, owner, type_name, name)}'
        return
    for key in view.keys:
        if key.is_resolvable:
            missing = [
                item.name
                for item in field_set_items(key.selections)
                if hasattr(item, "name") and reach.collect(known, type_name, (item,)) is None
            ]
            fields = ", ".join(missing) or "its fields"
            yield (
                f'"{there}" has the field, but to enter it by @key(fields: "{key.text}") one must '
                f"know {fields}, which cannot be fetched."
            )


def _resolvable(view: SubgraphType | None) -> bool:
    return view is not None and any(key.is_resolvable for key in view.keys)


def example(trail: Trail, name: str, leaf: str = "") -> str:
    """A query for the field: `{ product { ... on Book { author } } }`."""
    kind, *path = trail
    inner = f"{name} {{ {leaf} }}" if leaf else name
    for part in reversed(path):
        inner = f"{part} {{ {inner} }}"
    return f"{'' if kind == 'query' else kind + ' '}{{ {inner} }}"
