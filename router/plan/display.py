"""A plan as Apollo's JSON (what tools read) and as text (what people read)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from graphql import parse, print_ast

from router.graph.deferral import shown
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    DeferredPart,
    EntityGroup,
    Fetch,
    Flatten,
    KeyRenamer,
    Parallel,
    PlanNode,
    QueryPlan,
    RequiredField,
    RequiredSelection,
    Rewrite,
    Sequence,
    Subscription,
    ValueSetter,
)

JSON = dict[str, Any]


def to_json(plan: QueryPlan) -> JSON:
    """The plan as JSON values; optional parts are left out where they are empty."""
    return {"kind": "QueryPlan", "node": _node(plan.node) if plan.node else None}


def _node(node: PlanNode) -> JSON:
    match node:
        case Fetch():
            return _fetch(node)
        case BatchFetch():
            return {
                "kind": "BatchFetch",
                "serviceName": node.subgraph,
                "operation": node.operation,
                "operationName": node.operation_name,
                "operationKind": "query",
                "variableUsages": list(node.variable_usages),
                "id": None if node.id is None else str(node.id),
                "groups": [_group(group) for group in node.groups],
            }
        case Flatten():
            return {"kind": "Flatten", "path": list(node.path), "node": _fetch(node.node)}
        case Sequence():
            return {"kind": "Sequence", "nodes": [_node(child) for child in node.nodes]}
        case Parallel():
            return {"kind": "Parallel", "nodes": [_node(child) for child in node.nodes]}
        case Condition():
            clauses = {"ifClause": node.if_clause, "elseClause": node.else_clause}
            given = {name: _node(child) for name, child in clauses.items() if child}
            return {"kind": "Condition", "condition": node.variable, **given}
        case Subscription():
            rest = {"rest": _node(node.rest)} if node.rest else {}
            return {"kind": "Subscription", "primary": _fetch(node.primary), **rest}
        case Defer():
            return _defer(node)
        case _:
            assert_never(node)


def _fetch(node: Fetch) -> JSON:
    shown: JSON = {
        "kind": "Fetch",
        "serviceName": node.subgraph,
        "variableUsages": list(node.variable_usages),
        "operation": node.operation,
        "operationName": node.operation_name,
        "operationKind": node.kind,
        "id": None if node.id is None else str(node.id),
    }
    if node.requires:
        shown["requires"] = [_required(item) for item in node.requires]
    return shown | _rewrites(node)


def _rewrites(node: Fetch | EntityGroup) -> JSON:
    return {
        name: [_rewrite(item) for item in rewrites]
        for name, rewrites in (
            ("inputRewrites", node.input_rewrites),
            ("outputRewrites", node.output_rewrites),
            ("contextRewrites", node.context_rewrites),
        )
        if rewrites
    }


def _group(group: EntityGroup) -> JSON:
    return {
        "alias": group.alias,
        "variable": group.variable,
        "paths": [list(path) for path in group.paths],
        "requires": [_required(item) for item in group.requires],
        **_rewrites(group),
    }


def _defer(node: Defer) -> JSON:
    return {
        "kind": "Defer",
        "primary": _delivered(node.primary_subselection, node.primary),
        "deferred": [_deferred(part) for part in node.deferred],
    }


def _deferred(part: DeferredPart) -> JSON:
    label = shown(part.label)
    return {
        "depends": [{"id": str(wait.id)} for wait in part.depends],
        **({"label": label} if label is not None else {}),
        "queryPath": list(part.query_path),
        **_delivered(part.subselection, part.node),
    }


def _delivered(subselection: str | None, node: PlanNode | None) -> JSON:
    given: JSON = {"subselection": subselection} if subselection else {}
    return given | ({"node": _node(node)} if node else {})


def _required(item: RequiredSelection) -> JSON:
    if isinstance(item, RequiredField):
        shown: JSON = {"kind": "Field", "name": item.name}
        if item.alias:
            shown["alias"] = item.alias
        if item.selections:
            shown["selections"] = [_required(below) for below in item.selections]
        return shown
    return {
        "kind": "InlineFragment",
        "typeCondition": item.type_condition,
        "selections": [_required(below) for below in item.selections],
    }


def _rewrite(item: Rewrite) -> JSON:
    match item:
        case ValueSetter():
            return {"kind": "ValueSetter", "path": list(item.path), "setValueTo": item.value}
        case KeyRenamer():
            return {"kind": "KeyRenamer", "path": list(item.path), "renameKeyTo": item.name}
        case _:
            assert_never(item)


def to_text(plan: QueryPlan) -> str:
    """The plan as indented text, in the shape of Apollo's."""
    inner = _indented(_lines(plan.node)) if plan.node else []
    return "\n".join(["QueryPlan {", *inner, "}"]) + "\n"


def _lines(node: PlanNode) -> Iterator[str]:
    match node:
        case Fetch():
            yield from _block(f"Fetch({_of(node)})", _body(node))
        case BatchFetch():
            yield from _block(f"BatchFetch({_of(node)})", _batch(node))
        case Flatten():
            yield from _block(f'Flatten(path: "{".".join(node.path)}")', _lines(node.node))
        case Sequence() | Parallel():
            children = [line for child in node.nodes for line in _lines(child)]
            yield from _block(type(node).__name__, children)
        case Condition():
            yield from _condition(node)
        case Subscription():
            rest = [*_block("Rest", _lines(node.rest))] if node.rest else []
            yield from _block("Subscription", [*_block("Primary", _lines(node.primary)), *rest])
        case Defer():
            first = _block("Primary", _parted(node.primary_subselection, node.primary))
            parts = [line for part in node.deferred for line in _part(part)]
            yield from _block("Defer", [*first, *parts])
        case _:
            assert_never(node)


def _condition(node: Condition) -> Iterator[str]:
    if node.if_clause and node.else_clause:
        both = [*_block("Then", _lines(node.if_clause)), *_block("Else", _lines(node.else_clause))]
        yield from _block(f"Condition(if: ${node.variable})", both)
    elif node.if_clause:
        yield from _block(f"Include(if: ${node.variable})", _lines(node.if_clause))
    elif node.else_clause:
        yield from _block(f"Skip(if: ${node.variable})", _lines(node.else_clause))


def _of(node: Fetch | BatchFetch) -> str:
    number = "" if node.id is None else f", id: {node.id}"
    return f'service: "{node.subgraph}"{number}'


def _part(part: DeferredPart) -> Iterator[str]:
    waits = ", ".join(str(wait.id) for wait in part.depends)
    name = shown(part.label)
    label = "" if name is None else f', label: "{name}"'
    head = f'Deferred(depends: [{waits}], path: "{"/".join(part.query_path)}"{label})'
    yield from _block(head, _parted(part.subselection, part.node))


def _parted(subselection: str | None, node: PlanNode | None) -> Iterator[str]:
    if subselection:
        *lines, last = print_ast(parse(subselection)).splitlines()
        yield from (*lines, f"{last}:")
    if node is not None:
        yield from _lines(node)


def _body(node: Fetch) -> Iterator[str]:
    if node.requires:
        yield from _block("", _inputs(node.requires))
        yield "=>"
    yield from print_ast(parse(node.operation)).splitlines()


def _batch(node: BatchFetch) -> Iterator[str]:
    for group in node.groups:
        paths = ", ".join(f'"{".".join(path)}"' for path in group.paths)
        yield from _block(f"{group.alias}(paths: [{paths}])", _inputs(group.requires))
    yield "=>"
    yield from print_ast(parse(node.operation)).splitlines()


def _inputs(required: Iterable[RequiredSelection]) -> Iterator[str]:
    for item in required:
        if isinstance(item, RequiredField):
            name = f"{item.name}: {item.alias}" if item.alias else item.name
            if item.selections:
                yield from _block(name, _inputs(item.selections))
            else:
                yield name
        else:
            yield from _block(f"... on {item.type_condition}", _inputs(item.selections))


def _block(head: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"{head} {{".lstrip()
    yield from _indented(lines)
    yield "}"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
