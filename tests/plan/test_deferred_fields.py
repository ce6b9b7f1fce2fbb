"""Which deferred fields are fetched later, and from where: operation in, plan out."""

from tests.plan.deferring_shop import brief, text


def test_a_deferred_field_of_another_subgraph_is_fetched_by_key_later() -> None:
    found = brief("{ product(id: 1) { name ... @defer { stars } } }")
    assert found == text("""
        catalog#0: {product(id:1){name id __typename}}
        later at product after [0]: { stars }
          reviews at product: {...on Product{stars}}
    """)


def test_a_deferred_field_is_fetched_later_even_from_the_subgraph_of_its_object() -> None:
    assert brief("{ product(id: 1) { name ... @defer { weight } } }") == text("""
        catalog#0: {product(id:1){name id __typename}}
        later at product after [0]: { weight }
          catalog at product: {...on Product{weight}}
    """)


def test_a_deferred_field_of_a_type_without_key_comes_along_with_its_object() -> None:
    assert brief("{ product(id: 1) { size { width ... @defer { height } } } }") == text("""
        catalog: {product(id:1){size{width height}}}
        later at product.size after []: { height }
    """)


def test_with_a_field_of_a_type_without_key_comes_all_that_its_subgraph_has_below_it() -> None:
    operation = "{ product(id: 1) { size { width ... @defer { maker { country rating } } } } }"
    assert brief(operation) == text("""
        catalog#0: {product(id:1){size{width maker{country id __typename}}}}
        later at product.size after [0]: { maker { country rating } }
          reviews at product.size.maker: {...on Maker{rating}}
    """)


def test_what_is_in_the_key_or_selected_anyway_is_not_fetched_again() -> None:
    assert brief("{ product(id: 1) { name ... @defer { id name } } }") == text("""
        catalog: {product(id:1){name id}}
        later at product after []: { id name }
    """)


def test_objects_that_are_known_are_not_fetched_again_for_fields_below_them() -> None:
    assert brief(
        "{ product(id: 1) { maker { country } ... @defer { maker { rating } } } }"
    ) == text("""
        catalog#0: {product(id:1){maker{country id __typename}}}
        later at product after [0]: { maker { rating } }
          reviews at product.maker: {...on Maker{rating}}
    """)


def test_a_part_of_a_value_that_is_known_is_fetched_again_by_the_key_around_it() -> None:
    assert brief("{ product(id: 1) { size { width } ... @defer { size { height } } } }") == text("""
        catalog#0: {product(id:1){size{width} id __typename}}
        later at product after [0]: { size { height } }
          catalog at product: {...on Product{size{height}}}
    """)


def test_an_entity_below_a_deferred_value_waits_for_the_value() -> None:
    assert brief("{ product(id: 1) { name ... @defer { size { maker { rating } } } } }") == text("""
        catalog#0: {product(id:1){name id __typename}}
        later at product after [0]: { size { maker { rating } } }
          catalog at product: {...on Product{size{maker{id __typename}}}}
          reviews at product.size.maker: {...on Maker{rating}}
    """)


def test_what_a_deferred_field_requires_is_fetched_before_it() -> None:
    assert brief("{ product(id: 1) { name ... @defer { cost } } }") == text("""
        catalog#0: {product(id:1){name weight __typename id}}
        later at product after [0]: { cost }
          shipping at product: {...on Product{cost}}
    """)


def test_deferred_root_fields_wait_for_nothing() -> None:
    assert brief("{ product(id: 1) { name } ... @defer { newest { stars } } }") == text("""
        catalog: {product(id:1){name}}
        later at the root after []: { newest { stars } }
          reviews: {newest{stars}}
    """)


def test_objects_of_an_interface_are_deferred_by_type_where_they_have_keys() -> None:
    operation = (
        "{ offers { id ... @defer { title ... on Book { pages } ... on Voucher { amount } } } }"
    )
    assert brief(operation) == text("""
        catalog#0: {offers{__typename id title ...on Book{id __typename} ...on Voucher{amount}}}
        later at offers after [0]: { title ... on Book { pages } ... on Voucher { amount } }
          reviews at offers.@: {...on Book{pages}}
    """)
    assert brief("{ offers { id ... on Book @defer { pages } } }") == text("""
        catalog#0: {offers{__typename id ...on Book{id __typename}}}
        later at offers after [0]: { ... on Book { pages } }
          reviews at offers.@: {...on Book{pages}}
    """)


def test_members_of_a_union_share_a_request() -> None:
    operation = "{ found { ... @defer { ... on Product { stars } ... on Maker { rating } } } }"
    assert brief(operation) == text("""
        catalog#0: {found{__typename ...on Product{id __typename} ...on Maker{id __typename}}}
        later at found after [0]: { ... on Product { stars } ... on Maker { rating } }
          reviews at found.@: {...on Product{stars} ...on Maker{rating}}
    """)


def test_what_is_provided_on_this_way_alone_comes_along() -> None:
    assert brief("{ rated { id ... @defer { name stars } } }") == text("""
        reviews#0: {rated{id name __typename}}
        later at rated after [0]: { name stars }
          reviews at rated: {...on Product{stars}}
    """)
