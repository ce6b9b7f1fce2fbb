"""Composing subgraphs given as SDL, and looking at what comes of it."""

from __future__ import annotations

from router.compose import Composition, Source, compose

NEWEST = "2.14"


def linked(*imports: str, version: str = NEWEST) -> str:
    """A link to Federation, with some of its directives imported."""
    listed = ", ".join(f'"@{name}"' for name in imports)
    url = f"https://specs.apollo.dev/federation/v{version}"
    return f'extend schema @link(url: "{url}", import: [{listed}])\n'


def composed(*sdls: str) -> Composition:
    """What comes of subgraphs named a, b, c."""
    return compose(
        [Source(name, f"http://{name}", sdl) for name, sdl in zip("abcdefgh", sdls, strict=False)]
    )


def codes(*sdls: str) -> set[str]:
    """The codes of what is wrong with subgraphs."""
    return {error.code for error in composed(*sdls).errors}


def hint_codes(*sdls: str) -> set[str]:
    """The codes of the hints about subgraphs that compose."""
    found = composed(*sdls)
    assert not found.errors
    return {hint.code for hint in found.hints}


def supergraph(*sdls: str) -> str:
    """The supergraph of subgraphs that compose."""
    found = composed(*sdls)
    assert found.supergraph_sdl is not None, found.errors
    return found.supergraph_sdl
