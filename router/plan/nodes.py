"""A query plan as data: what to fetch, from whom, in which order, and where the answers go.

The nodes are those of Apollo's query plans (so that a plan prints as theirs does) and one more,
`BatchFetch`: several entity fetches of one subgraph at one stage, sent as one request.

Paths lead from the root of the response to a place in it. An element is a response key, `@` (each
item of the list reached so far, nested lists included), or either of them with a suffix
`|[A,B]`: go on only where the object's `__typename` is one of those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Path = tuple[str, ...]
OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field of a representation: read under `alias` (or `name`), sent under `name`."""

    name: str
    alias: str | None = None
    selections: tuple[RequiredSelection, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredFragment:
    """Fields of a representation taken only from objects of type `type_condition`.

    The condition may be an object type, an interface or a union; the object's `__typename`
    decides. On the top level of `requires` it is what the representation's `__typename` is
    matched against.
    """

    type_condition: str
    selections: tuple[RequiredSelection, ...]


RequiredSelection = RequiredField | RequiredFragment


@dataclass(frozen=True, slots=True)
class ValueSetter:
    """Write `value` at `path` of a representation (its `__typename`, for @interfaceObject)."""

    path: Path
    value: str


@dataclass(frozen=True, slots=True)
class KeyRenamer:
    """Rename the response key at the end of `path` to `name`.

    The path starts at the answer's data, for an entity fetch at each entity. An element `... on T`
    goes on only for objects whose `__typename` is T; lists on the way are gone through.
    """

    path: Path
    name: str


Rewrite = ValueSetter | KeyRenamer


@dataclass(frozen=True, slots=True)
class Fetch:
    """One GraphQL request to one subgraph.

    With `requires` it is an entity fetch: it stands in a `Flatten`, whose path leads to the
    objects; `operation` then selects `_entities(representations: $representations)`.
    `variable_usages` names the client's variables that the operation uses.
    `input_rewrites` change representations before they are sent, `output_rewrites` the answer
    before it is merged; `context_rewrites` take values from above the objects (@fromContext).
    """

    subgraph: str
    operation: str
    kind: OperationKind = "query"
    operation_name: str | None = None
    variable_usages: tuple[str, ...] = ()
    requires: tuple[RequiredSelection, ...] = ()
    input_rewrites: tuple[Rewrite, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    context_rewrites: tuple[Rewrite, ...] = ()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class EntityGroup:
    """One `_entities` selection of a `BatchFetch`, answered under `alias`.

    Its representations are gathered from all of `paths` (duplicates once), passed in `variable`,
    and each answer is merged at every place its representation came from.
    """

    alias: str
    variable: str
    paths: tuple[Path, ...]
    requires: tuple[RequiredSelection, ...]
    input_rewrites: tuple[Rewrite, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    context_rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchFetch:
    """Entity fetches of one subgraph at one stage in one request: `_entities` once a group.

    It stands by itself (the paths are in the groups). A group with no representations is asked
    with an empty list; when no group has any, nothing is sent.
    """

    subgraph: str
    operation: str
    groups: tuple[EntityGroup, ...]
    operation_name: str | None = None
    variable_usages: tuple[str, ...] = ()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Flatten:
    """Run an entity fetch for every object at `path`; a fetch without `requires` is run once, and
    its answer belongs to each of them (a root type inside the response).
    """

    path: Path
    node: Fetch


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """All at once."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Run one of two plans by the value of a Boolean variable (@skip, @include)."""

    variable: str
    if_clause: PlanNode | None = None
    else_clause: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription at one subgraph, and what to fetch for each of its events."""

    primary: Fetch
    rest: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class DeferDependency:
    """A fetch (by its `id`) that a deferred part waits for."""

    id: int
    defer_label: str | None = None


@dataclass(frozen=True, slots=True)
class DeferredPart:
    """What is delivered later: `query_path` is where (list items left out), `subselection` what.

    `label` is the client's or, where it gave none, one of ours (`router.graph.deferral`). Its
    fetches wait for those it depends on, its delivery for the part around it.
    """

    depends: tuple[DeferDependency, ...]
    query_path: Path
    label: str
    subselection: str | None = None
    node: PlanNode | None = None


@dataclass(frozen=True, slots=True)
class Defer:
    """What is delivered first, and the parts that follow (@defer)."""

    primary_subselection: str | None
    primary: PlanNode | None
    deferred: tuple[DeferredPart, ...]


PlanNode = Fetch | BatchFetch | Flatten | Sequence | Parallel | Condition | Subscription | Defer


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The whole plan; `node` is None when nothing has to be fetched (`{ __typename }`)."""

    node: PlanNode | None
