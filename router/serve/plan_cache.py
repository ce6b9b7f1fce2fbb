"""Prepared operations by their text: each is made once, and the least used leave first."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from weakref import WeakValueDictionary

from router.execute.errors import request_error
from router.execute.prepared import OperationError, PreparedOperation, parsed, prepare
from router.execute.served_schema import ServedSchema
from router.graph.deferral import can_defer
from router.serve.time_budget import within

log = logging.getLogger(__name__)
Found = PreparedOperation | OperationError
# (document, operation name, active override labels, whether what is deferred may come later)
PlanKey = tuple[str, str | None, frozenset[str], bool]
# What an AST, its plan and its shapes take for each character of the text, by tracemalloc over the
# benchmark's and the reference's operations (compiled code is counted apart, by its engine).
BYTES_PER_CHARACTER = 90
BYTES_PER_ENTRY = 8_000
# Planning that took too long may have met a busy moment: after this it is tried again.
FORGET_SECONDS = 60.0


def estimated_bytes(key: PlanKey) -> int:
    """What an entry is taken to weigh."""
    return BYTES_PER_ENTRY + BYTES_PER_CHARACTER * len(key[0])


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """How much is kept, how large a document may be, how many may wait to be planned (one more is
    refused), and how many seconds planning one may take.
    """

    max_entries: int = 10_000
    max_bytes: int = 64_000_000
    max_tokens: int = 15_000
    max_waiting: int = 1_000
    seconds: float = 2.0


class PlanCache:
    """The plans of one schema, bounded in number and estimated bytes, least recently used out.

    Documents that differ in layout only share an operation. Refusals are kept as well: a client
    that sends a wrong document again costs a look-up. The event loop's thread alone calls it;
    `pool` does the work.
    """

    def __init__(self, schema: ServedSchema, pool: Executor, limits: CacheLimits) -> None:
        self.schema = schema
        self._pool = pool
        self._limits = limits
        self._entries: OrderedDict[PlanKey, Found] = OrderedDict()
        self._by_document: WeakValueDictionary[PlanKey, PreparedOperation] = WeakValueDictionary()
        self._waiting: dict[PlanKey, list[Callable[[Found], None]]] = {}
        self._bytes = 0
        self._late: Found = _too_slow(limits.seconds)

    def __len__(self) -> int:
        return len(self._entries)

    def known(self, key: PlanKey) -> Found | None:
        """The operation, if it is at hand."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def find(self, key: PlanKey, done: Callable[[Found], None]) -> None:
        """Call `done` with the operation, prepared in the pool when it is new; once for all who
        ask while it is being prepared. It is finished even when nobody waits any more.
        """
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.append(done)
            return
        if len(self._waiting) >= self._limits.max_waiting:
            done(_crowded(len(self._waiting)))
            return
        self._waiting[key] = [done]
        future = within(
            self._limits.seconds, self._pool, lambda: self.make(key), lambda: self._late
        )
        future.add_done_callback(lambda made: self._made(key, made.result()))

    def make(self, key: PlanKey) -> Found:
        """Prepare an operation, or find it in another layout; in the pool's thread."""
        text, name, labels, in_parts = key
        try:
            document = parsed(text, self._limits.max_tokens)
            in_parts = in_parts and can_defer(document.document)
            normal = (document.normal, name, labels, in_parts)
            found = self._by_document.get(normal)
            if found is None:
                found = prepare(self.schema, document, name, labels, in_parts=in_parts)
                self._by_document[normal] = found
        except OperationError as error:
            return error
        except Exception:
            log.exception("planning_failed", extra={"operation": name})
            return _failed()
        return found

    def put(self, key: PlanKey, found: Found) -> None:
        """Keep an operation, and let the least recently used ones go."""
        weight = estimated_bytes(key)
        if key in self._entries or weight > self._limits.max_bytes // 4:
            return
        self._entries[key] = found
        self._bytes += weight
        while self._bytes > self._limits.max_bytes or len(self) > self._limits.max_entries:
            oldest, _ = self._entries.popitem(last=False)
            self._bytes -= estimated_bytes(oldest)

    def most_used(self, count: int) -> list[PlanKey]:
        """The keys to prepare first for another schema, most used first."""
        used = [
            (found.hits, key)
            for key, found in self._entries.items()
            if isinstance(found, PreparedOperation)
        ]
        used.sort(key=lambda item: -item[0])
        return [key for _, key in used[:count]]

    def _made(self, key: PlanKey, found: Found) -> None:
        self.put(key, found)
        if found is self._late:
            asyncio.get_running_loop().call_later(FORGET_SECONDS, self._forget, key)
        for done in self._waiting.pop(key, ()):
            done(found)

    def _forget(self, key: PlanKey) -> None:
        if self._entries.pop(key, None) is not None:
            self._bytes -= estimated_bytes(key)


def _failed() -> OperationError:
    fault = request_error("The router failed to plan this operation.", "INTERNAL_SERVER_ERROR")
    return OperationError([fault], is_refused=False)


def _too_slow(seconds: float) -> OperationError:
    message = (
        f"No plan was found within {seconds:g} s; send a smaller operation "
        "(supergraph.query_planning.timeout)."
    )
    code = "QUERY_PLANNING_BUDGET_EXCEEDED"
    return OperationError([request_error(message, code)], is_refused=False)


def _crowded(waiting: int) -> OperationError:
    message = f"{waiting} new operations wait to be planned; this one was refused. Try again."
    code = "QUERY_PLANNING_OVERLOADED"
    return OperationError([request_error(message, code)], is_refused=False)
