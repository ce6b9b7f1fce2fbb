"""Which type a field, argument or input field has when subgraphs say different things.

Output types merge to the widest (nullable over non-null, interface over implementation), input
types to the strictest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode, print_ast


@dataclass(frozen=True, slots=True)
class Lattice:
    """`subtypes` maps an interface or union to the types a value of it may have."""

    subtypes: Mapping[str, frozenset[str]]

    def is_subtype(self, narrow: TypeNode, wide: TypeNode) -> bool:
        """Whether every value of `narrow` is one of `wide`."""
        if isinstance(wide, NonNullTypeNode):
            return isinstance(narrow, NonNullTypeNode) and self.is_subtype(narrow.type, wide.type)
        if isinstance(narrow, NonNullTypeNode):
            return self.is_subtype(narrow.type, wide)
        if isinstance(wide, ListTypeNode):
            return isinstance(narrow, ListTypeNode) and self.is_subtype(narrow.type, wide.type)
        if isinstance(narrow, NamedTypeNode) and isinstance(wide, NamedTypeNode):
            a, b = narrow.name.value, wide.name.value
            return a == b or a in self.subtypes.get(b, frozenset())
        return False

    def widest(self, types: Sequence[TypeNode]) -> TypeNode | None:
        """The one that covers all others; None when there is none."""
        return next(
            (wide for wide in types if all(self.is_subtype(other, wide) for other in types)), None
        )

    def strictest(self, types: Sequence[TypeNode]) -> TypeNode | None:
        """The one that all others cover; None when there is none."""
        return next(
            (narrow for narrow in types if all(self.is_subtype(narrow, other) for other in types)),
            None,
        )


def same(one: TypeNode, other: TypeNode) -> bool:
    """Whether two types are written the same."""
    return print_ast(one) == print_ast(other)
