"""What @requiresScopes and @policy ask for: alternatives, of each of which all must hold."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TypeAlias

Requirement: TypeAlias = tuple[tuple[str, ...], ...]
# Alternatives multiply when requirements are combined; nobody can check or read this many.
MOST_ALTERNATIVES = 4096


def conjunction(requirements: Iterable[Requirement]) -> Requirement | None:
    """All of several requirements as one; None when it would have too many alternatives.

    Without alternatives that another one is part of. A requirement without any asks for nothing.
    """
    wanted = [[frozenset(group) for group in one] for one in dict.fromkeys(requirements) if one]
    found: set[frozenset[str]] = {frozenset()}
    for groups in wanted:
        if len(found) * len(groups) > MOST_ALTERNATIVES:
            return None
        found = _minimal({one | other for one, other in product(found, groups)})
    return tuple(sorted((tuple(sorted(group)) for group in found), key=lambda it: (len(it), it)))


def implies(given: Iterable[Requirement], needed: Iterable[Requirement]) -> bool:
    """Whether whoever fulfils all that is given fulfils all that is needed."""
    alternatives = [[set(group) for group in one] for one in given if one]
    wanted = [[set(group) for group in one] for one in needed if one]
    return all(
        any(group <= has for group in one)
        for chosen in product(*alternatives)
        for has in [set[str]().union(*chosen)]
        for one in wanted
    )


def _minimal(groups: set[frozenset[str]]) -> set[frozenset[str]]:
    return {group for group in groups if not any(other < group for other in groups)}
