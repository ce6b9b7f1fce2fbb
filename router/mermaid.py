"""Parts of a Mermaid flow chart: boxes and arrows whose texts cannot break the chart.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from collections.abc import Iterable


def box(name: str, lines: Iterable[str]) -> str:
    """A box with some lines of text; `name` is what arrows call it."""
    return f'{name}["{"<br/>".join(map(_escaped, lines))}"]'


def arrow(before: str, after: str, label: str = "", *, is_dotted: bool = False) -> str:
    """An arrow between two boxes, with a label if there is one."""
    line = "-.->" if is_dotted else "-->"
    return f'{before} {line}|"{_escaped(label)}"| {after}' if label else f"{before} {line} {after}"


def _escaped(text: str) -> str:
    for sign, name in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(sign, name)
    return text
