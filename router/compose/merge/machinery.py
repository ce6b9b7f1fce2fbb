"""What every supergraph defines besides its schema: the join and link specifications.

https://specs.apollo.dev/join/v0.5
https://specs.apollo.dev/link/v1.0
"""

from __future__ import annotations

from router.compose.merge.workspace import Workspace
from router.supergraph.layout import INDENT, definition, quoted

JOIN_FIELD = (
    "directive @join__field(graph: join__Graph, requires: join__FieldSet, "
    "provides: join__FieldSet, type: String, external: Boolean, override: String, "
    "usedOverridden: Boolean{more}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION"
)
JOIN_IMPLEMENTS = (
    "directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | "
    "INTERFACE"
)
JOIN_TYPE = (
    "directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, "
    "resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | "
    "INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR"
)
JOIN = (
    "directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE",
    "directive @join__graph(name: String!, url: String!) on ENUM_VALUE",
    JOIN_IMPLEMENTS,
    JOIN_TYPE,
    "directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION",
    "scalar join__FieldSet",
)
JOIN_DIRECTIVE = (
    "directive @join__directive(graphs: [join__Graph!], name: String!, "
    "args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION"
)
CONTEXT_ARGUMENT = (
    "name: String!",
    "type: String!",
    "context: String!",
    "selection: join__FieldValue!",
)
LINK = (
    "directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) "
    "repeatable on SCHEMA"
)
PURPOSES = {
    "SECURITY": "`SECURITY` features provide metadata necessary to securely resolve fields.",
    "EXECUTION": "`EXECUTION` features provide metadata necessary for operation execution.",
}


def join_version(space: Workspace) -> tuple[int, int]:
    """The oldest join specification that can say what these subgraphs' Federation can."""
    newest = space.version
    return (0, 5) if newest >= (2, 8) else (0, 4) if newest >= (2, 7) else (0, 3)


def machinery_links(space: Workspace) -> list[str]:
    """Links to the link specification and to the join specification."""
    major, minor = join_version(space)
    return [
        '@link(url: "https://specs.apollo.dev/link/v1.0")',
        f'@link(url: "https://specs.apollo.dev/join/v{major}.{minor}", for: EXECUTION)',
    ]


def machinery_definitions(space: Workspace) -> list[str]:
    """The definitions of both, and the subgraphs themselves as the enum join__Graph."""
    _, minor = join_version(space)
    more = ", overrideLabel: String" if minor >= 4 else ""
    more += ", contextArguments: [join__ContextArgument!]" if minor >= 5 else ""
    purposes = [
        text
        for value, description in PURPOSES.items()
        for text in (f'{INDENT}"""', f"{INDENT}{description}", f'{INDENT}"""', f"{INDENT}{value}")
    ]
    found = [
        JOIN_FIELD.format(more=more),
        *JOIN,
        LINK,
        "scalar link__Import",
        definition(None, "enum link__Purpose", (), purposes),
        definition(None, "enum join__Graph", (), _graphs(space)),
    ]
    if minor >= 4:
        found += [JOIN_DIRECTIVE, "scalar join__DirectiveArguments"]
    if minor >= 5:
        fields = [f"{INDENT}{field}" for field in CONTEXT_ARGUMENT]
        found.append(definition(None, "input join__ContextArgument", (), fields))
        found.append("scalar join__FieldValue")
    return found


def _graphs(space: Workspace) -> list[str]:
    return [
        f"{INDENT}{space.graphs[item.name]} @join__graph(name: {quoted(item.name)}, "
        f"url: {quoted(item.url)})"
        for item in space.subgraphs
    ]
