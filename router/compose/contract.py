"""A contract: the part of a supergraph that some clients see, chosen by @tag.

https://www.apollographql.com/docs/graphos/platform/schema-management/delivery/contracts/reference
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from router.compose.merge.draft import Applied, Draft, DraftType, Element
from router.compose.merge.strategies import tag_arguments
from router.compose.merge.workspace import Workspace
from router.compose.reachable import reachable
from router.compose.supergraph_rules import check
from router.diagnostics import Diagnostic, Level, did_you_mean
from router.supergraph.model import Kind

SYNTAX = "write a contract as include=a,b,exclude=c"
BOTH = "Change the tags so that the contract hides both or neither."
ADVICE = {
    "REFERENCED_INACCESSIBLE": BOTH,
    "IMPLEMENTED_BY_INACCESSIBLE": BOTH,
    "QUERY_ROOT_TYPE_INACCESSIBLE": "Let the contract show at least one field of Query.",
}


class ContractError(ValueError):
    """A contract that cannot be meant; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Contract:
    """Which tags it includes (none: everything) and excludes.

    `hides_unreachable`: also types that nothing visible leads to, unless an included tag is on
    them.
    """

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    hides_unreachable: bool = False


def parse_contract(text: str, *, hides_unreachable: bool = False) -> Contract:
    """Read `include=a,b,exclude=c`. Raises ContractError."""
    lists: dict[str, set[str]] = {"include": set(), "exclude": set()}
    current = ""
    for part in text.split(","):
        key, equals, tag = part.rpartition("=")
        if equals:
            current = key.strip()
        if current not in lists or not tag.strip():
            raise ContractError(f'"{part.strip()}" in "{text}" is no list of tags: {SYNTAX}.')
        lists[current].add(tag.strip())
    both = sorted(lists["include"] & lists["exclude"])
    if both:
        raise ContractError(f'The contract includes and excludes "{both[0]}": choose one.')
    return Contract(frozenset(lists["include"]), frozenset(lists["exclude"]), hides_unreachable)


def hide(space: Workspace, draft: Draft, contract: Contract) -> list[Diagnostic]:
    """Mark @inaccessible what the contract does not show; what is wrong with what is left.

    Tags that nothing has give a hint.
    """
    space.features.setdefault("inaccessible", "inaccessible")
    reasons: dict[str, str] = {}
    for element, reason in [*_excluded(draft, contract), *_not_included(draft, contract)]:
        _hide(space, reasons, element, reason)
    while emptied := [*_partly_implemented(draft), *_emptied(draft)]:
        for element, reason in emptied:
            _hide(space, reasons, element, reason)
    if contract.hides_unreachable:
        for element in _unreachable(draft, contract):
            _hide(space, reasons, element, "nothing that it shows leads to it")
    problems = check(draft, space.subgraphs, ())
    return [*_unknown_tags(draft, contract), *(_explained(one, reasons) for one in problems)]


def _hide(space: Workspace, reasons: dict[str, str], element: Element, reason: str) -> None:
    if not element.is_inaccessible:
        element.applied.append(Applied("inaccessible", space.features["inaccessible"]))
        reasons[element.coordinate] = reason


def _explained(problem: Diagnostic, reasons: dict[str, str]) -> Diagnostic:
    """The problem with why the contract hides what its message names."""
    named = [name for name in re.findall(r'"([^"]+)"', problem.message) if name in reasons]
    because = f' The contract hides "{named[0]}": {reasons[named[0]]}.' if named else ""
    return replace(
        problem,
        message=f"In the contract: {problem.message}{because}",
        hint=ADVICE.get(problem.code, problem.hint) if named else problem.hint,
    )


def _tagged(elements: Iterable[Element], tags: frozenset[str]) -> str | None:
    """The first of the tags on one of the elements."""
    given = {item.arguments for one in elements for item in one.applied if item.name == "tag"}
    return next((tag for tag in sorted(tags) if tag_arguments(tag) in given), None)


def _elements(draft: Draft) -> Iterator[tuple[Element, ...]]:
    """Every element after those whose tags it has too: a field has those of its type."""
    for type_ in draft.types.values():
        yield (type_,)
        for value in (*type_.input_fields.values(), *type_.values.values()):
            yield (value,)
        for field in type_.fields.values():
            yield (type_, field)
            for argument in field.arguments.values():
                yield (argument,)


def _excluded(draft: Draft, contract: Contract) -> Iterator[tuple[Element, str]]:
    for lineage in _elements(draft):
        tag = _tagged(lineage, contract.exclude)
        if tag is not None:
            yield lineage[-1], f'it is tagged "{tag}", which the contract excludes'


def _not_included(draft: Draft, contract: Contract) -> Iterator[tuple[Element, str]]:
    """Unions and fields of objects and interfaces need an included tag; nothing else does."""
    if not contract.include:
        return
    listed = ", ".join(f'"{tag}"' for tag in sorted(contract.include))
    reason = f"it is not tagged with what the contract includes ({listed})"
    for lineage in _elements(draft):
        last = lineage[-1]
        is_field = len(lineage) == 2
        is_union = isinstance(last, DraftType) and last.kind is Kind.UNION
        if (is_field or is_union) and _tagged(lineage, contract.include) is None:
            yield last, reason


def _partly_implemented(draft: Draft) -> Iterator[tuple[Element, str]]:
    """Fields of interfaces that a visible implementation hides."""
    for name, implementations in draft.implementations().items():
        interface = draft.types.get(name)
        if interface is None:
            continue
        for field in interface.fields.values():
            for type_ in implementations:
                own = type_.fields.get(field.name)
                hides = own is not None and own.is_inaccessible and not type_.is_inaccessible
                if hides and own is not None and not field.is_inaccessible:
                    yield field, f'"{own.coordinate}", which implements it, is hidden'


def _emptied(draft: Draft) -> Iterator[tuple[Element, str]]:
    """Types of which nothing is left."""
    for type_ in draft.types.values():
        members = [draft.types[name] for name in type_.members if name in draft.types]
        parts: list[Element] = [*type_.children(), *members]
        if parts and not type_.is_inaccessible and all(part.is_inaccessible for part in parts):
            yield type_, "all that it consists of is hidden"


def _unreachable(draft: Draft, contract: Contract) -> Iterator[DraftType]:
    reached = reachable(draft)
    for type_ in draft.types.values():
        if type_.name not in reached and _tagged([type_], contract.include) is None:
            yield type_


def _unknown_tags(draft: Draft, contract: Contract) -> Iterator[Diagnostic]:
    """A hint for each tag that nothing has: probably a spelling mistake."""
    used = {
        item.arguments.removeprefix('(name: "').removesuffix('")')
        for lineage in _elements(draft)
        for item in lineage[-1].applied
        if item.name == "tag"
    }
    for tag in sorted((contract.include | contract.exclude) - used):
        yield Diagnostic(
            code="CONTRACT_TAG_UNUSED",
            message=f'The contract names the tag "{tag}", which nothing has.'
            + did_you_mean(tag, used),
            level=Level.WARN,
        )
