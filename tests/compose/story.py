"""SDL in, supergraph or errors out: the words in which the tests of composition are told."""

from __future__ import annotations

from textwrap import dedent

from router.compose import Composition, Source, compose

NAMES = (
    *("key", "external", "requires", "provides", "shareable", "override", "inaccessible", "tag"),
    *("interfaceObject", "authenticated", "requiresScopes", "policy", "context", "fromContext"),
    *("cost", "listSize", "composeDirective"),
)
IMPORTS = ", ".join(f'"@{name}"' for name in NAMES)
LINK = (
    f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{IMPORTS}])\n'
)


def composition(**sdls: str) -> Composition:
    """What comes of subgraphs of Federation 2.9 that import all of it; of 1, as `name_1=`."""
    return compose(
        [
            Source(name, f"http://{name}", sdl if name.endswith("_1") else LINK + sdl)
            for name, sdl in sdls.items()
        ]
    )


def supergraph(**sdls: str) -> str:
    """The SDL of the supergraph."""
    found = composition(**sdls)
    assert found.supergraph_sdl is not None, found.errors
    return found.supergraph_sdl


def definition(sdl: str, head: str) -> str:
    """One definition of a supergraph, as it stands there: `definition(sdl, "type Product")`."""
    [found] = [part for part in sdl.split("\n\n") if part.split("\n", 1)[0].startswith(head)]
    return f"\n{found.strip()}\n"


def errors(**sdls: str) -> list[tuple[str, str]]:
    """Code and coordinate of everything that is wrong."""
    return [(error.code, error.coordinate) for error in composition(**sdls).errors]


def hints(**sdls: str) -> list[tuple[str, str]]:
    """Code and coordinate of everything worth knowing."""
    return [(hint.code, hint.coordinate) for hint in composition(**sdls).hints]


def text(sdl: str) -> str:
    """An expected definition without the indentation of the test."""
    return dedent(sdl)
