"""A report for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from router.check.change import Severity
from router.check.report import Affected, Report, counted
from router.diagnostics import show

LISTED_OPERATIONS = 5


def to_plain(report: Report) -> str:
    """All of it, the verdict last."""
    return "\n".join(
        [*_composition(report), *_changes(report), *_operations(report), verdict(report)]
    )


def verdict(report: Report) -> str:
    """One line."""
    return "Passed." if report.is_passed else f"Failed: {', '.join(report.reasons)}."


def summary(report: Report) -> str:
    """How many changes of each kind."""
    counts = [
        f"{len(report.of(severity))} {severity.word}" for severity in sorted(Severity, reverse=True)
    ]
    return f"{', '.join(counts)} since {report.against}"


def users(item: Affected, *, has_operations: bool) -> str:
    """Who uses what a change concerns, where operations were given and it matters."""
    if not has_operations or item.change.severity is Severity.SAFE:
        return ""
    if not item.operations:
        return "no recorded operation uses it"
    names = [operation.name for operation in item.operations[:LISTED_OPERATIONS]]
    more = len(item.operations) - len(names)
    return f"used by {', '.join(names)}" + (f" and {more} more" if more else "")


def _composition(report: Report) -> Iterator[str]:
    if not report.build_errors:
        yield f"Composition: {counted(report.subgraphs, 'subgraph')} compose."
        return
    yield f"Composition: {counted(len(report.build_errors), 'build error')}."
    for error in report.build_errors:
        yield ""
        yield from (f"  {line}" for line in show(error).splitlines())
    yield ""


def _changes(report: Report) -> Iterator[str]:
    if report.build_errors or not report.against:
        return
    yield f"Changes: {summary(report)}."
    for item in report.changes:
        change = item.change
        yield f"  {change.severity.word:<9}  {change.code}  {change.message}"
        who = users(item, has_operations=report.has_operations)
        if who:
            yield f"             {who}"


def _operations(report: Report) -> Iterator[str]:
    if report.build_errors or not report.has_operations:
        return
    yield f"Operations: {report.operations} checked, {len(report.broken)} broken."
    for broken in report.broken:
        yield f"  {broken.operation.name}  {broken.operation.place}"
        yield from (f"    {error}" for error in broken.errors)
    for operation in report.outdated:
        yield f"  {operation.name}  {operation.place} was invalid before: not counted"
