"""What one subgraph serves, rebuilt from a supergraph, to hold planned fetches against."""

from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLSchema,
    InputValueDefinitionNode,
    build_ast_schema,
    parse,
    print_ast,
)

from router.graph.model import Graph, SubgraphType
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    Sequence,
    Subscription,
)
from router.supergraph.model import Kind

ENTITIES = "_entities(representations: [_Any!]!): [_Entity]!"


def fetches(node: PlanNode | None) -> Iterator[Fetch | BatchFetch]:
    """Every request of a plan."""
    match node:
        case Fetch() | BatchFetch():
            yield node
        case Flatten():
            yield node.node
        case Sequence() | Parallel():
            for child in node.nodes:
                yield from fetches(child)
        case Condition():
            yield from fetches(node.if_clause)
            yield from fetches(node.else_clause)
        case Subscription():
            yield node.primary
            yield from fetches(node.rest)
        case Defer():
            yield from fetches(node.primary)
            for part in node.deferred:
                yield from fetches(part.node)


def subgraph_schema(graph: Graph, subgraph: str) -> GraphQLSchema:
    """The subgraph's own schema with `_entities`; not checked, since merged types stand in it."""
    owner = next(name for name, item in graph.supergraph.subgraphs.items() if item.name == subgraph)
    query = graph.supergraph.roots["query"]
    views = graph.types[owner]
    parts = [_definition(graph, owner, view) for view in views.values() if view.kind is not None]
    if query not in views:
        parts.append(f"type {query} {{ {ENTITIES} }}")
    entities = [name for name, view in views.items() if view.keys and view.kind is Kind.OBJECT]
    parts.append(f"union _Entity = {' | '.join(entities)}" if entities else "scalar _Entity")
    roots = " ".join(
        f"{kind}: {name}"
        for kind, name in graph.supergraph.roots.items()
        if kind == "query" or name in views
    )
    sdl = "\n".join([*parts, "scalar _Any", f"schema {{ {roots} }}"])
    return build_ast_schema(parse(sdl), assume_valid=True, assume_valid_sdl=True)


def _definition(graph: Graph, owner: str, view: SubgraphType) -> str:
    merged = graph.supergraph.types[view.name]
    match view.kind:
        case Kind.SCALAR:
            return f"scalar {view.name}"
        case Kind.ENUM:
            values = [value for value, owners in merged.values.items() if owner in owners]
            return f"enum {view.name} {{ {' '.join(values)} }}"
        case Kind.UNION:
            members = " | ".join(view.runtime)
            return f"union {view.name} = {members}" if members else f"scalar {view.name}"
        case Kind.INPUT:
            return _input(graph, view.name)
        case _:
            return _composite(graph, owner, view)


def _input(graph: Graph, name: str) -> str:
    node = next(
        item
        for item in graph.supergraph.document.definitions
        if getattr(getattr(item, "name", None), "value", None) == name
    )
    fields = getattr(node, "fields", ())
    return f"input {name} {{ {' '.join(f'{f.name.value}: {print_ast(f.type)}' for f in fields)} }}"


def _composite(graph: Graph, owner: str, view: SubgraphType) -> str:
    merged = graph.supergraph.types[view.name]
    fields = [ENTITIES] if view.name == graph.supergraph.roots["query"] else []
    for field in view.fields.values():
        arguments = [
            print_ast(argument) for argument in _plain(merged.fields[field.name].arguments)
        ]
        arguments += [f"{item.name}: {item.type}" for item in field.context_arguments]
        called = f"({', '.join(arguments)})" if arguments else ""
        fields.append(f"{field.name}{called}: {print_ast(field.type)}")
    # join v0.1 does not list what @provides promises; it can be asked for all the same.
    fields += [
        f"{name}: {print_ast(found.type)}"
        for name, found in merged.fields.items()
        if name in _provided(graph, owner) and name not in view.fields
    ]
    keyword = "interface" if view.kind is Kind.INTERFACE else "type"
    above = sorted({name for graph_, name in merged.implements if graph_ == owner})
    above = [
        name
        for name in above
        if (found := graph.view(owner, name)) and not found.is_interface_object
    ]
    implements = f" implements {' & '.join(above)}" if above and keyword == "type" else ""
    return f"{keyword} {view.name}{implements} {{ {' '.join(fields) or '_: Int'} }}"


def _provided(graph: Graph, owner: str) -> set[str]:
    """The names in all @provides of a subgraph."""
    return {
        node.name.value
        for view in graph.types[owner].values()
        for field in view.fields.values()
        if field.provides is not None
        for node in field.provides.selections
        if isinstance(node, FieldNode)
    }


def _plain(arguments: tuple[InputValueDefinitionNode, ...]) -> Iterator[InputValueDefinitionNode]:
    """Arguments with their defaults, without descriptions and directives."""
    for argument in arguments:
        yield InputValueDefinitionNode(
            name=argument.name, type=argument.type, default_value=argument.default_value
        )
