"""Fetches of a plan as request bodies: what is constant is encoded once."""

from __future__ import annotations

from dataclasses import dataclass

from router.execute.json_values import JSON, encode
from router.plan.nodes import BatchFetch, EntityGroup, Fetch, Flatten, Path, Rewrite


@dataclass(frozen=True, slots=True)
class RootRequest:
    """A fetch whose answer belongs at `path` as it is (mostly the root)."""

    subgraph: str
    operation: str
    operation_name: str | None
    variables: tuple[str, ...]
    path: Path
    rewrites: tuple[Rewrite, ...]


@dataclass(frozen=True, slots=True)
class EntityRequest:
    """A fetch of entities, in one group or several."""

    subgraph: str
    operation: str
    operation_name: str | None
    variables: tuple[str, ...]
    groups: tuple[EntityGroup, ...]


Request = RootRequest | EntityRequest
Work = Fetch | Flatten | BatchFetch


def request_of(work: Work) -> Request:
    """The request a plan node stands for; an entity fetch of Apollo's is a batch of one group."""
    match work:
        case BatchFetch():
            return EntityRequest(
                work.subgraph,
                work.operation,
                work.operation_name,
                work.variable_usages,
                work.groups,
            )
        case Flatten(path, fetch) if fetch.requires:
            return _entities(fetch, path)
        case Flatten(path, fetch):
            return _root(fetch, path)
        case Fetch() if work.requires:
            return _entities(work, ())
        case Fetch():
            return _root(work, ())


def _root(fetch: Fetch, path: Path) -> RootRequest:
    return RootRequest(
        fetch.subgraph,
        fetch.operation,
        fetch.operation_name,
        fetch.variable_usages,
        path,
        fetch.output_rewrites,
    )


def _entities(fetch: Fetch, path: Path) -> EntityRequest:
    group = EntityGroup(
        alias="_entities",
        variable="representations",
        paths=(path,),
        requires=fetch.requires,
        input_rewrites=fetch.input_rewrites,
        output_rewrites=fetch.output_rewrites,
        context_rewrites=fetch.context_rewrites,
    )
    return EntityRequest(
        fetch.subgraph, fetch.operation, fetch.operation_name, fetch.variable_usages, (group,)
    )


def body_of(request: Request, client: JSON, own: JSON) -> bytes:
    """The POST body: `client` are the client's variables, `own` those the plan provides."""
    variables = {name: client[name] for name in request.variables if name in client}
    body: JSON = {"query": request.operation}
    if request.operation_name is not None:
        body["operationName"] = request.operation_name
    if variables or own:
        body["variables"] = variables | own
    return encode(body)
