"""Passwords hashed with argon2id (RFC 9106) off the event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from subgraphs.chassis.refusal import Refusal

# OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
THREADS = 2
# Beyond this many waiting, a flood of logins is turned away instead of queued.
WAITING = 64

Answer = TypeVar("Answer")


class Passwords:
    """Hashes and verifies; the parameters are in each hash, so they can be raised later."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._waiting = 0
        # Verified when there is no account, so that both cases take as long.
        self._dummy = self._hasher.hash("nobody's password")

    async def hash(self, password: str) -> str:
        """An encoded hash. Raises Refusal UNAVAILABLE when too many are waiting."""
        return await self._run(self._hasher.hash, password)

    async def matches(self, encoded: str | None, password: str) -> bool:
        """Whether the password is the hashed one; takes as long when there is no hash."""
        verified = await self._run(self._verify, encoded or self._dummy, password)
        return verified and encoded is not None

    def is_outdated(self, encoded: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(encoded)

    def close(self) -> None:
        """Wait for hashes under way."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _verify(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., Answer], *arguments: str) -> Answer:
        if self._waiting >= WAITING:
            raise Refusal("UNAVAILABLE", "Too many sign-ins at once; try again shortly.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, work, *arguments)
        finally:
            self._waiting -= 1
