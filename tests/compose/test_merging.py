"""Types that several subgraphs define: what is wide goes out, what is strict comes in."""

from tests.compose.story import definition, errors, hints, supergraph


def test_a_field_has_the_widest_of_its_types() -> None:
    found = supergraph(
        a="type Query { a: Money } type Money @shareable { amount: Int! }",
        b="type Query { b: Money } type Money @shareable { amount: Int }",
    )
    assert (
        '  amount: Int @join__field(graph: A, type: "Int!") @join__field(graph: B, type: "Int")\n'
    ) in definition(found, "type Money")


def test_types_that_do_not_cover_each_other_are_a_mistake() -> None:
    a = "type Query { a: Money } type Money @shareable { amount: Int }"
    b = "type Query { b: Money } type Money @shareable { amount: String }"
    assert errors(a=a, b=b) == [("FIELD_TYPE_MISMATCH", "Money.amount")]
    b = "type Query { b: Money } scalar Money"
    assert errors(a=a, b=b) == [("TYPE_KIND_MISMATCH", "Money")]


def test_an_input_has_the_fields_that_all_know_under_the_strictest_type() -> None:
    a = "type Query { a(f: Filter): Int } input Filter { name: String price: Int }"
    b = "type Query { b(f: Filter): Int } input Filter { name: String! }"
    found = definition(supergraph(a=a, b=b), "input Filter")
    assert "  name: String! @join__field" in found
    assert "price" not in found
    assert ("INCONSISTENT_INPUT_OBJECT_FIELD", "Filter.price") in hints(a=a, b=b)


def test_what_one_subgraph_demands_all_must_know() -> None:
    a = "type Query { a(f: Filter): Int } input Filter { name: String price: Int! }"
    b = "type Query { b(f: Filter): Int } input Filter { name: String }"
    assert errors(a=a, b=b) == [("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", "Filter.price")]


def test_an_enum_of_answers_has_all_values_and_one_of_arguments_those_in_common() -> None:
    a = "type Query { a(sort: Sort): Code } enum Code { A B } enum Sort { UP DOWN }"
    b = "type Query { b(sort: Sort): Code } enum Code { B C } enum Sort { UP SIDE }"
    found = supergraph(a=a, b=b)
    assert definition(found, "enum Code").split("{")[1] == (
        "\n  A @join__enumValue(graph: A)"
        "\n  B @join__enumValue(graph: A) @join__enumValue(graph: B)"
        "\n  C @join__enumValue(graph: B)\n}\n"
    )
    assert "DOWN" not in definition(found, "enum Sort")


def test_an_enum_of_both_must_have_the_same_values_everywhere() -> None:
    a = "type Query { a(both: Both): Both } enum Both { X Y }"
    b = "type Query { b(both: Both): Both } enum Both { X }"
    assert errors(a=a, b=b) == [("ENUM_VALUE_MISMATCH", "Both.Y")]


def test_a_union_has_all_members_and_each_subgraph_its_own() -> None:
    found = supergraph(
        a="type Query { a: Any } union Any = X type X { x: Int }",
        b="type Query { b: Any } union Any = Y type Y { y: Int }",
    )
    assert definition(found, "union Any").endswith(
        '  @join__unionMember(graph: A, member: "X")\n'
        '  @join__unionMember(graph: B, member: "Y")\n  = X | Y\n'
    )


def test_the_description_of_most_subgraphs_wins() -> None:
    one, other = '"One." scalar Date', '"Other." scalar Date'
    sdls = {name: f"type Query {{ {name}: Date }} {one}" for name in "ab"}
    sdls["c"] = f"type Query {{ c: Date }} {other}"
    assert '"""\nOne.\n"""\nscalar Date' in supergraph(**sdls)
    assert hints(**sdls) == [("INCONSISTENT_DESCRIPTION", "Date")]
