"""A report as the comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.check.change import Severity
from router.check.plain import summary, users, verdict
from router.check.report import Affected, Report, counted
from router.diagnostics import show


def to_markdown(report: Report) -> str:
    """The verdict first; what is safe folded away."""
    head = f"### Schema check: {verdict(report)[:-1].lower()}"
    return "\n".join([head, *_composition(report), *_changes(report), *_operations(report)]) + "\n"


def _composition(report: Report) -> Iterator[str]:
    yield ""
    if not report.build_errors:
        yield f"{counted(report.subgraphs, 'subgraph')} compose."
        return
    yield f"{counted(len(report.build_errors), 'build error')}:"
    for error in report.build_errors:
        yield from ("", "```", *show(error).splitlines(), "```")


def _changes(report: Report) -> Iterator[str]:
    if report.build_errors or not report.against:
        return
    yield from ("", f"Changes: {summary(report)}.")
    loud = [*report.of(Severity.BREAKING), *report.of(Severity.DANGEROUS)]
    if loud:
        yield from ("", *_table(report, loud))
    safe = report.of(Severity.SAFE)
    if safe:
        yield from ("", "<details>", f"<summary>{counted(len(safe), 'safe change')}</summary>", "")
        yield from (*_table(report, safe), "", "</details>")


def _table(report: Report, items: Sequence[Affected]) -> Iterator[str]:
    yield "| | Change | What |"
    yield "| --- | --- | --- |"
    for item in items:
        change = item.change
        who = users(item, has_operations=report.has_operations)
        what = _cell(change.message) + (f"<br>{_cell(who)}" if who else "")
        yield f"| {change.severity.word} | `{change.code}` | {what} |"


def _cell(text: str) -> str:
    """Text that neither ends its cell nor its line."""
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("\n", " ")):
        text = text.replace(sign, escaped)
    return text


def _operations(report: Report) -> Iterator[str]:
    if report.build_errors or not report.has_operations:
        return
    yield from (
        "",
        f"{counted(report.operations, 'recorded operation')}, {len(report.broken)} broken.",
    )
    if report.broken:
        yield ""
    for broken in report.broken:
        yield f"- **{_cell(broken.operation.name)}** ({_cell(broken.operation.place)})"
        yield from (f"  - {_cell(error)}" for error in broken.errors)
    if report.outdated:
        names = ", ".join(_cell(operation.name) for operation in report.outdated)
        yield from ("", f"Invalid before, and so not counted: {names}.")
