"""Each type of the supergraph, by kind, with the subgraphs that have it."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import NonNullTypeNode, print_ast

from router.compose.merge.access import implementations
from router.compose.merge.applied import applied_text
from router.compose.merge.field_hints import hint_fields
from router.compose.merge.field_uses import named
from router.compose.merge.fields import Uses, merged_field
from router.compose.merge.inputs import merged_input
from router.compose.merge.text import merged_description, quoted
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import InputValue, Subgraph, TypeDefinition
from router.supergraph.model import Kind

Sources = list[tuple[Subgraph, TypeDefinition]]
KEYWORDS = {
    Kind.OBJECT: "type",
    Kind.INTERFACE: "interface",
    Kind.UNION: "union",
    Kind.ENUM: "enum",
    Kind.SCALAR: "scalar",
    Kind.INPUT: "input",
}


def merged_type(space: Workspace, uses: Uses, name: str) -> str | None:
    """A type as text; None when its definitions are of different kinds."""
    sources = space.sources(name)
    kind = space.kinds[name]
    if not _is_one_kind(space, name, sources):
        return None
    described = merged_description(space, name, [type_.description for _, type_ in sources])
    interfaces = dict.fromkeys(item for _, type_ in sources for item in type_.interfaces)
    implements = f" implements {' & '.join(sorted(interfaces))}" if interfaces else ""
    directives = [*_implements(space, sources), *_join_types(space, sources)]
    directives += _members(space, sources) if kind is Kind.UNION else []
    directives += applied_text(space, name, [*sources, *implementations(space, name)])
    directives += _contexts(space, sources)
    body = _body(space, uses, name, kind, sources)
    if body is None:
        return None
    head = f"{described}{KEYWORDS[kind]} {name}{implements} {' '.join(directives)}"
    return f"{head}{body}"


def _is_one_kind(space: Workspace, name: str, sources: Sources) -> bool:
    kinds = {Kind.INTERFACE if type_.is_interface_object else type_.kind for _, type_ in sources}
    if len(kinds) == 1:
        return True
    listed = "; ".join(f"{type_.kind.value.lower()} in {graph.name}" for graph, type_ in sources)
    space.error(
        "TYPE_KIND_MISMATCH",
        name,
        f'Type "{name}" is of different kinds across subgraphs: {listed}.',
        [(graph, type_.node) for graph, type_ in sources],
        "Make it the same kind everywhere, or rename one of them.",
    )
    return False


def _implements(space: Workspace, sources: Sources) -> list[str]:
    return [
        f"@join__implements(graph: {space.graphs[graph.name]}, interface: {quoted(interface)})"
        for graph, type_ in sources
        for interface in type_.interfaces
    ]


def _join_types(space: Workspace, sources: Sources) -> Iterator[str]:
    for subgraph, type_ in sources:
        graph = f"graph: {space.graphs[subgraph.name]}"
        marks = ["isInterfaceObject: true"] * type_.is_interface_object
        keys = list(type_.all_applied("key"))
        for key in keys:
            parts = [graph, f"key: {quoted(key.text('fields'))}"]
            parts += ["extension: true"] * _says_extension(subgraph, type_)
            resolvable = key.value("resolvable")
            if isinstance(resolvable, bool):
                parts.append(f"resolvable: {str(resolvable).lower()}")
            yield f"@join__type({', '.join(parts + marks)})"
        if not keys:
            parts = [graph, *["extension: true"] * _says_extension(subgraph, type_), *marks]
            yield f"@join__type({', '.join(parts)})"


def _says_extension(subgraph: Subgraph, type_: TypeDefinition) -> bool:
    return type_.is_extension and subgraph.is_federation_2 and type_.name not in ROOT_TYPES


ROOT_TYPES = frozenset({"Query", "Mutation", "Subscription"})


def _members(space: Workspace, sources: Sources) -> list[str]:
    return [
        f"@join__unionMember(graph: {space.graphs[graph.name]}, member: {quoted(member)})"
        for graph, type_ in sources
        for member in type_.members
    ]


def _contexts(space: Workspace, sources: Sources) -> list[str]:
    texts = []
    for graph, type_ in sources:
        for context in type_.all_applied("context"):
            name = space.features.setdefault("context", "context")
            context_name = quoted(f"{graph.name}__{context.text('name')}")
            texts.append(f"@{name}(name: {context_name})")
    return texts


def _body(space: Workspace, uses: Uses, name: str, kind: Kind, sources: Sources) -> str | None:
    match kind:
        case Kind.SCALAR:
            return ""
        case Kind.UNION:
            members = dict.fromkeys(member for _, type_ in sources for member in type_.members)
            _hint_members(space, name, sources, list(members))
            return f" = {' | '.join(sorted(members))}"
        case Kind.ENUM:
            return _enum(space, name, sources)
        case Kind.INPUT:
            return _input(space, name, sources)
        case _:
            return _fields(space, uses, name, sources)


def _hint_members(space: Workspace, name: str, sources: Sources, members: list[str]) -> None:
    for member in members:
        missing = [graph.name for graph, type_ in sources if member not in type_.members]
        if missing:
            space.hint(
                "INCONSISTENT_UNION_MEMBER",
                name,
                f'Union "{name}" has the member "{member}" in some subgraphs, but not in '
                f"{', '.join(missing)}.",
            )


def _fields(space: Workspace, uses: Uses, name: str, sources: Sources) -> str | None:
    names = dict.fromkeys(field for _, type_ in sources for field in type_.fields)
    hint_fields(space, name, sources)
    texts = []
    for field in names:
        text = merged_field(space, uses, name, field, len(sources))
        if text is not None:
            texts.append(text)
    texts += _from_interface_objects(space, uses, sources, set(names))
    return " {\n" + "\n".join(texts) + "\n}" if texts else None


def _from_interface_objects(
    space: Workspace, uses: Uses, sources: Sources, having: set[str]
) -> Iterator[str]:
    """Fields an object has only because some subgraph has its interface as an object."""
    if any(type_.is_interface_object or type_.kind is Kind.INTERFACE for _, type_ in sources):
        return
    interfaces = dict.fromkeys(item for _, type_ in sources for item in type_.interfaces)
    for interface in interfaces:
        objects = [type_ for _, type_ in space.sources(interface) if type_.is_interface_object]
        for field in dict.fromkeys(field for type_ in objects for field in type_.fields):
            if field in having:
                continue
            having.add(field)
            errors, hints = len(space.errors), len(space.hints)
            text = merged_field(space, uses, interface, field, 0)
            del space.errors[errors:], space.hints[hints:]  # told of at the interface itself
            if text is not None:
                before, _, after = text.partition(" @join__field(")
                rest = after[after.index(")") + 1 :] if after else ""
                while " @join__field(" in rest:
                    rest = rest[rest.index(")", rest.index("@join__field(")) + 1 :]
                yield f"{before} @join__field{rest}"


def _enum(space: Workspace, name: str, sources: Sources) -> str:
    is_input, is_output = _use(space, name)
    names = dict.fromkeys(value for _, type_ in sources for value in type_.values)
    texts = []
    for value in names:
        given = [(graph, type_.values[value]) for graph, type_ in sources if value in type_.values]
        if len(given) < len(sources) and _is_left_out(
            space, f"{name}.{value}", sources, (is_input, is_output)
        ):
            continue
        place = f"{name}.{value}"
        described = merged_description(space, place, [item.description for _, item in given])
        joins = [f"@join__enumValue(graph: {space.graphs[graph.name]})" for graph, _ in given]
        texts.append(f"{described}{value} {' '.join([*joins, *applied_text(space, place, given)])}")
    if not is_input and not is_output:
        space.hint("UNUSED_ENUM_TYPE", name, f'Enum "{name}" is used by no field or argument.')
    return " {\n" + "\n".join(texts) + "\n}"


def _is_left_out(space: Workspace, place: str, sources: Sources, use: tuple[bool, bool]) -> bool:
    """Whether a value that some subgraphs lack is left out of the supergraph."""
    name, value = place.split(".", maxsplit=1)
    if any(
        found.applied("inaccessible")
        for _, type_ in sources
        if (found := type_.values.get(value)) is not None
    ):
        return False  # nobody can ask for it, so nobody can be asked with it
    nodes = [(graph, type_.node) for graph, type_ in sources]
    if use == (True, True):
        space.error(
            "ENUM_VALUE_MISMATCH",
            place,
            f'Enum "{name}" is used both in arguments and in answers, but "{place}" is not '
            "defined in all the subgraphs that define the enum.",
            nodes,
            "Define the value everywhere.",
        )
        return False
    if use == (True, False):
        space.hint(
            "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
            place,
            f'"{place}" is left out of the supergraph: the enum is used in arguments only and not '
            "all subgraphs define the value.",
        )
        return True
    code = "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM"
    if use == (False, True):
        space.hint(code, place, f'"{place}" is not defined in all subgraphs that define the enum.')
    return False


def _use(space: Workspace, name: str) -> tuple[bool, bool]:
    """(used in arguments or input fields, used in answers)."""
    is_input = is_output = False
    for subgraph in space.subgraphs:
        for type_ in subgraph.types.values():
            is_input |= any(named(value.type) == name for value in type_.input_fields.values())
            for field in type_.fields.values():
                is_output |= named(field.type) == name
                is_input |= any(named(value.type) == name for value in field.arguments.values())
    return is_input, is_output


def _input(space: Workspace, name: str, sources: Sources) -> str | None:
    names = dict.fromkeys(field for _, type_ in sources for field in type_.input_fields)
    texts = []
    for field in names:
        given = [
            (graph, type_.input_fields[field])
            for graph, type_ in sources
            if field in type_.input_fields
        ]
        place = f"{name}.{field}"
        if len(given) < len(sources):
            _partial(space, place, sources, given)
            continue
        text = merged_input(space, place, given, "INPUT")
        types = {print_ast(value.type) for _, value in given}
        if len(types) > 1:
            head, at, tail = text.partition(" @")
            joins = " ".join(
                f"@join__field(graph: {space.graphs[graph.name]}, type: "
                f"{quoted(print_ast(value.type))})"
                for graph, value in given
            )
            text = f"{head} {joins}{at}{tail}"
        texts.append(text)
    if not texts:
        space.error(
            "EMPTY_MERGED_INPUT_TYPE",
            name,
            f'None of the fields of input "{name}" are defined in all its subgraphs.',
            [(graph, type_.node) for graph, type_ in sources],
            "Define at least one field in all of them.",
        )
        return None
    return " {\n" + "\n".join(texts) + "\n}"


def _partial(
    space: Workspace, place: str, sources: Sources, given: list[tuple[Subgraph, InputValue]]
) -> None:
    having = {graph.name for graph, _ in given}
    missing = ", ".join(graph.name for graph, _ in sources if graph.name not in having)
    nodes = [(graph, value.node) for graph, value in given]
    if any(isinstance(v.type, NonNullTypeNode) and v.default is None for _, v in given):
        space.error(
            "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
            place,
            f'Input field "{place}" is required in some subgraphs, but {missing} has it not.',
            nodes,
            "Add it there, or make it optional.",
        )
        return
    space.hint(
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        place,
        f'Input field "{place}" is left out of the supergraph: {missing} has it not.',
        nodes,
    )
