"""A supergraph other than the whole one: for some clients, or for a router that enforces less."""

from __future__ import annotations

from dataclasses import dataclass

from router.compose.authorization import drop_authorization
from router.compose.contract import Contract, hide
from router.compose.merge import Merged, Whole
from router.diagnostics import Diagnostic, Level


@dataclass(frozen=True, slots=True)
class Variant:
    """What is different: a contract hides a part; without authorization nothing is protected."""

    contract: Contract | None = None
    has_authorization: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether nothing is different."""
        return self.contract is None and self.has_authorization


def vary(whole: Whole, variant: Variant) -> Merged:
    """Change a merged schema that is valid, and write it again."""
    found: list[Diagnostic] = []
    if variant.contract is not None:
        found += hide(whole.space, whole.draft, variant.contract)
    if not variant.has_authorization:
        found += drop_authorization(whole.space, whole.draft)
    errors = tuple(one for one in found if one.level is Level.ERROR)
    hints = tuple(one for one in found if one.level is not Level.ERROR)
    return Merged(None if errors else whole.write(), errors, hints, whole)
