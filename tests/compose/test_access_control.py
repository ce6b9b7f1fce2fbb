"""@authenticated, @requiresScopes, @policy: what any subgraph demands holds for all."""

from tests.compose.story import definition, errors, supergraph


def test_the_demands_of_all_subgraphs_hold_together() -> None:
    found = supergraph(
        a="""type Query {
          a: Int @shareable @authenticated @requiresScopes(scopes: [["read", "own"], ["admin"]])
        }""",
        b='type Query { a: Int @shareable @requiresScopes(scopes: [["audit"]]) }',
    )
    assert (
        "  a: Int @authenticated "
        '@requiresScopes(scopes: [["admin", "audit"], ["audit", "own", "read"]])\n' in found
    )


def test_demands_with_alternatives_beyond_counting_are_refused() -> None:
    def asking(name: str) -> str:
        policies = ", ".join(f'["{name}{number}"]' for number in range(100))
        return f"type Query {{ a: Int @shareable @policy(policies: [{policies}]) }}"

    assert errors(a=asking("x"), b=asking("y")) == [("DIRECTIVE_COMPOSITION_ERROR", "Query.a")]


def test_an_interface_demands_what_its_implementations_do() -> None:
    found = supergraph(
        a="""
          type Query { node: Node }
          interface Node { id: ID! }
          type User implements Node { id: ID! @requiresScopes(scopes: [["read"]]) }
        """
    )
    assert '  id: ID! @requiresScopes(scopes: [["read"]])\n' in definition(found, "interface Node")


def test_a_field_that_reads_a_protected_one_demands_as_much() -> None:
    catalog = """
      type Query { product: Product }
      type Product @key(fields: "id") { id: ID! cost: Int @authenticated }
    """
    prices = """
      type Product @key(fields: "id") {
        id: ID! cost: Int @external margin: Int @requires(fields: "cost")
      }
    """
    assert errors(catalog=catalog, prices=prices) == [
        ("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", "Product.margin")
    ]
    protected = prices.replace("margin: Int", "margin: Int @authenticated")
    assert errors(catalog=catalog, prices=protected) == []
