"""schema.graphql is the contract; the implementation prints the same."""

from pathlib import Path

import subgraphs.payment
from subgraphs.chassis.contract import normalised
from subgraphs.payment.graphql_api.operations import schema


def test_the_schema_is_the_contract() -> None:
    contract = (Path(subgraphs.payment.__path__[0]) / "schema.graphql").read_text()
    assert normalised(schema.as_str()) == normalised(contract)
