"""What every supergraph begins with: links, and the definitions of the directives they bring."""

from __future__ import annotations

from router.compose.merge.text import quoted
from router.compose.merge.workspace import Workspace

JOIN_FIELD = (
    "directive @join__field(graph: join__Graph, requires: join__FieldSet, "
    "provides: join__FieldSet, type: String, external: Boolean, override: String, "
    "usedOverridden: Boolean{more}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION"
)
JOIN = """\
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | \
INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, \
resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE \
| UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
scalar join__FieldSet
"""
JOIN_DIRECTIVE = """\
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) \
repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
scalar join__DirectiveArguments
"""
JOIN_CONTEXT = """\
input join__ContextArgument { name: String! type: String! context: String! selection: \
join__FieldValue! }
scalar join__FieldValue
"""
LINK = '''\
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on \
SCHEMA
scalar link__Import
enum link__Purpose {
  """
  `SECURITY` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  `EXECUTION` features provide metadata necessary for operation execution.
  """
  EXECUTION
}
'''
EVERYWHERE = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | "
    "ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
PROTECTED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
COSTLY = "ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"
CONTEXT_ARGUMENT = """\
directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION
scalar context__ContextFieldValue
"""
# feature -> (version, purpose, definition of @{name}, further definitions)
FEATURES: dict[str, tuple[str, str, str, str]] = {
    "inaccessible": ("inaccessible/v0.2", "SECURITY", f" on {EVERYWHERE}", ""),
    "tag": ("tag/v0.3", "", f"(name: String!) repeatable on {EVERYWHERE} | SCHEMA", ""),
    "authenticated": ("authenticated/v0.1", "SECURITY", f" on {PROTECTED}", ""),
    "requiresScopes": (
        "requiresScopes/v0.1",
        "SECURITY",
        f"(scopes: [[requiresScopes__Scope!]!]!) on {PROTECTED}",
        "scalar requiresScopes__Scope",
    ),
    "policy": (
        "policy/v0.1",
        "SECURITY",
        f"(policies: [[policy__Policy!]!]!) on {PROTECTED}",
        "scalar policy__Policy",
    ),
    "context": (
        "context/v0.1",
        "SECURITY",
        "(name: String!) repeatable on INTERFACE | OBJECT | UNION",
        CONTEXT_ARGUMENT,
    ),
}
LIST_SIZE = (
    "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], "
    "requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"
)


def join_version(space: Workspace) -> tuple[int, int]:
    """The oldest join specification that can say what these subgraphs' Federation can."""
    newest = max((subgraph.version for subgraph in space.subgraphs), default=(1, 0))
    return (0, 5) if newest >= (2, 8) else (0, 4) if newest >= (2, 7) else (0, 3)


def head(space: Workspace, links: list[str], roots: dict[str, str]) -> str:
    """The schema definition and all that the join specification brings."""
    major, minor = join_version(space)
    listed = [
        '@link(url: "https://specs.apollo.dev/link/v1.0")',
        f'@link(url: "https://specs.apollo.dev/join/v{major}.{minor}", for: EXECUTION)',
        *links,
    ]
    operations = "\n".join(f"  {kind}: {name}" for kind, name in roots.items())
    more = ", overrideLabel: String" if minor >= 4 else ""
    more += ", contextArguments: [join__ContextArgument!]" if minor >= 5 else ""
    graphs = "\n".join(
        f"  {space.graphs[item.name]} @join__graph(name: {quoted(item.name)}, "
        f"url: {quoted(item.url)})"
        for item in space.subgraphs
    )
    parts = [
        f"schema {' '.join(listed)} {{\n{operations}\n}}",
        JOIN_FIELD.format(more=more),
        JOIN,
        JOIN_DIRECTIVE if minor >= 4 else "",
        JOIN_CONTEXT if minor >= 5 else "",
        f"enum join__Graph {{\n{graphs}\n}}",
        LINK,
    ]
    return "\n".join(part for part in parts if part)


def features(space: Workspace) -> tuple[list[str], list[str]]:
    """(links, definitions) of the features in use."""
    links, definitions = [], []
    for feature, (path, purpose, signature, further) in FEATURES.items():
        local = space.features.get(feature)
        if local is None:
            continue
        renamed = f', import: [{{name: "@{feature}", as: "@{local}"}}]' if local != feature else ""
        wanted = f", for: {purpose}" if purpose else ""
        links.append(f'@link(url: "https://specs.apollo.dev/{path}"{wanted}{renamed})')
        definitions.append(f"directive @{local}{signature}")
        definitions.append(further)
    cost, size = space.features.get("cost"), space.features.get("listSize")
    if cost or size:
        imports = [_import("cost", cost)] if cost not in {None, "cost"} else []
        imports += [_import("listSize", size)] if size else []
        listed = f", import: [{', '.join(imports)}]" if imports else ""
        links.append(f'@link(url: "https://specs.apollo.dev/cost/v0.1"{listed})')
        definitions.append(f"directive @{cost or 'cost'}(weight: Int!) on {COSTLY}")
        definitions.append(f"directive @{size or 'cost__listSize'}{LIST_SIZE}")
    return links, definitions


def _import(name: str, local: str | None) -> str:
    return f'"@{name}"' if local == name else f'{{name: "@{name}", as: "@{local}"}}'
