"""Which type a field, argument or input field has when subgraphs say different things.

Output types merge to the widest (nullable over non-null, interface over implementation), input
types to the strictest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode

from router.supergraph.type_names import text


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

    def widest(self, types: Iterable[TypeNode]) -> TypeNode | None:
        """The one that covers all others; None when one after the other they do not.

        Each is held against what those before it came to, as the reference does: two types that
        do not cover each other are a mismatch even if a third would cover both.
        """
        found: TypeNode | None = None
        for type_ in types:
            if found is None or self.is_subtype(found, type_):
                found = type_
            elif not self.is_subtype(type_, found):
                return None
        return found

    def strictest(self, types: Iterable[TypeNode]) -> TypeNode | None:
        """The one that all others cover; None when one after the other they do not."""
        found: TypeNode | None = None
        for type_ in types:
            if found is None or self.is_subtype(type_, found):
                found = type_
            elif not self.is_subtype(found, type_):
                return None
        return found


def same(types: Iterable[TypeNode]) -> bool:
    """Whether all types are written the same."""
    return len({text(type_) for type_ in types}) == 1
