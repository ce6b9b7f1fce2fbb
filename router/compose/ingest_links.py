"""The @link applications of a subgraph: what they bring in, and what is wrong with them.

https://specs.apollo.dev/link/v1.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graphql import (
    ConstDirectiveNode,
    ConstValueNode,
    DirectiveDefinitionNode,
    DocumentNode,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    print_ast,
    value_from_ast_untyped,
)

from router.compose.elements import directives_below
from router.compose.link_rules import USAGE, LinkProblem, dotted, link_problems
from router.federation.directives import FEDERATION, LINK, NEWEST
from router.supergraph.links import APOLLO, Link

ADVICE = 'Write "@name", or {name: "@name", as: "@other"}.'
# A document that links neither links nothing: https://specs.apollo.dev/link/v1.0/#bootstrap
SPECIFIED = (f"{LINK}/", f"{FEDERATION}/")


@dataclass(frozen=True, slots=True)
class Linked:
    """The specifications a document links, and what is wrong with the first link that is wrong.

    `directive` is what the document calls @link itself, `is_explicit` whether it links that too.
    """

    links: tuple[Link, ...]
    problems: tuple[LinkProblem, ...]
    directive: str = "link"
    is_explicit: bool = False


def read_links(document: DocumentNode) -> Linked:
    """Every link of a subgraph's schema definition and extensions."""
    nodes = [
        node
        for definition in document.definitions
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode)
        for node in definition.directives or ()
    ]
    defined = {
        definition.name.value
        for definition in document.definitions
        if isinstance(definition, DirectiveDefinitionNode)
    }
    name = next((found for node in nodes if (found := _own_name(node, defined))), "link")
    linking = [node for node in nodes if node.name.value == name]
    if not any(_text(node, "url").startswith(SPECIFIED) for node in linking):
        return Linked((), (), name)  # without them, @link means nothing
    beside = any(_text(node, "url").startswith(f"{FEDERATION}/") for node in linking)
    links: list[Link] = []
    first: list[LinkProblem] = []
    for node in linking:
        problems: list[LinkProblem] = []
        link = _follow(node, problems)
        if link is not None:
            problems += link_problems(link, links, node, beside_federation=beside)
            problems += _shadowed(document, link, node, defined)
            problems += _misnamed(link, links, node, name)
            links += [link] * (not problems)
        first = first or problems
    is_explicit = any(_text(node, "url").startswith(f"{LINK}/") for node in linking)
    return Linked(tuple(links), tuple(first), name, is_explicit)


def _misnamed(link: Link, before: Sequence[Link], node: Node, name: str) -> Iterator[LinkProblem]:
    """A link of the link specification that gives @link another name than it has in use."""
    given = link.directive("link")
    if link.identity == LINK and given != name:
        yield LinkProblem(
            USAGE if before else "INVALID_GRAPHQL",
            f'{link.url} is linked so that @link is called "@{given}", but here it is "@{name}".',
            node,
            f'Call it "@{given}" everywhere, define that, and link {LINK} first.',
        )


def _shadowed(
    document: DocumentNode, link: Link, node: Node, defined: set[str]
) -> Iterator[LinkProblem]:
    """Directives that are imported, but used under the name they have without that."""
    for original, local in link.imports:
        if not original.startswith("@"):
            continue
        name = replace(link, imports=()).directive(original[1:])
        if f"@{name}" != local and name in defined and _is_applied(document, name):
            yield LinkProblem(
                USAGE,
                f'"{original}" of {link.identity} is imported as "{local}", but defined and used '
                f'as "@{name}".',
                node,
                f'Use "{local}" everywhere and remove the definition of "@{name}".',
            )


def _is_applied(document: DocumentNode, directive: str) -> bool:
    return any(node.name.value == directive for node in directives_below(document))


def _own_name(node: ConstDirectiveNode, defined: set[str]) -> str | None:
    """The name of the directive when this application links the link (or core) specification."""
    url = _text(node, "url") or _text(node, "feature")
    name = node.name.value
    if name not in {"link", "core"} and name not in defined:
        return None
    if name == "core" and name not in defined:
        return None
    own = url.startswith((f"{LINK}/v", f"{APOLLO}core/v"))
    return name if own and name in {_text(node, "as") or "link", *_renamed(node), "core"} else None


def _renamed(node: ConstDirectiveNode) -> Iterator[str]:
    for item in _items(node):
        value = value_from_ast_untyped(item)
        if isinstance(value, dict) and value.get("name") == "@link":
            yield str(value.get("as")).removeprefix("@")


def _follow(node: ConstDirectiveNode, problems: list[LinkProblem]) -> Link | None:
    """One link; None, and mostly a problem, for what is none."""
    url = _text(node, "url") or _text(node, "feature")
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    if not url.startswith(("http://", "https://")):
        return None
    found = re.fullmatch(r"(https?://.+/)([^/]+)/v(\d+)\.(\d+)", path)
    if found is None:
        last = path.rsplit("/", 1)[-1] or path
        problems.append(
            LinkProblem(
                "INVALID_LINK_IDENTIFIER",
                f'"{url}" does not end in a name and a version (such as v1.2), but in "{last}".',
                node,
                f"Link a version of it, for Federation {FEDERATION}/v{dotted(NEWEST)}.",
            )
        )
        return None
    return Link(
        url=url,
        identity=path.rsplit("/", 1)[0],
        name=found[2],
        version=(int(found[3]), int(found[4])),
        alias=found[2] if _argument(node, "as") is None else _text(node, "as"),
        purpose=None,
        imports=tuple(_imports(node, problems)),
    )


def _items(node: ConstDirectiveNode) -> tuple[ConstValueNode, ...]:
    value = _argument(node, "import")
    if value is None:
        return ()
    return tuple(value.values) if isinstance(value, ListValueNode) else (value,)


def _imports(node: ConstDirectiveNode, problems: list[LinkProblem]) -> Iterator[tuple[str, str]]:
    for item in _items(node):
        if isinstance(item, StringValueNode):
            yield item.value, item.value
            continue
        value = value_from_ast_untyped(item)
        wrong = ""
        if not isinstance(item, ObjectValueNode) or not isinstance(value, dict):
            wrong = 'is neither a string nor {name: "@element", as: "@name"}'
        elif not isinstance(value.get("name"), str):
            wrong = 'has no "name", or one that is no string'
        elif unknown := [key for key in value if key not in {"name", "as"}]:
            wrong = f'has an unknown field "{unknown[0]}"'
        elif not isinstance(value.get("as", ""), str):
            wrong = 'has an "as" that is no string'
        if wrong:
            problems.append(
                LinkProblem(USAGE, f"{print_ast(item)} in @link(import:) {wrong}.", item, ADVICE)
            )
        elif isinstance(value, dict):
            yield value["name"], value.get("as") or value["name"]


def _text(node: ConstDirectiveNode, argument: str) -> str:
    value = _argument(node, argument)
    return value.value if isinstance(value, StringValueNode) else ""


def _argument(node: ConstDirectiveNode, argument: str) -> ConstValueNode | None:
    """What is given for an argument; None for null, too."""
    given = (item.value for item in node.arguments or () if item.name.value == argument)
    return next((value for value in given if not isinstance(value, NullValueNode)), None)
