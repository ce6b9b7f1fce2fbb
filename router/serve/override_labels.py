"""Which labels of progressive @override are active for a request.

https://www.apollographql.com/docs/graphos/schema-design/guides/migrate-fields#incremental-migration-with-progressive-override
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from router.execute.served_schema import ServedSchema

PERCENT = re.compile(r"percent\((\d+(?:\.\d+)?)\)")
NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Labels:
    """`switched_on` are the custom labels active for everybody; `percent(n)` is rolled a request:
    one roll for all labels, so that a request sees a consistent migration.
    """

    switched_on: frozenset[str] = NONE
    by_schema: WeakKeyDictionary[ServedSchema, frozenset[str]] = field(
        default_factory=WeakKeyDictionary
    )

    def of(self, schema: ServedSchema) -> frozenset[str]:
        """The active labels among those the schema knows."""
        known = self.by_schema.get(schema)
        if known is None:
            known = self.by_schema[schema] = labels_in(schema)
        if not known:
            return NONE
        roll = random.random() * 100  # noqa: S311 - a rollout, not a secret
        return frozenset(label for label in known if self._is_active(label, roll))

    def _is_active(self, label: str, roll: float) -> bool:
        match = PERCENT.fullmatch(label)
        return roll < float(match[1]) if match else label in self.switched_on


def labels_in(schema: ServedSchema) -> frozenset[str]:
    """Every label that a field of the supergraph has."""
    return frozenset(
        join.override_label
        for owner in schema.supergraph.types.values()
        for field_ in owner.fields.values()
        for join in field_.joins
        if join.override_label
    )
