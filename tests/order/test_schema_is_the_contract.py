"""schema.graphql is the contract; the implementation prints the same."""

from pathlib import Path

import subgraphs.order
from subgraphs.chassis.contract import normalised
from subgraphs.order.graphql_api.operations import schema


def test_the_schema_is_the_contract() -> None:
    contract = (Path(subgraphs.order.__file__).parent / "schema.graphql").read_text()
    assert normalised(schema.as_str()) == normalised(contract)
