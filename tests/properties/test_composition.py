"""What composition must keep whatever is composed: a random world split at random."""

from __future__ import annotations

from graphql import parse, print_schema
from hypothesis import assume, given, note
from hypothesis import strategies as st

from router.compose import Composition, Source, compose
from router.supergraph.api_schema import api_schema
from router.supergraph.read_sdl import read_sdl
from router.supergraph.write_sdl import write_sdl
from tests.compose.normal_form import differing
from tests.properties.choices import Choices
from tests.properties.endless import IN_TIME, examples
from tests.properties.split import random_placement
from tests.properties.subgraph_sdl import subgraph_sdl
from tests.properties.world import World, random_world

SETTINGS = examples(100)


def split_world(data: st.DataObject) -> tuple[World, list[Source]]:
    choices = Choices(data)
    world = random_world(choices)
    placement = random_placement(choices, world)
    assume(world.roots["Query"].fields)
    sdls = {name: subgraph_sdl(placement, name) for name in placement.subgraphs}
    for name, sdl in sdls.items():
        note(f"# {name}\n{sdl}")
    return world, [Source(name, f"http://{name}", sdl) for name, sdl in sdls.items() if sdl]


def supergraph_of(found: Composition) -> str:
    assert found.supergraph_sdl is not None, found.errors
    return found.supergraph_sdl


@IN_TIME
@given(st.data())
@SETTINGS
def test_the_order_of_subgraphs_changes_nothing(data: st.DataObject) -> None:
    _, sources = split_world(data)
    shuffled = data.draw(st.permutations(sources))
    assert compose(shuffled) == compose(sources)


@IN_TIME
@given(st.data())
@SETTINGS
def test_a_supergraph_that_is_read_and_written_stays_the_same(data: st.DataObject) -> None:
    _, sources = split_world(data)
    text = supergraph_of(compose(sources))
    assert write_sdl(parse(text)) == text
    assert write_sdl(read_sdl(text).document) == text


@IN_TIME
@given(st.data())
@SETTINGS
def test_what_was_split_from_a_monolith_composes_to_its_schema(data: st.DataObject) -> None:
    world, sources = split_world(data)
    clients = print_schema(api_schema(read_sdl(supergraph_of(compose(sources)))))
    assert differing(world.sdl(), clients) == []
