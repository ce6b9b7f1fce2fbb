"""One request to /graphql, from its bytes to the answer's; no server and no task in sight."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from router.edge.header_rules import ForwardingRules
from router.execute.engine import (
    Engine,
    ExecutionRequest,
    Response,
    Timeouts,
    with_extensions,
)
from router.execute.errors import request_error
from router.execute.json_values import JSON, encode
from router.execute.prepared import OperationError, PreparedOperation
from router.execute.transport import Cancel, now
from router.execute.variables import checked_variables
from router.plan.display import to_json, to_text
from router.serve.coming_parts import ComingParts
from router.serve.event_forms import SERVER_SENT_EVENTS
from router.serve.forwarding import Forwarding
from router.serve.graphql_request import GraphQLRequest, Refused, graphql_request
from router.serve.http_messages import (
    GRAPHQL_TYPE,
    JSON_TYPE,
    HttpRequest,
    HttpResponse,
    json_response,
)
from router.serve.multipart import DEFER_TYPE, parts
from router.serve.negotiation import ANYTHING, Accepted, accepted, at_once
from router.serve.override_labels import Labels
from router.serve.plan_cache import Found, PlanKey
from router.serve.served import Served
from router.serve.streaming import StreamedResponse
from router.serve.subscriptions import RELOADED, Subscriptions

Answer = HttpResponse | StreamedResponse
Respond = Callable[[Answer], None]
PLAN_HEADER = b"apollo-expose-query-plan"
NOT_READ = GraphQLRequest("")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say about requests."""

    max_body: int = 2_000_000
    timeout: float = 60.0
    timeouts: Timeouts = field(default_factory=Timeouts)
    forwarding: ForwardingRules = field(default_factory=ForwardingRules)
    csrf_headers: tuple[str, ...] = ("x-apollo-operation-name", "apollo-require-preflight")
    is_csrf_checked: bool = True
    is_introspection_allowed: bool = True
    is_plan_exposed: bool = False


@dataclass(slots=True)
class Endpoint:
    """Answers GraphQL requests. `served` is replaced as a whole when the schema changes."""

    served: Served
    engine: Engine
    rules: Rules = field(default_factory=Rules)
    labels: Labels = field(default_factory=Labels)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)

    def handle(self, http: HttpRequest, respond: Respond, agreed: Accepted | None = None) -> Cancel:
        """Answer a request; `respond` is called once, on the loop's thread, perhaps at once.

        `agreed` is what the client takes where no Accept header says so. The returned `Cancel` is
        for a client that has left.
        """
        exchange = Exchange(self, http, respond, agreed or ANYTHING)
        exchange.begin()
        return exchange.cancel


@dataclass(slots=True, eq=False)
class Exchange:
    """One request under way."""

    endpoint: Endpoint
    http: HttpRequest
    respond: Respond | None
    accepted: Accepted = ANYTHING
    request: GraphQLRequest = NOT_READ
    served: Served | None = None
    cancel_execution: Cancel | None = None
    extensions: JSON | None = None
    deadline: float = 0.0
    planning: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Read the request and find its operation."""
        rules = self.endpoint.rules
        try:
            if self.accepted is ANYTHING:
                self._negotiate()
            if len(self.http.body) > rules.max_body:
                raise too_large(rules.max_body)
            self.request = graphql_request(
                self.http, rules.csrf_headers, is_csrf_checked=rules.is_csrf_checked
            )
        except Refused as refused:
            self._refuse(refused)
            return
        served = self.served = self.endpoint.served
        labels = self.endpoint.labels.among(served.schema.override_labels)
        in_parts = self.accepted.is_deferrable
        key = (self.request.query, self.request.operation_name, labels, in_parts)
        found = served.plans.known(key)
        if found is not None:
            self._found(found)
        else:
            self._plan(served, key)

    def _plan(self, served: Served, key: PlanKey) -> None:
        """Wait for the plan, as long as for everything else."""
        loop = asyncio.get_running_loop()
        self.deadline = loop.time() + self.endpoint.rules.timeout
        self.planning = loop.call_at(self.deadline, self._too_late)
        served.plans.find(key, self._found)

    def _too_late(self) -> None:
        message = "The operation was not planned in time (traffic_shaping.router.timeout)."
        self._refuse(Refused(504, message, "GATEWAY_TIMEOUT"))

    def cancel(self) -> None:
        """The client has left: stop asking subgraphs on its behalf."""
        self.respond = None
        if self.cancel_execution is not None:
            self.cancel_execution()

    def _negotiate(self) -> None:
        form = accepted(self.http.header(b"accept"))
        if form is None:
            message = "Accept application/json or application/graphql-response+json."
            raise Refused(406, message, "NOT_ACCEPTABLE")
        self.accepted = form

    def _found(self, found: Found) -> None:
        if self.planning is not None:
            self.planning.cancel()
        if self.respond is None:
            return
        try:
            if isinstance(found, OperationError):
                raise found
            self._check_allowed(found)
            variables = checked_variables(found, self.request.variables)
        except Refused as refused:
            self._refuse(refused)
        except OperationError as error:
            self._answer_errors(error)
        else:
            self._execute(found, variables)

    def _check_allowed(self, operation: PreparedOperation) -> None:
        is_subscription = operation.kind == "subscription"
        if is_subscription and self.accepted.events is None:
            message = (
                "A subscription is answered in parts: accept multipart/mixed;subscriptionSpec=1.0 "
                "or text/event-stream, or connect by WebSocket."
            )
            raise Refused(406, message, "SUBSCRIPTION_BAD_HEADER")
        # A browser's EventSource sends nothing but GETs.
        is_get_allowed = is_subscription and self.accepted.events is SERVER_SENT_EVENTS
        if self.http.method == "GET" and operation.kind != "query" and not is_get_allowed:
            message = f"A {operation.kind} needs a POST: a GET must not change anything."
            raise Refused(405, message, "METHOD_NOT_ALLOWED", ((b"allow", b"POST"),))
        if operation.introspection is not None and not self.endpoint.rules.is_introspection_allowed:
            message = "Introspection is switched off (supergraph.introspection)."
            raise OperationError([request_error(message, "INTROSPECTION_DISABLED")])

    def _execute(self, operation: PreparedOperation, variables: JSON) -> None:
        operation.hits += 1
        rules, served = self.endpoint.rules, self.served
        if served is None:
            raise AssertionError("an operation is executed for the schema it was found in")
        asked_plan = self.http.header(PLAN_HEADER) if rules.is_plan_exposed else None
        if asked_plan in {b"true", b"dry-run"}:
            plan = operation.plan
            self.extensions = {"apolloQueryPlan": {"object": to_json(plan), "text": to_text(plan)}}
        if asked_plan == b"dry-run":
            self._executed(Response(b'{"data":null}', has_data=False, has_errors=False))
            return
        forwarding = Forwarding(rules.forwarding, self.http.headers)
        execution = ExecutionRequest(
            variables,
            forwarding,
            self.deadline or now() + rules.timeout,
            rules.timeouts,
            forwarding.trace_id,
        )
        if operation.kind == "subscription":
            self._subscribe(operation, execution, served)
            return
        if operation.parts:
            self._deliver(operation, execution, served)
            return
        self.cancel_execution = self.endpoint.engine.start(
            operation, execution, served.transport, self._executed
        )

    def _deliver(
        self, operation: PreparedOperation, execution: ExecutionRequest, served: Served
    ) -> None:
        """Answer in parts (@defer), beginning when the first is made."""
        coming = ComingParts()

        def take(response: Response) -> None:
            if self.respond is None:
                coming.add(response.body, has_next=response.has_next)
            elif response.status != 200:
                self._executed(response)
            else:
                coming.add(self._extended(response), has_next=response.has_next)
                headers = ((b"content-type", DEFER_TYPE),)
                self._send(StreamedResponse(200, headers, parts(coming.bodies())))

        start = self.endpoint.engine.start
        cancel = start(operation, execution, served.transport, take)
        coming.cancel = self.cancel_execution = cancel

    def _subscribe(
        self, operation: PreparedOperation, execution: ExecutionRequest, served: Served
    ) -> None:
        form = self.accepted.events
        if form is None:
            raise AssertionError("a subscription is begun for a client that takes events")
        if served is not self.endpoint.served:  # replaced while the operation was planned
            self._answer_errors(OperationError([RELOADED]))
            return
        subscriptions = self.endpoint.subscriptions
        try:
            answer = subscriptions.answer(operation, execution, served, form)
        except OperationError as error:
            self._answer_errors(error)
        else:
            self._send(answer)

    def _executed(self, response: Response) -> None:
        self._send(at_once(self._extended(response), self.accepted, response.status))

    def _extended(self, response: Response) -> bytes:
        if not self.extensions:
            return response.body
        return with_extensions(response.body, self.extensions)

    def _answer_errors(self, error: OperationError) -> None:
        """Nothing was executed: an error of the request, or an operation that has no plan."""
        body: JSON = {"errors": error.errors}
        if not error.is_refused:
            body["data"] = None
        is_bad = error.is_refused and self.accepted.whole == GRAPHQL_TYPE
        self._send(at_once(encode(body), self.accepted, 400 if is_bad else 200))

    def _refuse(self, refused: Refused) -> None:
        content_type = self.accepted.whole or JSON_TYPE
        body = {"errors": refused.errors}
        self._send(json_response(refused.status, body, content_type, refused.headers))

    def _send(self, answer: Answer) -> None:
        respond, self.respond = self.respond, None
        self.cancel_execution = None
        if respond is not None:
            respond(answer)


def too_large(max_body: int) -> Refused:
    """The refusal of a body above the limit."""
    message = f"The body is larger than {max_body} bytes (limits.http_max_request_bytes)."
    return Refused(413, message, "INVALID_GRAPHQL_REQUEST")
