"""The one type that the schema allows at a place of the response, whatever a subgraph calls it."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import get_named_type

from router.execute.json_values import JSON
from router.execute.places import Place
from router.execute.prepared import PreparedOperation
from router.execute.shape import Shape
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost


@dataclass(frozen=True, slots=True)
class StaticTypes:
    """Of one operation, for these values of its variables."""

    operation: PreparedOperation
    variables: JSON

    def of(self, place: Place) -> str | None:
        """The object type of the place; None where several are possible, or nothing is known."""
        types = self.operation.schema.supergraph.types
        root = self.operation.schema.api.get_root_type(self.operation.operation.operation)
        kind, typename = None, root.name if root else ""
        shape: Shape | None = self.operation.shape(self.variables)
        for step in _way(place):
            if isinstance(step.key, str):
                kind, shape = self._below(typename, shape, step.key)
                if kind is None or kind not in types:
                    return None
            if isinstance(step.value, dict) and kind is not None:
                is_object = types[kind].kind is Kind.OBJECT
                typename = kind if is_object else str(step.value.get("__typename"))
        return kind if kind is not None and types[kind].kind is Kind.OBJECT else None

    def _below(
        self, typename: str, shape: Shape | None, key: str
    ) -> tuple[str | None, Shape | None]:
        """What the client selected there, or (under its own name) what only the plan did."""
        supergraph = self.operation.schema.supergraph
        if shape is not None and self.operation.schema.conditions.knows(typename):
            for entry in shape.fields(typename):
                if entry.key == key and entry.type is not None:
                    return get_named_type(entry.type).name, entry.shape
        owner = supergraph.types.get(typename)
        field = owner.fields.get(key) if owner else None
        return (innermost(field.type) if field else None), None


def _way(place: Place) -> list[Place]:
    """The places from below the root to this one."""
    way: list[Place] = []
    at: Place | None = place
    while at is not None and at.within is not None:
        way.append(at)
        at = at.within
    way.reverse()
    return way
