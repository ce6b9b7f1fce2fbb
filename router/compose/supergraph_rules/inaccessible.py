"""@inaccessible: what is left for clients must be a schema of its own.

REFERENCED_INACCESSIBLE, ONLY_INACCESSIBLE_CHILDREN, QUERY_ROOT_TYPE_INACCESSIBLE,
IMPLEMENTED_BY_INACCESSIBLE, REQUIRED_INACCESSIBLE.
https://specs.apollo.dev/inaccessible/v0.2
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.compose.merge.draft import Draft, DraftField, DraftInput, DraftType, Element, Source
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost


def inaccessible(draft: Draft, _: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    """Everything that clients see must be whole without what they do not see."""
    for type_ in draft.types.values():
        if type_.is_inaccessible and type_.name == draft.roots.get("query"):
            message = f'"{type_.name}" is @inaccessible, but it is the query root type.'
            advice = "Hide its fields one by one instead."
            code = "QUERY_ROOT_TYPE_INACCESSIBLE"
            yield type_.problem(code, message, advice, at=_hidden_by(type_))
        if not draft.is_for_clients(type_):
            continue
        yield from _only_children(draft, type_)
        for field in type_.fields.values():
            yield from _field(draft, type_, field)
        for item in type_.input_fields.values():
            yield from _input(draft, item)
    for directive in draft.directives:
        for item in directive.arguments.values():
            yield from _input(draft, item)


def _only_children(draft: Draft, type_: DraftType) -> Iterator[Diagnostic]:
    if type_.kind is Kind.UNION:
        children: list[Element] = [
            draft.types[name] for name in type_.members if name in draft.types
        ]
    else:
        children = list(type_.children())
    if children and all(child.is_inaccessible for child in children):
        yield type_.problem(
            "ONLY_INACCESSIBLE_CHILDREN",
            f'"{type_.name}" is in the API schema, but all that it consists of is @inaccessible.',
            "Mark it @inaccessible itself, or show some of it.",
        )


def _field(draft: Draft, type_: DraftType, field: DraftField) -> Iterator[Diagnostic]:
    if field.is_inaccessible:
        yield from _hides_interface_field(draft, type_, field)
        return
    yield from _referenced(draft, field, innermost(field.type))
    for argument in field.arguments.values():
        yield from _input(draft, argument)
        if argument.is_inaccessible:
            yield from _hides_interface_argument(draft, type_, field, argument)


def _input(draft: Draft, item: DraftInput) -> Iterator[Diagnostic]:
    if not item.is_inaccessible:
        yield from _referenced(draft, item, innermost(item.type))
    elif item.is_required:
        yield item.problem(
            "REQUIRED_INACCESSIBLE",
            f'"{item.coordinate}" is @inaccessible, but required: clients could not give it.',
            "Make it nullable or give it a default.",
            at=_hidden_by(item),
        )


def _referenced(draft: Draft, element: Element, type_name: str) -> Iterator[Diagnostic]:
    type_ = draft.types.get(type_name)
    if type_ is not None and not draft.is_for_clients(type_):
        is_ = "is @inaccessible" if type_.is_inaccessible else "belongs to a linked specification"
        yield element.problem(
            "REFERENCED_INACCESSIBLE",
            f'Type "{type_name}" {is_}, but "{element.coordinate}", which is in the API schema, '
            "refers to it.",
            f'Mark "{element.coordinate}" @inaccessible too.',
            at=(*element.sources, *_hidden_by(type_)),
        )


def _shown(draft: Draft, type_: DraftType, field: DraftField) -> Iterator[DraftField]:
    """The fields of the same name that clients see in the interfaces of a type."""
    for name in type_.interfaces:
        interface = draft.types.get(name)
        if interface is not None and not interface.is_inaccessible:
            found = interface.fields.get(field.name)
            if found is not None and not found.is_inaccessible:
                yield found


def _hides_interface_field(
    draft: Draft, type_: DraftType, field: DraftField
) -> Iterator[Diagnostic]:
    for shown in _shown(draft, type_, field):
        yield field.problem(
            "IMPLEMENTED_BY_INACCESSIBLE",
            f'"{field.coordinate}" is @inaccessible, but implements "{shown.coordinate}", which is '
            "in the API schema.",
            "Hide both or neither.",
            at=_hidden_by(field),
        )


def _hides_interface_argument(
    draft: Draft, type_: DraftType, field: DraftField, argument: DraftInput
) -> Iterator[Diagnostic]:
    for shown in _shown(draft, type_, field):
        found = shown.arguments.get(argument.name)
        if found is not None and not found.is_inaccessible:
            yield argument.problem(
                "IMPLEMENTED_BY_INACCESSIBLE",
                f'"{argument.coordinate}" is @inaccessible, but implements "{found.coordinate}", '
                "which is in the API schema.",
                "Hide both or neither.",
                at=_hidden_by(argument),
            )


def _hidden_by(element: Element) -> list[Source]:
    """Where @inaccessible stands on it; nowhere, when that is on an extension."""
    return [
        (subgraph, directive)
        for subgraph, node in element.sources
        for directive in getattr(node, "directives", None) or ()
        if subgraph.names.get(directive.name.value) == "inaccessible"
    ]
