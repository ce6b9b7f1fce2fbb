"""The client's variables checked against the operation, before anything is asked.

https://spec.graphql.org/October2021/#CoerceVariableValues()
"""

from __future__ import annotations

from graphql import GraphQLError, get_variable_values, value_from_ast_untyped

from router.execute.json_values import JSON
from router.execute.prepared import OperationError, PreparedOperation

INVALID = "VALIDATION_INVALID_TYPE_VARIABLE"
MAX_ERRORS = 50


def checked_variables(operation: PreparedOperation, given: JSON) -> JSON:
    """The declared variables as the client sent them, with defaults for those left out.

    They are sent on as they came (a custom scalar is the subgraph's to read), not as coerced here.
    Raises OperationError with one error for each variable that does not fit.
    """
    definitions = operation.variable_definitions
    if not definitions:
        return {}
    result = get_variable_values(operation.schema.api, definitions, given, MAX_ERRORS)
    if isinstance(result, list):
        raise OperationError([_shown(error) for error in result])
    values: JSON = {}
    for definition in definitions:
        name = definition.variable.name.value
        if name in given:
            values[name] = given[name]
        elif definition.default_value is not None:
            values[name] = value_from_ast_untyped(definition.default_value)
    return values


def _shown(error: GraphQLError) -> JSON:
    places = [{"line": item.line, "column": item.column} for item in error.locations or ()]
    shown: JSON = {"message": error.message, "extensions": {"code": INVALID}}
    return {**shown, "locations": places} if places else shown
