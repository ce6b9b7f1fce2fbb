"""A plan as a picture: a Mermaid flow chart of its fetches and what waits for what."""

from __future__ import annotations

from router.graph.deferral import shown
from router.mermaid import arrow, box
from router.plan.nodes import (
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
    Subscription,
)


def to_mermaid(plan: QueryPlan) -> str:
    """One box a request; arrows lead from what must be answered first."""
    drawing = _Drawing()
    if plan.node is not None:
        drawing.draw(plan.node, ["client"])
    return "\n".join(["flowchart TD", '  client(["operation"])', *drawing.lines])


class _Drawing:
    """The lines of the chart, and a number for the next box."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.number = 0

    def draw(self, node: PlanNode, after: list[str], label: str = "") -> list[str]:
        """Draw a node behind `after`; what the next one in a sequence comes behind."""
        match node:
            case Fetch():
                return self._box([node.subgraph], after, label)
            case BatchFetch():
                paths = [".".join(path) for group in node.groups for path in group.paths]
                return self._box([node.subgraph, *paths], after, label)
            case Flatten():
                return self._box([node.node.subgraph, ".".join(node.path)], after, label)
            case Sequence():
                for child in node.nodes:
                    after = self.draw(child, after, label)
                return after
            case Parallel():
                return [end for child in node.nodes for end in self.draw(child, after, label)]
            case Condition():
                return self._condition(node, after)
            case Subscription():
                first = self.draw(node.primary, after, "subscribe")
                return self.draw(node.rest, first, "each event") if node.rest else first
            case Defer():
                return self._defer(node, after, label)

    def _condition(self, node: Condition, after: list[str]) -> list[str]:
        clauses = ((node.if_clause, "if"), (node.else_clause, "unless"))
        return [
            end
            for clause, word in clauses
            if clause is not None
            for end in self.draw(clause, after, f"{word} ${node.variable}")
        ]

    def _defer(self, node: Defer, after: list[str], label: str) -> list[str]:
        first = self.draw(node.primary, after, label) if node.primary else after
        for part in node.deferred:
            if part.node is not None:
                self.draw(part.node, first, f"deferred {shown(part.label) or ''}".strip())
        return first

    def _box(self, lines: list[str], after: list[str], label: str) -> list[str]:
        name, self.number = f"f{self.number}", self.number + 1
        self.lines.append(f"  {box(name, lines)}")
        self.lines += [f"  {arrow(before, name, label)}" for before in after]
        return [name]
