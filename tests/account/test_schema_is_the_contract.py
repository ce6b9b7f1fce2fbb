"""schema.graphql is the contract; the implementation prints the same."""

from pathlib import Path

from subgraphs.account import graphql_api
from subgraphs.chassis.contract import normalised


def test_the_schema_is_the_contract() -> None:
    contract = (Path(graphql_api.__file__).parent / "schema.graphql").read_text()
    assert normalised(graphql_api.schema.as_str()) == normalised(contract)
