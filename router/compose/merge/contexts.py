"""@context and @fromContext: what a type offers to what is below it, and who takes it.

https://www.apollographql.com/docs/graphos/reference/federation/directives#fromcontext
"""

from __future__ import annotations

import re

from router.compose.merge.draft import Applied
from router.compose.merge.workspace import Sources, Workspace
from router.compose.subgraph import InputValue, Subgraph
from router.supergraph.layout import quoted
from router.supergraph.type_names import text

# "$name selection": blanks and commas do not count before the name.
TAKEN = re.compile(r"[\s,]*\$[\s,]*([A-Za-z_]\w*)(.*)", re.DOTALL)


def context_argument(subgraph: Subgraph, argument: InputValue) -> str | None:
    """An argument's part in `contextArguments`; None when it comes from no context."""
    application = argument.applied("fromContext")
    found = TAKEN.fullmatch(application.text("field")) if application else None
    if found is None:
        return None
    context = quoted(f"{subgraph.name}__{found[1]}")
    return (
        f"{{context: {context}, name: {quoted(argument.name)}, type: {quoted(text(argument.type))}"
        f", selection: {quoted(found[2])}}}"
    )


def offered_contexts(space: Workspace, sources: Sources) -> list[Applied]:
    """The contexts a type offers, each under its subgraph's name."""
    found = []
    for graph, type_ in sources:
        for context in type_.all_applied("context"):
            name = quoted(f"{graph.name}__{context.text('name')}")
            found.append(Applied("context", space.features["context"], f"(name: {name})"))
    return found
