"""The parts put together as the settings say: the only place that knows them all."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from router.edge.header_rules import ForwardingRules
from router.edge.subgraph_errors import ErrorPolicy
from router.execute.compiled.engine import CompiledEngine, Tiers
from router.execute.compiled.switch import chosen_mode
from router.execute.engine import Engine, Timeouts
from router.execute.interpreter import Interpreter
from router.execute.limited_engine import LimitedEngine
from router.execute.transport import SubgraphTransport
from router.serve.asgi import Paths, Router
from router.serve.cors import CorsRules
from router.serve.endpoint import Endpoint, Rules
from router.serve.health import Health
from router.serve.landing import Landing, landing
from router.serve.metrics import Metrics
from router.serve.override_labels import Labels
from router.serve.plan_cache import CacheLimits
from router.serve.sandbox import sandbox_page
from router.serve.served import Generations, planning_pool
from router.serve.settings.model import Settings
from router.serve.settings.websocket import WebSocket
from router.serve.subscriptions import SubscriptionRules, Subscriptions
from router.serve.toward_subgraphs import open_transport, subscribing
from router.serve.websocket import WebSocketRules


@dataclass(frozen=True, slots=True)
class Parts:
    """A router ready to serve, and what it takes to replace its schema."""

    app: Router
    generations: Generations


def create_app(
    sdl: str, settings: Settings | None = None, transport: SubgraphTransport | None = None
) -> Router:
    """The router for a supergraph as an ASGI application, for a process that serves it itself.

    Raises SupergraphError, AddressError, SettingsError. See `assemble` for `transport`.
    """
    return assemble(sdl, settings or Settings(), transport).app


def assemble(sdl: str, settings: Settings, transport: SubgraphTransport | None = None) -> Parts:
    """Make a router for a supergraph. Raises SupergraphError, AddressError, SettingsError.

    `transport` replaces HTTP to the subgraphs, for a process that holds them itself.
    """
    metrics = Metrics()

    def opened(addresses: Mapping[str, str]) -> SubgraphTransport:
        return open_transport(addresses, settings, metrics, transport)

    planning = settings.supergraph.query_planning
    limits = CacheLimits(
        max_entries=planning.cache.in_memory.limit,
        max_bytes=planning.cache.in_memory.max_bytes,
        max_tokens=settings.limits.parser_max_tokens,
        max_waiting=planning.max_waiting,
        seconds=planning.timeout,
    )
    pool = planning_pool()
    overrides, can_defer = settings.override_subgraph_url, settings.supergraph.defer_support
    generations = Generations(opened, overrides, limits, pool, can_defer)
    endpoint = Endpoint(
        generations.make(sdl),
        engine(settings, pool),
        rules(settings),
        Labels(frozenset(settings.override_labels)),
        subscriptions(settings, metrics),
    )
    prometheus = settings.telemetry.exporters.metrics.prometheus
    paths = Paths(
        settings.supergraph.path,
        settings.health_check.path if settings.health_check.enabled else None,
        prometheus.path if prometheus.enabled else None,
    )
    health = Health(settings.health_check.probe_timeout)
    cors, page = CorsRules(settings.cors), page_of(settings, paths)
    sockets = websocket(settings.websocket)
    return Parts(Router(endpoint, health, metrics, cors, page, paths, sockets), generations)


def page_of(settings: Settings, paths: Paths) -> Landing | None:
    """What a browser gets at the endpoint."""
    if settings.sandbox.enabled:
        return Landing(sandbox_page(), {})
    if settings.homepage.enabled:
        return landing(settings.homepage, paths.graphql, paths.health)
    return None


def engine(settings: Settings, pool: Executor | None = None) -> Engine:
    """The engine that runs plans; `pool` compiles those that are asked for often."""
    execution = settings.execution
    mode = chosen_mode(execution.compiled)
    tiers = Tiers(mode, execution.compile_after, execution.compiled_max_bytes)
    compiled = CompiledEngine(interpreter(settings), tiers, pool)
    limit = execution.adaptive_limit
    return LimitedEngine(compiled, limit.max_waiting) if limit.enabled else compiled


def interpreter(settings: Settings) -> Interpreter:
    """The engine that runs everything else."""
    shown = settings.include_subgraph_errors
    return Interpreter(ErrorPolicy(shown.all, shown.subgraphs).expose)


def subscriptions(settings: Settings, metrics: Metrics) -> Subscriptions:
    """The place of open subscriptions."""
    given = settings.subscription
    bounds = SubscriptionRules(
        is_enabled=given.enabled,
        max_opened=given.max_opened_subscriptions,
        queue_capacity=given.queue_capacity,
        seconds=settings.traffic_shaping.router.timeout,
        way=lambda subgraph: subscribing(settings, subgraph),
    )
    return Subscriptions(bounds, interpreter(settings), metrics.skipped_event)


def websocket(given: WebSocket) -> WebSocketRules | None:
    """What holds for WebSocket connections of clients; None when there are none."""
    if not given.enabled:
        return None
    names = tuple(name.lower() for name in given.connection_init_headers)
    return WebSocketRules(given.connection_init_timeout, names)


def rules(settings: Settings) -> Rules:
    """What the settings say about requests."""
    shaping, headers = settings.traffic_shaping, settings.headers
    by_subgraph = {name: item.timeout for name, item in shaping.subgraphs.items()}
    forwarding = ForwardingRules(
        tuple(headers.all.request),
        {name: tuple(item.request) for name, item in headers.subgraphs.items()},
    )
    return Rules(
        max_body=settings.limits.http_max_request_bytes,
        timeout=shaping.router.timeout,
        timeouts=Timeouts(shaping.all.timeout, by_subgraph),
        forwarding=forwarding,
        csrf_headers=tuple(settings.csrf.required_headers),
        is_csrf_checked=not settings.csrf.unsafe_disabled,
        is_introspection_allowed=settings.supergraph.introspection,
        is_plan_exposed=settings.plugins.expose_query_plan,
    )
