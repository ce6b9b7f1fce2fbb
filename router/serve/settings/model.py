"""Which settings there are, and what each is when nobody sets it.

https://www.apollographql.com/docs/graphos/routing/configuration/yaml names most of them; where a
default differs from Apollo Router's, the docstring says so.
"""

from __future__ import annotations

from typing import Literal

from msgspec import field

from router.edge.header_rules import HeaderRule
from router.edge.subgraph_errors import ErrorExposure
from router.execute.json_values import JSON
from router.serve.settings.amounts import Duration
from router.serve.settings.section import Section
from router.serve.settings.subscription import Subscription
from router.serve.settings.toward_subgraphs import AnswerLimits, SubgraphShaping, Tls
from router.serve.settings.websocket import WebSocket

STUDIO = "https://studio.apollographql.com"


class InMemoryCache(Section, frozen=True):
    """`limit` counts plans, `max_bytes` bounds what they are estimated to take (ours)."""

    limit: int = 10_000
    max_bytes: int = 64_000_000


class PlanCache(Section, frozen=True):
    """Where plans are kept."""

    in_memory: InMemoryCache = InMemoryCache()


class QueryPlanning(Section, frozen=True):
    """`warmed_up_queries` of the most used operations are planned before a new schema serves.

    Ours: the `timeout` of planning one operation, and how many may wait for it at most.
    """

    timeout: Duration = Duration(2.0)
    max_waiting: int = 1_000
    warmed_up_queries: int = 100
    cache: PlanCache = PlanCache()


class Supergraph(Section, frozen=True):
    """The endpoint. Unlike Apollo Router it listens on port 8080, and introspection is on."""

    listen: str = "127.0.0.1:8080"
    path: str = "/graphql"
    introspection: bool = True
    defer_support: bool = True
    query_planning: QueryPlanning = QueryPlanning()


class RouterShaping(Section, frozen=True):
    """Limits of a client's whole request."""

    timeout: Duration = Duration(60.0)


class TrafficShaping(Section, frozen=True):
    """What clients' requests and those to subgraphs may take; keep the router's timeout above the
    subgraphs'. What `subgraphs` does not say of one is as in `all`.
    """

    router: RouterShaping = RouterShaping()
    all: SubgraphShaping = SubgraphShaping()
    subgraphs: dict[str, SubgraphShaping] = {}


class AdaptiveLimit(Section, frozen=True):
    """Begins no more requests at once than keep the processor busy (ours). At most `max_waiting`
    wait for their turn; one more is answered with status 503.
    """

    enabled: bool = False
    max_waiting: int = 10_000


class Execution(Section, frozen=True):
    """How plans are run (ours). `compiled` is the switch of the compiled tier; an operation is
    compiled after `compile_after` requests, and compiled ones take about `compiled_max_bytes`.
    """

    compiled: Literal["auto", "always", "off"] = "auto"
    compile_after: int = 10
    compiled_max_bytes: int = 48_000_000
    adaptive_limit: AdaptiveLimit = AdaptiveLimit()


class Limits(Section, frozen=True):
    """What a request may be at most."""

    http_max_request_bytes: int = 2_000_000
    parser_max_tokens: int = 15_000
    subgraph: AnswerLimits = AnswerLimits()


class HeaderRules(Section, frozen=True):
    """Rules for one direction, applied in order."""

    request: list[HeaderRule] = []


class Headers(Section, frozen=True):
    """What of the client's headers reaches the subgraphs (nothing, unless told)."""

    all: HeaderRules = HeaderRules()
    subgraphs: dict[str, HeaderRules] = {}


class IncludeSubgraphErrors(Section, frozen=True):
    """What clients see of the errors subgraphs give: false hides message and extensions."""

    all: bool | ErrorExposure = False
    subgraphs: dict[str, bool | ErrorExposure] = {}


class CorsPolicy(Section, frozen=True):
    """One set of origins and what they may do."""

    origins: list[str] = []
    match_origins: list[str] = []
    allow_credentials: bool | None = None
    allow_headers: list[str] = []
    expose_headers: list[str] = []
    methods: list[str] | None = None
    max_age: Duration | None = None


class Cors(Section, frozen=True):
    """Which web pages elsewhere may use the endpoint; Apollo Sandbox, unless told."""

    allow_any_origin: bool = False
    allow_credentials: bool = False
    allow_headers: list[str] = []
    expose_headers: list[str] = []
    methods: list[str] = field(default_factory=lambda: ["GET", "POST", "OPTIONS"])
    max_age: Duration | None = None
    policies: list[CorsPolicy] = field(default_factory=lambda: [CorsPolicy(origins=[STUDIO])])


class Csrf(Section, frozen=True):
    """Refuses what a web page could send without a preflight."""

    unsafe_disabled: bool = False
    required_headers: list[str] = field(
        default_factory=lambda: ["x-apollo-operation-name", "apollo-require-preflight"]
    )


class HealthCheck(Section, frozen=True):
    """`path` says all; below it are `/live` and `/ready`."""

    enabled: bool = True
    path: str = "/health"
    probe_timeout: Duration = Duration(2.0)


class Fill(Section, frozen=True):
    """What a sample cannot know beforehand (ours): `operation` is asked when the sample is opened,
    and the answer's `value` (keys joined by dots) is put `into` its variables where that is empty.
    """

    operation: str
    value: str
    into: str


class Sample(Section, frozen=True):
    """An operation that the landing page offers (ours)."""

    name: str
    operation: str
    variables: JSON = {}
    headers: dict[str, str] = {}
    note: str = ""
    fill: Fill | None = None


class Login(Section, frozen=True):
    """An account that the landing page can sign in with (ours; for demonstrations only)."""

    name: str
    email: str
    password: str


class LoginOperation(Section, frozen=True):
    """How the page signs in: `operation` is given $email and $password, the token is at `token`
    (keys joined by dots) of its data.
    """

    operation: str
    token: str
    variables: JSON = {}


class Homepage(Section, frozen=True):
    """The landing page at the endpoint's path, for browsers."""

    enabled: bool = True
    title: str = "Supergraph"
    samples: list[Sample] = []
    logins: list[Login] = []
    login: LoginOperation | None = None


class Sandbox(Section, frozen=True):
    """Apollo's Sandbox instead of our page (its code comes from Apollo's CDN)."""

    enabled: bool = False


class Plugins(Section, frozen=True):
    """What Apollo Router has as built-in plugins."""

    expose_query_plan: bool = field(name="experimental.expose_query_plan", default=False)


class Prometheus(Section, frozen=True):
    """Metrics to be scraped, at the router's own port."""

    enabled: bool = True
    path: str = "/metrics"


class Metrics(Section, frozen=True):
    """Where metrics go."""

    prometheus: Prometheus = Prometheus()


class Stdout(Section, frozen=True):
    """The log. `json` is one object a line."""

    format: Literal["json", "text"] = "json"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Logging(Section, frozen=True):
    """Where logs go."""

    stdout: Stdout = Stdout()


class Exporters(Section, frozen=True):
    """Who is told."""

    metrics: Metrics = Metrics()
    logging: Logging = Logging()


class Telemetry(Section, frozen=True):
    """What the router tells about itself."""

    exporters: Exporters = Exporters()


class Settings(Section, frozen=True):
    """The whole file."""

    supergraph: Supergraph = Supergraph()
    traffic_shaping: TrafficShaping = TrafficShaping()
    execution: Execution = Execution()
    limits: Limits = Limits()
    headers: Headers = Headers()
    include_subgraph_errors: IncludeSubgraphErrors = IncludeSubgraphErrors()
    override_subgraph_url: dict[str, str] = {}
    tls: Tls = Tls()
    override_labels: list[str] = []
    cors: Cors = Cors()
    csrf: Csrf = Csrf()
    subscription: Subscription = Subscription()
    websocket: WebSocket = WebSocket()
    health_check: HealthCheck = HealthCheck()
    homepage: Homepage = Homepage()
    sandbox: Sandbox = Sandbox()
    plugins: Plugins = Plugins()
    telemetry: Telemetry = Telemetry()
