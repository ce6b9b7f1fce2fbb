"""What a key, @requires or a context may need: never a field that a label of @override moves.

Whether the label is active is settled where a client asks for a field, not where the router does to
get at another, so no answer may depend on it there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from router.graph.context_selection import context_items
from router.graph.entering import Hop
from router.graph.field_sets import field_set_items
from router.graph.lookup import Node, Provided
from router.graph.model import SubgraphField
from router.graph.operation import Item
from router.graph.reach import Reach


@dataclass(slots=True)
class SettledReach(Reach):
    """Reach that gathers conditions from fields without a label only."""

    _conditions: int = 0
    _taken: Mapping[str, Collection[tuple[Item, ...]]] = field(init=False)

    def __post_init__(self) -> None:
        """Read what contextual arguments take from each context."""
        taken: dict[str, set[str]] = {}
        for views in self.graph.types.values():
            for view in views.values():
                for found in view.fields.values():
                    for one in found.context_arguments:
                        taken.setdefault(one.context, set()).add(one.selection)
        self._taken = {
            context: [context_items(text) for text in texts] for context, texts in taken.items()
        }

    def gathered(
        self, known: Mapping[Node, Hop], type_name: str, contexts: Iterable[str]
    ) -> frozenset[str]:
        """Of the contexts that a type sets, those whose values can all be had of its objects."""
        return frozenset(
            context
            for context in contexts
            if all(
                self.collect(known, type_name, items) is not None
                for items in self._taken.get(context, ())
            )
        )

    def collect(
        self, known: Mapping[Node, Hop], type_name: str, items: tuple[Item, ...]
    ) -> int | None:
        """The stage after which a field set is known when gathered from `known` nodes."""
        self._conditions += 1
        try:
            return Reach.collect(self, known, type_name, items)
        finally:
            self._conditions -= 1

    def local(self, node: Node, name: str, provided: Provided) -> SubgraphField | None:
        """The field, when it can be selected at the node as it is."""
        found = Reach.local(self, node, name, provided)
        if found is None or (found.label is not None and self._conditions):
            return None
        view = self.graph.view(*node)
        own = view.fields.get(name) if view else None
        is_met = own is not None and own.requires is not None and found.requires is None
        return found if not is_met or self._has_own_key(node) else None

    def _has_own_key(self, node: Node) -> bool:
        """Whether objects have a key there that nothing provides.

        Composition asks for one even where @provides has what @requires needs.
        """
        view = self.graph.view(*node)
        here = {node: Hop(0, None)}
        return view is not None and any(
            self.collect(here, node.type_name, field_set_items(key.selections)) is not None
            for key in view.keys
        )
