"""The @link applications of a subgraph: what they bring in, and what is wrong with them.

https://specs.apollo.dev/link/v1.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    ConstDirectiveNode,
    ConstValueNode,
    DirectiveDefinitionNode,
    DocumentNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    print_ast,
    value_from_ast_untyped,
)

from router.federation.directives import (
    CONNECT,
    FEDERATION,
    LINK,
    NEWEST,
    defined_in,
    scalars_in,
)
from router.supergraph.links import APOLLO, Link

USAGE = "INVALID_LINK_DIRECTIVE_USAGE"
# Specifications of the supergraph whose directives a subgraph imports from Federation's instead.
THROUGH_FEDERATION = frozenset({"inaccessible"})


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """A @link that cannot be followed, with what to do about it."""

    code: str
    message: str
    node: Node
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """The specifications a document links, and what is wrong with how it does.

    `directive` is what the document calls @link itself.
    """

    links: tuple[Link, ...]
    problems: tuple[LinkProblem, ...]
    directive: str = "link"


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
    links: list[Link] = []
    problems: list[LinkProblem] = []
    for node in nodes:
        if node.name.value == name:
            _follow(node, links, problems)
    return Linked(tuple(links), tuple(problems), name)


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


def _follow(node: ConstDirectiveNode, links: list[Link], problems: list[LinkProblem]) -> None:
    """Add one link to `links`, or why not to `problems`."""
    url = _text(node, "url") or _text(node, "feature")
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    found = re.fullmatch(r"(https?://.+/|)?([^/]+)/v(\d+)\.(\d+)", path)
    if found is None or not url.startswith(("http://", "https://")):
        if path.startswith(APOLLO):
            last = path.rsplit("/", 1)[-1] or path
            problems.append(
                LinkProblem(
                    "INVALID_LINK_IDENTIFIER",
                    f'"{url}" ends in no version (such as v1.2), but in "{last}".',
                    node,
                    f"Link a version of it, for Federation {FEDERATION}/v{_dotted(NEWEST)}.",
                )
            )
        return
    link = Link(
        url=url,
        identity=path.rsplit("/", 1)[0],
        name=found[2],
        version=(int(found[3]), int(found[4])),
        alias=_text(node, "as") or found[2],
        purpose=None,
        imports=tuple(_imports(node, problems)),
    )
    problems += _refused(link, node)
    problems += _clashes(link, links, node)
    links.append(link)


def _refused(link: Link, node: Node) -> Iterator[LinkProblem]:
    """Links to what cannot be followed whatever else the document says."""
    if "__" in link.alias:
        yield LinkProblem(
            USAGE,
            f'Cannot link "{link.identity}" as "{link.alias}": a name with "__" in it would be '
            "mistaken for a prefix.",
            node,
            "Choose another name with `as:`.",
        )
    if not re.fullmatch(r"[_A-Za-z]\w*", link.alias, re.ASCII):
        yield LinkProblem(
            USAGE,
            f'Cannot link "{link.identity}" as "{link.alias}": that is no GraphQL name.',
            node,
            "Choose another name with `as:`.",
        )
    for original, local in link.imports:
        if not re.fullmatch(r"@?[_A-Za-z]\w*", local, re.ASCII):
            yield LinkProblem(
                USAGE, f'"{original}" is imported as "{local}", which is no GraphQL name.', node
            )
    if link.identity == LINK and link.version != (1, 0):
        yield LinkProblem(
            USAGE,
            f"There is no link v{_dotted(link.version)} that this composer knows.",
            node,
            f"Link {LINK}/v1.0, or leave that link out.",
        )
    if link.identity == CONNECT:
        yield LinkProblem(
            "UNSUPPORTED_LINKED_FEATURE",
            f"Connectors ({link.url}) are not supported: a subgraph here is a GraphQL service.",
            node,
            "Serve the data from a GraphQL subgraph, or compose with a router that has connectors.",
        )
    if link.identity == FEDERATION:
        yield from _federation(link, node)
    elif link.identity.startswith(APOLLO) and link.name in THROUGH_FEDERATION:
        yield LinkProblem(
            USAGE,
            f'"@{link.name}" is linked from {link.identity}, the specification for supergraphs.',
            node,
            f'Import "@{link.name}" from {FEDERATION} instead.',
        )


def _federation(link: Link, node: Node) -> Iterator[LinkProblem]:
    if not (2, 0) <= link.version <= NEWEST:
        yield LinkProblem(
            "UNKNOWN_FEDERATION_LINK_VERSION",
            f"There is no Federation v{_dotted(link.version)} that this composer knows.",
            node,
            f"It knows v2.0 to v{_dotted(NEWEST)}.",
        )
        return
    directives, scalars = defined_in(link.version), scalars_in(link.version)
    for original, local in link.imports:
        name = original.removeprefix("@")
        if name not in (directives if original.startswith("@") else scalars):
            yield LinkProblem(
                USAGE,
                f"Federation v{_dotted(link.version)} has no element {original} to import.",
                node,
                _advice(name, original),
            )
        elif original.startswith("@") != local.startswith("@"):
            yield LinkProblem(
                USAGE,
                f'"{original}" is imported as "{local}": directives start with "@" on both sides, '
                "types on neither.",
                node,
                f'Write "@{local.removeprefix("@")}".' if original.startswith("@") else "",
            )


def _advice(name: str, original: str) -> str:
    since = next(
        (version for minor in range(NEWEST[1] + 1) if name in defined_in(version := (2, minor))),
        None,
    )
    if since is None:
        return "Remove it from the import list, or mend its name."
    if not original.startswith("@"):
        return f'It is a directive: write "@{name}".'
    return f"@{name} came with v{_dotted(since)}: link that version or a newer one."


def _clashes(link: Link, links: list[Link], node: Node) -> Iterator[LinkProblem]:
    """Names that two links would give to different things."""
    advice = "Rename one of the two with `as:`."
    for other in links:
        if other.identity == link.identity:
            yield LinkProblem(
                USAGE, f'"{link.identity}" is linked twice.', node, "Keep one of the two links."
            )
            return
        if other.alias == link.alias:
            yield LinkProblem(
                USAGE,
                f'"{link.alias}" is the name of both {other.url} and {link.url}.',
                node,
                advice,
            )
    taken = {local: (other, name) for other in links for name, local in other.imports}
    own: dict[str, str] = {}
    for original, local in link.imports:
        if own.setdefault(original, local) != local:
            yield LinkProblem(
                USAGE, f"{original} is imported twice, as {own[original]} and as {local}.", node
            )
        if local in taken:
            yield LinkProblem(
                USAGE,
                f"{local} is imported from both {taken[local][0].url} and {link.url}.",
                node,
                advice,
            )
    yield from _mistaken(link, links, node)


def _mistaken(link: Link, links: list[Link], node: Node) -> Iterator[LinkProblem]:
    """Imports whose local name reads as another specification's."""
    spaces = {other.alias: other for other in (*links, link)}
    for other in (*links, link):
        for original, local in other.imports:
            bare = local.removeprefix("@")
            space = spaces.get(bare) or spaces.get(bare.split("__", 1)[0] if "__" in bare else "")
            if space is not None and space != other and link in {space, other}:
                yield LinkProblem(
                    USAGE,
                    f"{original} of {other.url} is imported as {local}, which reads as an element "
                    f"of {space.url}.",
                    node,
                    "Rename one of the two with `as:`.",
                )


def _items(node: ConstDirectiveNode) -> tuple[ConstValueNode, ...]:
    for argument in node.arguments or ():
        if argument.name.value == "import":
            value = argument.value
            return tuple(value.values) if isinstance(value, ListValueNode) else (value,)
    return ()


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
                LinkProblem(USAGE, f"{print_ast(item)} in @link(import:) {wrong}.", item)
            )
        elif isinstance(value, dict):
            yield value["name"], value.get("as") or value["name"]


def _text(node: ConstDirectiveNode, argument: str) -> str:
    for item in node.arguments or ():
        if item.name.value == argument and isinstance(item.value, StringValueNode):
            return item.value.value
    return ""


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
