"""For each concept of federation: an operation, and the plan it must have."""

import pytest
from graphql import parse, validate

from router.execute.served_schema import served_schema
from router.plan import plan
from router.plan.display import to_text
from tests.plan.concept_cases import NAMES, Case, cases, supergraph
from tests.plan.subgraph_schema import fetches, subgraph_schema

CASES = [case for concept in NAMES for case in cases(concept)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.concept}: {case.title}")
def test_an_operation_is_planned_as_shown(case: Case) -> None:
    schema = served_schema(supergraph(case.concept))
    document = parse(case.operation)
    assert validate(schema.api, document) == []
    found = plan(document, schema.graph, None, case.labels)
    assert to_text(found).strip() == case.plan
    for fetch in fetches(found.node):
        served = subgraph_schema(schema.graph, fetch.subgraph)
        assert validate(served, parse(fetch.operation)) == []
