"""Changes of arguments and input fields: what clients send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLType,
    is_list_type,
    is_non_null_type,
    print_ast,
)
from graphql.utilities.sort_value_node import sort_value_node

from router.check.annotations import annotation_changes
from router.check.change import Change, breaking, dangerous, safe

InputValue = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True, slots=True)
class Owner:
    """What has the inputs: `place` is by which an operation uses it, the rest are its codes."""

    place: str
    noun: str
    removed: str
    required_added: str
    optional_added: str
    type_changed: str
    default_changed: str

    def coordinate(self, name: str) -> str:
        """Of one of its inputs."""
        is_field = self.noun == "input field"
        return f"{self.place}.{name}" if is_field else f"{self.place}({name}:)"


def field_arguments(place: str) -> Owner:
    """The arguments of the field at a coordinate."""
    return Owner(
        place=place,
        noun="argument",
        removed="ARG_REMOVED",
        required_added="REQUIRED_ARG_ADDED",
        optional_added="OPTIONAL_ARG_ADDED",
        type_changed="ARG_CHANGED_TYPE",
        default_changed="ARG_DEFAULT_VALUE_CHANGE",
    )


def directive_arguments(place: str) -> Owner:
    """The arguments of a directive (`@name`)."""
    return Owner(
        place=place,
        noun="argument",
        removed="DIRECTIVE_ARG_REMOVED",
        required_added="REQUIRED_DIRECTIVE_ARG_ADDED",
        optional_added="OPTIONAL_DIRECTIVE_ARG_ADDED",
        type_changed="DIRECTIVE_ARG_CHANGED_TYPE",
        default_changed="DIRECTIVE_ARG_DEFAULT_VALUE_CHANGE",
    )


def input_fields(place: str) -> Owner:
    """The fields of the input object of a name."""
    return Owner(
        place=place,
        noun="input field",
        removed="FIELD_REMOVED_FROM_INPUT_OBJECT",
        required_added="REQUIRED_FIELD_ADDED_TO_INPUT_OBJECT",
        optional_added="OPTIONAL_FIELD_ADDED_TO_INPUT_OBJECT",
        type_changed="FIELD_ON_INPUT_OBJECT_CHANGED_TYPE",
        default_changed="FIELD_ON_INPUT_OBJECT_DEFAULT_VALUE_CHANGE",
    )


def input_changes(
    owner: Owner, old: dict[str, InputValue], new: dict[str, InputValue]
) -> Iterator[Change]:
    """Every change of the inputs of one owner."""
    for name, value in old.items():
        coordinate = owner.coordinate(name)
        if name in new:
            yield from _changed(owner, coordinate, value, new[name])
        else:
            yield breaking(owner.removed, coordinate, f'"{coordinate}" was removed.')
    for name in new.keys() - old.keys():
        yield _added(owner, owner.coordinate(name), new[name])


def _added(owner: Owner, coordinate: str, value: InputValue) -> Change:
    if _is_required(value):
        message = f'The required {owner.noun} "{coordinate}" was added.'
        return breaking(owner.required_added, coordinate, message, owner.place)
    return safe(owner.optional_added, coordinate, f'"{coordinate}" was added.')


def _changed(owner: Owner, coordinate: str, old: InputValue, new: InputValue) -> Iterator[Change]:
    if str(old.type) != str(new.type):
        message = f'"{coordinate}" was of type {old.type} and is of type {new.type}.'
        if _is_required(new) and not _is_required(old):
            # Whoever left it out must give it now.
            yield breaking(owner.type_changed, coordinate, message, owner.place)
        elif accepts_all(old.type, new.type):
            yield safe(owner.type_changed, coordinate, message)
        else:
            yield breaking(owner.type_changed, coordinate, message)
    before, after = _default(old), _default(new)
    if before != after:
        yield _default_changed(owner, coordinate, (before, after), _is_required(old), new)
    yield from annotation_changes(coordinate, owner.noun, old, new)


def _default_changed(
    owner: Owner,
    coordinate: str,
    defaults: tuple[str | None, str | None],
    was_required: bool,  # noqa: FBT001 - told apart from the rest by its name
    new: InputValue,
) -> Change:
    before, after = defaults
    if before is None:
        message = f'"{coordinate}" has the default {after} now.'
    elif after is None:
        message = f'"{coordinate}" has its default {before} no more.'
    else:
        message = f'The default of "{coordinate}" was {before} and is {after}.'
    if was_required:
        return safe(owner.default_changed, coordinate, message)
    if _is_required(new):
        return breaking(owner.default_changed, coordinate, message, owner.place)
    return dangerous(owner.default_changed, coordinate, message, owner.place)


def accepts_all(old: GraphQLType, new: GraphQLType) -> bool:
    """Whether whatever fits an old input type fits the new one."""
    if is_non_null_type(new):
        return is_non_null_type(old) and accepts_all(old.of_type, new.of_type)
    if is_non_null_type(old):
        return accepts_all(old.of_type, new)
    if is_list_type(new):
        # A value that is no list stands for a list of itself, but a variable's type does not.
        return is_list_type(old) and accepts_all(old.of_type, new.of_type)
    return str(old) == str(new)


def _is_required(value: InputValue) -> bool:
    return is_non_null_type(value.type) and _default(value) is None


def _default(value: InputValue) -> str | None:
    node = value.ast_node.default_value if value.ast_node else None
    return print_ast(sort_value_node(node)) if node else None
