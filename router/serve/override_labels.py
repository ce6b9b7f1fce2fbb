"""Which labels of progressive @override are active for a request.

https://www.apollographql.com/docs/graphos/schema-design/guides/migrate-fields#incremental-migration-with-progressive-override
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

PERCENT = re.compile(r"percent\((\d+(?:\.\d+)?)\)")
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Labels:
    """`switched_on` are the custom labels active for everybody; `percent(n)` is rolled a request:
    one roll for all labels, so that a request sees a consistent migration.
    """

    switched_on: frozenset[str] = NONE

    def among(self, known: frozenset[str]) -> frozenset[str]:
        """The active ones of the labels that a schema has."""
        if not known:
            return NONE
        roll = random.random() * 100  # noqa: S311 - a rollout, not a secret
        return frozenset(label for label in known if self._is_active(label, roll))

    def _is_active(self, label: str, roll: float) -> bool:
        match = PERCENT.fullmatch(label)
        return roll < float(match[1]) if match else label in self.switched_on
