"""What a check found: composition, changes, operations; and whether clients are safe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graphql import GraphQLError, GraphQLSchema, validate

from router.check.change import Change, Severity
from router.check.operations import Operation
from router.check.schema_changes import schema_changes
from router.check.usage import used_coordinates
from router.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Affected:
    """A change and the operations that use what it changes."""

    change: Change
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """An operation that was valid and is not any more; `errors` are sentences with line:column."""

    operation: Operation
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found.

    `against` names the schema that was compared with, empty where there was none. `outdated` are
    operations that were invalid before, too. `has_operations` tells that some were given to hold
    the changes against.
    """

    subgraphs: int
    against: str = ""
    build_errors: tuple[Diagnostic, ...] = ()
    changes: tuple[Affected, ...] = ()
    operations: int = 0
    broken: tuple[Broken, ...] = ()
    outdated: tuple[Operation, ...] = ()
    has_operations: bool = False

    def of(self, severity: Severity) -> list[Affected]:
        """The changes of one severity."""
        return [item for item in self.changes if item.change.severity is severity]

    @property
    def harmful(self) -> list[Affected]:
        """Breaking changes: of what recorded operations use where there are any, else all."""
        found = self.of(Severity.BREAKING)
        return [item for item in found if item.operations] if self.has_operations else found

    @property
    def is_passed(self) -> bool:
        """Whether it may be deployed."""
        return not (self.build_errors or self.harmful or self.broken)

    @property
    def reasons(self) -> list[str]:
        """Why it may not."""
        in_use = " in use" if self.has_operations else ""
        return [
            f"{counted(len(found), noun)}{after}"
            for found, noun, after in (
                (self.build_errors, "build error", ""),
                (self.harmful, "breaking change", in_use),
                (self.broken, "broken operation", ""),
            )
            if found
        ]


def counted(number: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def compare(
    old: GraphQLSchema | None, new: GraphQLSchema, operations: Sequence[Operation]
) -> tuple[tuple[Affected, ...], tuple[Broken, ...], tuple[Operation, ...]]:
    """The changes with who uses them, the broken operations, and those that were so before."""
    outdated, broken = [], []
    usage: list[tuple[Operation, frozenset[str]]] = []
    for operation in operations:
        if old is not None and validate(old, operation.document):
            outdated.append(operation)
            continue
        usage.append((operation, used_coordinates(operation.document, old or new)))
        errors = validate(new, operation.document)
        if errors:
            broken.append(Broken(operation, tuple(map(_sentence, errors))))
    changes = schema_changes(old, new) if old is not None else ()
    return tuple(_affected(changes, usage)), tuple(broken), tuple(outdated)


def _affected(
    changes: Iterable[Change], usage: Sequence[tuple[Operation, frozenset[str]]]
) -> Iterator[Affected]:
    for change in changes:
        users = () if change.severity is Severity.SAFE else usage
        yield Affected(change, tuple(one for one, used in users if change.usage in used))


def _sentence(error: GraphQLError) -> str:
    places = [f"{place.line}:{place.column}" for place in error.locations or ()]
    return f"{error.message} ({', '.join(places)})" if places else error.message
