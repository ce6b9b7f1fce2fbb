"""A plan as Apollo's JSON (what tools read) and as text (what people read)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from graphql import parse, print_ast

from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
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
        "id": node.id,
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
    primary = {"subselection": node.primary_subselection}
    return {
        "kind": "Defer",
        "primary": primary | ({"node": _node(node.primary)} if node.primary else {}),
        "deferred": [
            {
                "depends": [
                    {"id": str(wait.id), "deferLabel": wait.defer_label} for wait in part.depends
                ],
                "label": part.label,
                "queryPath": list(part.query_path),
                "subselection": part.subselection,
                **({"node": _node(part.node)} if part.node else {}),
            }
            for part in node.deferred
        ],
    }


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
            yield from _block(f'Fetch(service: "{node.subgraph}")', _body(node))
        case BatchFetch():
            yield from _block(f'BatchFetch(service: "{node.subgraph}")', _batch(node))
        case Flatten():
            yield from _block(f'Flatten(path: "{".".join(node.path)}")', _lines(node.node))
        case Sequence() | Parallel():
            children = [line for child in node.nodes for line in _lines(child)]
            yield from _block(type(node).__name__, children)
        case Condition():
            for word, clause in (("Include", node.if_clause), ("Skip", node.else_clause)):
                if clause:
                    yield from _block(f"{word}(if: ${node.variable})", _lines(clause))
        case Subscription():
            rest = [*_block("Rest", _lines(node.rest))] if node.rest else []
            yield from _block("Subscription", [*_block("Primary", _lines(node.primary)), *rest])
        case Defer():
            primary = [*_lines(node.primary)] if node.primary else []
            parts = [line for part in node.deferred if part.node for line in _lines(part.node)]
            yield from _block("Defer", [*_block("Primary", primary), *_block("Deferred", parts)])
        case _:
            assert_never(node)


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
