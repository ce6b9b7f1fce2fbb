"""Work in another thread that is called off when it takes too long.

Planning a hostile document can take hours, in any of a dozen places, some of them in libraries: so
an exception is raised in the thread from outside (`PyThreadState_SetAsyncExc`). Only work that
holds nothing but its own data may be treated like this.
https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc
"""

from __future__ import annotations

import asyncio
import ctypes
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")
RETRY_SECONDS = 0.1


class CalledOff(BaseException):
    """Raised within the work; no `except Exception` on its way may stop it."""


@dataclass(slots=True, eq=False)
class Work(Generic[Result]):
    """`action` in a thread of a pool, `otherwise` once `seconds` have passed since it began.

    The loop's thread and the worker agree by two flags. Each sets its own before it reads the
    other's, so that an exception is never raised in a thread that has gone on to something else.
    An exception is lost when it meets a finalizer that happens to run; then it is raised again.
    """

    action: Callable[[], Result]
    otherwise: Callable[[], Result]
    seconds: float
    thread: int = 0
    begun: float = 0.0
    is_done: bool = False
    is_called_off: bool = False
    is_raised: bool = False

    def run(self) -> Result:
        """Do it; in the worker's thread."""
        self.begun, self.thread = time.monotonic(), threading.get_ident()
        try:
            try:
                result = self.action()
            finally:
                self._finish()
            return result
        except CalledOff:
            pass
        while True:
            try:
                self._finish()
                return self.otherwise()
            except CalledOff:
                continue

    def _finish(self) -> None:
        self.is_done = True
        while self.is_called_off and not self.is_raised:  # about to be raised, or taken back
            time.sleep(0.001)

    def look(self) -> None:
        """Call it off if its time is up, else look again; in the loop's thread."""
        if self.is_done:
            return
        left = self.seconds - (time.monotonic() - self.begun) if self.thread else self.seconds
        if left <= 0:
            self._call_off()
        asyncio.get_running_loop().call_later(max(left, RETRY_SECONDS), self.look)

    def _call_off(self) -> None:
        self.is_raised = False
        self.is_called_off = True
        if self.is_done:
            self.is_called_off = False
            return
        thread, kind = ctypes.c_ulong(self.thread), ctypes.py_object(CalledOff)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, kind)
        self.is_raised = True


def within(
    seconds: float, pool: Executor, action: Callable[[], Result], otherwise: Callable[[], Result]
) -> asyncio.Future[Result]:
    """The result of `action`, run in the pool, or of `otherwise` when it takes longer."""
    loop = asyncio.get_running_loop()
    work = Work(action, otherwise, seconds)
    future = loop.run_in_executor(pool, work.run)
    watching = loop.call_later(seconds, work.look)
    future.add_done_callback(lambda _: watching.cancel())
    return future
