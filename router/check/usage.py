"""An operation -> the coordinates of the schema it uses."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    get_named_type,
    is_abstract_type,
    type_from_ast,
    visit,
)
from graphql.language import Visitor


def used_coordinates(document: DocumentNode, schema: GraphQLSchema) -> frozenset[str]:
    """Fields, arguments, directives, types, enum values and input fields that it names or gets.

    Whatever a variable may carry counts as used, since nobody recorded its values.
    """
    info = TypeInfo(schema)
    usage = _Usage(schema, info)
    visit(document, TypeInfoVisitor(info, usage))
    return frozenset(usage.found)


class _Usage(Visitor):
    """Collects coordinates on the way through a document."""

    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self.schema = schema
        self.info = info
        self.found: set[str] = set()
        # The field being visited: its arguments come before anything inside it.
        self.field = ""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """The field, the type it is selected on (and its interfaces) and the type it gives."""
        parent, definition = self.info.get_parent_type(), self.info.get_field_def()
        if parent is None or definition is None:
            return
        self.field = node.name.value
        self.found |= {parent.name, get_named_type(definition.type).name}
        self.found |= {f"{name}.{self.field}" for name in self._possible(parent)}

    def _possible(self, parent: GraphQLNamedType) -> Iterator[str]:
        """A type and, for an abstract one, the objects that it may turn out to be."""
        yield parent.name
        if is_abstract_type(parent):
            yield from (object_.name for object_ in self.schema.get_possible_types(parent))

    def enter_inline_fragment(self, *_: object) -> None:
        """The type of its condition."""
        self._add_type()

    def enter_fragment_definition(self, *_: object) -> None:
        """The same."""
        self._add_type()

    def _add_type(self) -> None:
        type_ = self.info.get_type()
        if type_ is not None:
            self.found.add(get_named_type(type_).name)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """The directive."""
        self.found.add(f"@{node.name.value}")

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        """The argument, of a field or of a directive."""
        directive = self.info.get_directive()
        parent = self.info.get_parent_type()
        if directive is not None:
            self.found.add(f"@{directive.name}({node.name.value}:)")
        elif parent is not None:
            self.found |= {
                f"{it}.{self.field}({node.name.value}:)" for it in self._possible(parent)
            }
        self._add_input()

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        """The input field, written out."""
        parent = self.info.get_parent_input_type()
        if parent is not None:
            self.found.add(f"{get_named_type(parent).name}.{node.name.value}")
        self._add_input()

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        """The enum value, written out."""
        given = self.info.get_input_type()
        if given is not None:
            self.found.add(f"{get_named_type(given).name}.{node.value}")

    def _add_input(self) -> None:
        given = self.info.get_input_type()
        if given is not None:
            self.found.add(get_named_type(given).name)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        """All that its type consists of."""
        type_ = type_from_ast(self.schema, node.type)
        if type_ is not None:
            self._add_carried(get_named_type(type_))

    def _add_carried(self, type_: GraphQLNamedType) -> None:
        waiting, seen = [type_], {type_.name}
        while waiting:
            type_ = waiting.pop()
            self.found.add(type_.name)
            if isinstance(type_, GraphQLEnumType):
                self.found |= {f"{type_.name}.{name}" for name in type_.values}
            elif isinstance(type_, GraphQLInputObjectType):
                for name, field in type_.fields.items():
                    self.found.add(f"{type_.name}.{name}")
                    inner = get_named_type(field.type)
                    if inner.name not in seen:
                        seen.add(inner.name)
                        waiting.append(inner)
