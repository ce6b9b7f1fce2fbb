"""The supergraph's @link applications, and the names by which it knows each specification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from router.compose.merge.composed import Composed, newest_links
from router.compose.merge.features import feature_link, import_text, used_features
from router.compose.merge.workspace import Workspace
from router.supergraph.layout import quoted
from router.supergraph.links import APOLLO

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def supergraph_links(space: Workspace, composed: Sequence[Composed]) -> Iterator[str]:
    """Links to the specifications of directives in use, then to those of composed directives."""
    features = list(used_features(space))
    custom = newest_links(composed)
    owners: dict[str, str] = {}
    for feature in features:
        for name, _ in feature.directives:
            owners[space.features.get(name, name)] = f"{APOLLO}{feature.name}"
    for found in composed:
        owners[found.name] = found.link.identity
    identities = [f"{APOLLO}{feature.name}" for feature in features]
    identities += [link.identity for link in custom]
    aliases = _aliases(identities, owners)
    for feature in features:
        yield feature_link(space, feature, aliases[f"{APOLLO}{feature.name}"])
    for link in custom:
        names = {one.original: one.name for one in composed if one.link.identity == link.identity}
        imports = ", ".join(import_text(original, local) for original, local in names.items())
        alias = aliases[link.identity]
        named = f", as: {quoted(alias)}" if alias else ""
        yield f"@link(url: {quoted(link.url)}{named}, import: [{imports}])"


def specification_names(space: Workspace, composed: Sequence[Composed]) -> frozenset[str]:
    """The names before `__` of what belongs to a linked specification, and so to no client."""
    names = [feature.name for feature in used_features(space)]
    return frozenset((*names, *(link.name for link in newest_links(composed))))


def _aliases(identities: Iterable[str], owners: Mapping[str, str]) -> dict[str, str]:
    """Identity -> the name it needs because its own is no name or taken; empty where it is free.

    `owners` are the names of directives with the specification each is of.
    """
    taken: set[str] = set()
    found: dict[str, str] = {}
    number = 0
    for identity in identities:
        name = identity.rsplit("/", 1)[-1]
        is_free = (
            NAME.fullmatch(name) is not None
            and name not in taken
            and not any(
                owner != identity and (local == name or local.startswith(f"{name}__"))
                for local, owner in owners.items()
            )
        )
        plain = re.sub(r"\W", "", name)
        found[identity] = "" if is_free else f"_{number}{plain}"
        number += not is_free
        taken.add(found[identity] or name)
    return found
