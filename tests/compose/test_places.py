"""A diagnostic points at the definition: past its description, in lines as GraphQL counts them."""

import pytest

from router.compose import Source, compose
from router.diagnostics import show

PROBLEM = "a: Missing"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_every_line_end_of_graphql_counts_and_none_of_pythons(end: str) -> None:
    described = '  "Form feed \x0c, line separator \u2028: no ends of lines." # nor here'
    sdl = end.join(["type Query {", described, f"  {PROBLEM}", "}"])
    [error] = compose([Source("a", "http://a", sdl, "a.graphql")]).errors
    [place] = error.locations
    assert (place.file, place.line, place.column) == ("a.graphql", 3, 3)
    assert place.source_line == f"  {PROBLEM}"


def test_a_person_sees_code_coordinate_place_and_what_to_do() -> None:
    sdl = 'type Query {\n  """\n  What it is.\n  """\n  a: Missing\n}'
    [error] = compose([Source("shop", "http://shop", sdl, "shop/schema.graphql")]).errors
    assert show(error).splitlines() == [
        "INVALID_GRAPHQL  Query.a",
        '  [shop] "Query.a" names the type "Missing", which this subgraph does not define.',
        "  shop/schema.graphql:5:3",
        "    5 |   a: Missing",
        "      |   ^",
        "  Define it here (a stub with its @key is enough for an entity), or mend the name.",
    ]
