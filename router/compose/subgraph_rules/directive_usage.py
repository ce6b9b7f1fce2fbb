"""Directives stand where they may, once if not repeatable, with the arguments they take.

https://spec.graphql.org/draft/#sec-Validation.Directives
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveDefinitionNode,
    NonNullTypeNode,
    NullValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    print_ast,
)
from graphql.pyutils import suggestion_list

from router.compose.elements import Placed, directives_below, elements
from router.compose.literals import mismatch
from router.compose.subgraph import Application, Subgraph
from router.diagnostics import Diagnostic
from router.federation.directives import ALL, FEDERATION, NEWEST
from router.supergraph.type_names import text

VALUE = "Give it a value of that type."
FIELD_SETS = frozenset({"key", "requires", "provides"})
NEWER = frozenset(definition.name for definition in ALL)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a definition allows."""

    locations: frozenset[str]
    is_repeatable: bool
    arguments: Mapping[str, TypeNode]
    required: tuple[str, ...]


def known_on_schema(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """The same of the schema alone, whose directives say how to read the rest."""
    for application in subgraph.schema.applications:
        if application.written not in subgraph.definitions:
            yield _unknown(subgraph, Placed("schema", "SCHEMA", subgraph.schema), application)


def known_directives(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Every application is of a directive that is defined."""
    for placed in elements(subgraph):
        for application in placed.element.applications:
            if application.written not in subgraph.definitions:
                yield _unknown(subgraph, placed, application)


def known_on_machinery(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """The same of types that are defined but belong to a specification."""
    for definition in subgraph.document.definitions:
        if not isinstance(definition, TypeDefinitionNode | TypeExtensionNode):
            continue
        name = definition.name.value
        if name.startswith("__") or subgraph.renamed.get(name, name) in subgraph.types:
            continue
        for node in directives_below(definition):
            if node.name.value not in subgraph.definitions:
                application = Application(node.name.value, node.name.value, {}, node)
                yield _unknown(subgraph, Placed(name, "", subgraph.schema), application)


def directive_usage(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Every application is one its definition allows."""
    usages = {name: _usage(node) for name, node in subgraph.definitions.items()}
    for placed in elements(subgraph):
        applications = placed.element.applications
        for application in applications:
            usage = usages.get(application.written)
            if usage is not None:
                yield from _applied(subgraph, placed, application, usage)
        if len(applications) > 1:
            yield from _repeated(subgraph, placed, usages)


def _usage(node: DirectiveDefinitionNode) -> Usage:
    arguments = {item.name.value: item.type for item in node.arguments or ()}
    return Usage(
        frozenset(item.value for item in node.locations),
        node.repeatable,
        arguments,
        tuple(
            item.name.value
            for item in node.arguments or ()
            if isinstance(item.type, NonNullTypeNode) and item.default_value is None
        ),
    )


def _applied(
    subgraph: Subgraph, placed: Placed, application: Application, usage: Usage
) -> Iterator[Diagnostic]:
    problems: list[tuple[str, str]] = []
    name = f"@{application.written}"
    if placed.location not in usage.locations:
        allowed = ", ".join(sorted(usage.locations))
        problems.append((f"{name} may not stand on {placed.location}", f"It may on {allowed}."))
    for key, value in application.arguments.items():
        type_ = usage.arguments.get(key)
        if type_ is None:
            close = suggestion_list(key, list(usage.arguments))
            advice = f'Did you mean "{close[0]}"?' if close else "Remove it."
            problems.append((f'{name} takes no argument "{key}"', advice))
        elif application.name in FIELD_SETS and isinstance(value, NullValueNode):
            continue  # told by the rule for field sets
        elif wrong := mismatch(subgraph, value, type_):
            problems.append((f"{name}({key}:) takes {text(type_)}, and {wrong}", VALUE))
    missing = [key for key in usage.required if key not in application.arguments]
    problems += [(f'{name} needs the argument "{key}"', f"Add ({key}: ...).") for key in missing]
    for problem, advice in problems:
        yield subgraph.problem(
            "INVALID_GRAPHQL",
            placed.coordinate,
            f'"{placed.coordinate}": {problem}.',
            application.node,
            hint=advice,
        )


def _repeated(
    subgraph: Subgraph, placed: Placed, usages: Mapping[str, Usage]
) -> Iterator[Diagnostic]:
    counted = Counter(item.written for item in placed.element.applications)
    for name, times in counted.items():
        if times > 1 and name in usages and not usages[name].is_repeatable:
            nodes = [item.node for item in placed.element.applications if item.written == name]
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                placed.coordinate,
                f'@{name} can stand on "{placed.coordinate}" only once.',
                *nodes[1:],
                hint=f"Keep one of: {', '.join(print_ast(node) for node in nodes)}",
            )


def _unknown(subgraph: Subgraph, placed: Placed, application: Application) -> Diagnostic:
    written = application.written
    return subgraph.problem(
        "INVALID_GRAPHQL",
        placed.coordinate,
        f'"{placed.coordinate}" has the directive @{written}, which nothing defines.',
        application.node,
        hint=_advice(subgraph, written),
    )


def _advice(subgraph: Subgraph, written: str) -> str:
    name = written.rsplit("__", 1)[-1]
    local = next((here for here, known in subgraph.names.items() if known == name), None)
    if local is not None:
        return f"This schema calls it @{local}."
    if name in NEWER:
        version = f"{FEDERATION}/v{NEWEST[0]}.{NEWEST[1]}"
        return f'Link a version that has it: @link(url: "{version}", import: ["@{name}"]).'
    close = suggestion_list(written, [*subgraph.definitions, *NEWER])
    return f"Did you mean @{close[0]}?" if close else "Define it, or remove it."
