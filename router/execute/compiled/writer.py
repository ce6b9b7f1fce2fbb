"""Python source, line by line, and what its names stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Writer:
    """Source of functions that share `names`. Values never become source text, only names do."""

    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    depth: int = 0
    count: int = 0

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """A compound statement; `head` ends without the colon."""
        self.line(head + ":")
        self.depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self.depth -= 1

    def fresh(self, prefix: str = "v") -> str:
        """A name that is not used yet."""
        self.count += 1
        return f"{prefix}{self.count}"

    def constant(self, value: object, prefix: str = "C") -> str:
        """A name for a value; the same object gets the same name."""
        for name, known in self.names.items():
            if known is value:
                return name
        name = self.fresh(prefix)
        self.names[name] = value
        return name

    def function(self, name: str) -> Callable[..., Any]:
        """Compile what was written since the last call; returns the function of that name."""
        source, self.lines = "\n".join(self.lines), []
        exec(compile(source, f"<compiled {name}>", "exec"), self.names)  # noqa: S102 - our own text
        made: Callable[..., Any] = self.names[name]
        return made
