"""An operation made ready: parsed, validated and planned once, executed many times."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    VariableDefinitionNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

from router.execute.boolean_variables import boolean_variables
from router.execute.errors import request_error
from router.execute.introspect import asks_schema, introspection_document
from router.execute.json_values import JSON
from router.execute.schedule import Part, Step, schedule
from router.execute.served_schema import ServedSchema
from router.execute.shape import Selections, Shape
from router.graph.deferral import labelled, switches
from router.plan import PlanningError, plan
from router.plan.nodes import QueryPlan

MAX_TOKENS = 15_000
# Each combination of @skip/@include variables has a shape of its own; clients could ask for 2^n.
MAX_SHAPES = 64


class OperationError(Exception):
    """The operation cannot be executed. `errors` are for the client.

    `is_refused` tells a fault of the request (nothing was tried) from an operation without a plan.
    """

    def __init__(self, errors: list[JSON], *, is_refused: bool = True) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors
        self.is_refused = is_refused


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document, and a hash that is the same for all layouts of it."""

    document: DocumentNode
    normal: str


@dataclass(slots=True, eq=False, weakref_slot=True)
class PreparedOperation:
    """An operation of a document with its plan, against one schema.

    `kind` is query, mutation or subscription; `steps` are the plan as the interpreter runs it.
    `parts` are what is delivered apart (none: it is answered at once), `switches` the variables
    that switch its @defers. `compiled` belongs to the compiled engine: None until it has made up
    its mind about this operation.
    """

    schema: ServedSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    plan: QueryPlan
    steps: tuple[Step, ...]
    introspection: DocumentNode | None
    boolean_names: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    switches: tuple[str, ...] = ()
    hits: int = 0
    compiled: Any = None
    shapes: dict[tuple[bool, ...], Shape] = field(default_factory=dict)
    introspected: JSON | None = None
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        # Read several times a request, and the value of an enum's member takes its time.
        self.kind = self.operation.operation.value

    @property
    def name(self) -> str | None:
        """The operation's name, if it has one."""
        return self.operation.name.value if self.operation.name else None

    @property
    def variable_definitions(self) -> tuple[VariableDefinitionNode, ...]:
        """The variables it declares."""
        return tuple(self.operation.variable_definitions or ())

    def switched(self, variables: JSON) -> JSON:
        """The variables with true for each switch of @defer that is left out or null."""
        if not self.switches:
            return variables
        switches = {name: variables.get(name) is not False for name in self.switches}
        return {**variables, **switches}

    def shape(self, variables: JSON) -> Shape:
        """What the response looks like, given the values of the @skip/@include variables; of an
        operation in parts, what the first part looks like.
        """
        values = tuple(variables.get(name) is True for name in self.boolean_names)
        found = self.shapes.get(values)
        if found is None:
            if len(self.shapes) >= MAX_SHAPES:
                self.shapes.clear()
            booleans = dict(zip(self.boolean_names, values, strict=True))
            switched = {name: booleans[name] for name in self.switches} if self.parts else None
            selections = Selections(self.schema.api, self.fragments, booleans, switched)
            found = self.shapes[values] = Shape(selections, (self.operation.selection_set,))
        return found


def prepare(
    schema: ServedSchema,
    parsed_document: ParsedDocument,
    operation_name: str | None = None,
    override_labels: frozenset[str] = frozenset(),
    *,
    in_parts: bool = False,
) -> PreparedOperation:
    """Validate and plan, with `in_parts` for a client that takes what is deferred later.

    Raises OperationError with errors for the client.
    """
    document = _valid(schema, parsed_document.document)
    if in_parts:
        document = labelled(document)
    operation = _chosen(document, operation_name)
    fragments = {
        item.name.value: item
        for item in document.definitions
        if isinstance(item, FragmentDefinitionNode)
    }
    name = operation.name.value if operation.name else None
    try:
        planned = plan(document, schema.graph, name, override_labels, in_parts=in_parts)
    except PlanningError as error:
        raise OperationError([request_error(str(error), error.code)], is_refused=False) from error
    except RecursionError as error:
        raise OperationError([_too_deep()]) from error
    asks = asks_schema(operation.selection_set.selections, fragments)
    scheduled = schedule(planned.node)
    names = switches(document, operation) if scheduled.parts else ()
    return PreparedOperation(
        schema=schema,
        operation=operation,
        fragments=fragments,
        plan=planned,
        steps=scheduled.steps,
        introspection=introspection_document(operation, fragments) if asks else None,
        boolean_names=tuple(dict.fromkeys((*boolean_variables(document), *names))),
        parts=scheduled.parts,
        switches=names,
    )


def parsed(text: str, max_tokens: int = MAX_TOKENS) -> ParsedDocument:
    """Parse a document. Raises OperationError."""
    try:
        document = parse(text, max_tokens=max_tokens)
        printed = print_ast(document)
    except GraphQLSyntaxError as error:
        raise OperationError([_shown(error, "PARSING_ERROR")]) from error
    except RecursionError as error:
        raise OperationError([_too_deep()]) from error
    if "__typename: " in printed:
        _refuse_false_typename(document)
    return ParsedDocument(document, hashlib.sha256(printed.encode()).hexdigest())


def _refuse_false_typename(document: DocumentNode) -> None:
    """Objects must say their type as `__typename`: no other field may have that name."""

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            if node.alias and node.alias.value == "__typename" != node.name.value:
                message = f'"{node.name.value}" cannot be called "__typename".'
                error = GraphQLError(message, node)
                raise OperationError([_shown(error, "GRAPHQL_VALIDATION_FAILED")])

    visit(document, Fields())


def _valid(schema: ServedSchema, document: DocumentNode) -> DocumentNode:
    try:
        errors = validate(schema.api, document)
    except RecursionError as error:
        raise OperationError([_too_deep()]) from error
    if errors:
        raise OperationError([_shown(error, "GRAPHQL_VALIDATION_FAILED") for error in errors])
    return document


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """https://spec.graphql.org/October2021/#GetOperation()"""
    operations = [
        item for item in document.definitions if isinstance(item, OperationDefinitionNode)
    ]
    found = [item for item in operations if name is None or (item.name and item.name.value == name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(item.name.value for item in operations if item.name)
    message = (
        f'The document has no operation "{name}"; it has: {names or "unnamed ones only"}.'
        if name is not None
        else f'Say in "operationName" which operation to run: {names}.'
        if operations
        else "The document has no operation."
    )
    raise OperationError([request_error(message, "GRAPHQL_UNKNOWN_OPERATION_NAME")])


def _shown(error: GraphQLError, code: str) -> JSON:
    shown: JSON = {"message": error.message}
    if error.locations:
        shown["locations"] = [
            {"line": place.line, "column": place.column} for place in error.locations
        ]
    shown["extensions"] = {"code": code}
    return shown


def _too_deep() -> JSON:
    return request_error("The operation is nested too deeply.", "MAX_DEPTH_LIMIT")
