"""Which object types an interface or a union stands for, in the whole supergraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from router.supergraph.model import Kind, Supergraph


@dataclass(frozen=True, slots=True)
class TypeConditions:
    """Answers whether an object of a type passes `... on Condition`.

    Types hidden from clients count as well: a plan may lead through them.
    """

    names_by_condition: Mapping[str, frozenset[str]]
    type_names: frozenset[str]

    def knows(self, name: object) -> TypeGuard[str]:
        """Whether it is the name of a type at all."""
        return isinstance(name, str) and name in self.type_names

    def holds(self, typename: object, condition: str) -> bool:
        """Whether `... on condition` applies to an object whose `__typename` is `typename`.

        An @interfaceObject calls its objects by the interface's name: that name passes too. What
        is no name at all (a subgraph may send anything) passes nothing.
        """
        if typename == condition:
            return True
        names = self.names_by_condition.get(condition, frozenset())
        return isinstance(typename, str) and typename in names

    def may_call_itself(self, said: object, wanted: str) -> bool:
        """Whether an entity asked for as `wanted` may answer with this `__typename`.

        None says nothing. An object may say the name of an interface (@interfaceObject), and what
        is asked for by an interface's name says which object type it is.
        """
        if said is None or self.holds(said, wanted):
            return True
        return isinstance(said, str) and self.holds(wanted, said)


def type_conditions(supergraph: Supergraph) -> TypeConditions:
    """Read them from the supergraph; an interface also covers the interfaces that implement it."""
    names: dict[str, set[str]] = {}
    for item in supergraph.types.values():
        for interface in item.interfaces:
            names.setdefault(interface, set()).add(item.name)
        if item.kind is Kind.UNION:
            names.setdefault(item.name, set()).update(member for _, member in item.members)
    by_condition = {name: frozenset(found) for name, found in names.items()}
    return TypeConditions(by_condition, frozenset(supergraph.types))
