"""An operation answered in parts (@defer): when each is told, what of it, with which errors.

The first response is what is not deferred. Each deferred part follows when everything it asked is
answered, as one payload for each object that has it, after the part around it. A part is built from
what its own requests brought and those of the parts around it, nothing else: what others bring is
held back until then, so that no part depends on how fast subgraphs are.

https://www.apollographql.com/docs/graphos/routing/operations/defer
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.execute.engine import Response
from router.execute.errors import ErrorPath, Expose
from router.execute.json_values import JSON, encode
from router.execute.part_errors import OwnedError, PartErrors, is_about
from router.execute.prepared import PreparedOperation
from router.execute.project import Pending, Projection, unexplained
from router.graph.deferral import shown

PartKey = tuple[int | None, str, tuple[str, ...]]


@dataclass(slots=True, eq=False)
class Delivery:
    """One answer being delivered. `values` are the variables that decide what is part of it."""

    operation: PreparedOperation
    values: JSON
    expose: Expose
    numbers: dict[PartKey, int] = field(default_factory=dict)
    complete: set[int] = field(default_factory=set)
    pending: dict[int, list[Pending]] = field(default_factory=dict)
    met: set[tuple[str, ErrorPath]] = field(default_factory=set)
    gone: set[ErrorPath] = field(default_factory=set)
    errors: PartErrors = field(default_factory=PartErrors)
    first: JSON | None = None
    payloads: list[JSON] = field(default_factory=list)
    is_begun: bool = False

    def __post_init__(self) -> None:
        self.numbers = {
            (part.parent, part.label, part.path): number
            for number, part in enumerate(self.operation.parts)
        }

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to tell."""
        return self.is_begun and not self.pending

    def must_wait(self, part: int) -> bool:
        """Whether what a part's request brought is held back: the part around is not told yet."""
        parent = self.operation.parts[part].parent
        return parent is not None and parent not in self.complete

    def finish(self, part: int, data: JSON) -> None:
        """A part is whole; `data` is everything known."""
        self.complete.add(part)
        if self.operation.parts[part].parent is None:
            root = self.operation.schema.api.get_root_type(self.operation.operation.operation)
            shape = self.operation.shape(self.values)
            items = [Pending("", (), root.name if root else "", data, shape)]
        else:
            items = self.pending.pop(part, [])
        about = self.errors.by_place({*self._around(part)}, {len(item.path) for item in items})
        payloads = [
            self._payload(part, item, about.get(item.path, []))
            for item in items
            if not self._is_gone(item.path)
        ]
        if payloads:
            self._tell_rest(part, payloads[0])
        self.errors.forget_told()
        self._forget_gone()
        if self.operation.parts[part].parent is None:
            self.first = payloads[0]
        else:
            self.payloads += payloads

    def responses(self) -> Iterator[Response]:
        """What can be told now."""
        if self.first is not None:
            first, self.first, self.is_begun = self.first, None, True
            has_next = bool(self.pending or self.payloads)
            body = encode({**first, "hasNext": has_next})
            yield Response(body, first["data"] is not None, "errors" in first, has_next=has_next)
        if self.payloads:
            payloads, self.payloads = self.payloads, []
            yield _incremental(payloads, has_next=bool(self.pending))

    def fault(self, error: JSON) -> Response:
        """The last response of all, when something fails that should not."""
        if not self.is_begun:
            body = encode({"errors": [error], "data": None, "hasNext": False})
            return Response(body, has_data=False, has_errors=True)
        return _incremental([{"path": [], "data": None, "errors": [error]}], has_next=False)

    def _payload(self, part: int, item: Pending, about: list[OwnedError]) -> JSON:
        projection = Projection(self.operation.schema, self.gone)
        data = projection.root(item.shape, item.typename, item.raw, item.path)
        for found in projection.pending:
            self._expect(part, found)
        self.gone.update(projection.nulled)
        mine = [owned for owned in about if is_about(owned.error.path, item.path, data)]
        errors = [self.expose(owned.error) for owned in mine] + projection.wrong
        missing = [error for error in projection.missing if not self.errors.is_told(error)]
        errors += unexplained(missing, errors)
        self.errors.tell(mine, errors)
        payload: JSON = {"errors": errors, "data": data} if errors else {"data": data}
        if self.operation.parts[part].parent is None:
            return payload
        label = shown(item.label)
        named = {} if label is None else {"label": label}
        return {**named, "path": list(item.path), **payload}

    def _expect(self, part: int, item: Pending) -> None:
        """Remember an object of which more comes; what comes anyway is not told twice."""
        identity = (item.label, item.path)
        if identity in self.met:
            return
        self.met.add(identity)
        place = tuple(key for key in item.path if isinstance(key, str))
        number = self.numbers[part, item.label, place]
        self.pending.setdefault(number, []).append(item)

    def _tell_rest(self, part: int, payload: JSON) -> None:
        """Errors of a part that are about no place in it, nor in one to come, go into a payload."""
        coming = [item.path for items in self.pending.values() for item in items]
        rest = self.errors.rest(part, coming)
        if rest:
            errors = [self.expose(owned.error) for owned in rest]
            payload["errors"] = [*payload.get("errors", ()), *errors]
            self.errors.tell(rest, errors)

    def _forget_gone(self) -> None:
        """Of an object that has become null nothing more is told."""
        left = (
            (number, [item for item in items if not self._is_gone(item.path)])
            for number, items in self.pending.items()
        )
        self.pending = {number: items for number, items in left if items}

    def _around(self, part: int | None) -> Iterator[int]:
        while part is not None:
            yield part
            part = self.operation.parts[part].parent

    def _is_gone(self, path: ErrorPath) -> bool:
        return any(path[:length] in self.gone for length in range(1, len(path) + 1))


def _incremental(payloads: list[JSON], *, has_next: bool) -> Response:
    body = encode({"incremental": payloads, "hasNext": has_next})
    has_errors = any("errors" in item for item in payloads)
    return Response(body, has_data=True, has_errors=has_errors, has_next=has_next)
