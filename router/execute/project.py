"""Everything the subgraphs said, in the client's shape: its fields, its order, nulls bubbled up.

https://spec.graphql.org/October2021/#sec-Value-Completion and #sec-Handling-Field-Errors
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
)

from router.execute.errors import ErrorPath, request_error
from router.execute.json_values import JSON, Value
from router.execute.leaves import LeafError, coerce_leaf, quoted
from router.execute.served_schema import ServedSchema
from router.execute.shape import Shape, ShapeField
from router.supergraph.model import Kind

INVALID = "RESPONSE_VALIDATION_FAILED"


class _Nulled(Exception):  # noqa: N818 - control flow, not an error to show
    """A place that must not be null is: the nearest place around it that may be becomes null."""


# The path to a place: that of the place around it, and the last key; a tuple only for an error.
_Way: TypeAlias = "tuple[_Way, str | int] | None"


def _path(way: _Way) -> ErrorPath:
    keys: list[str | int] = []
    while way is not None:
        way, key = way
        keys.append(key)
    return tuple(reversed(keys))


@dataclass(frozen=True, slots=True)
class Pending:
    """An object of which more is delivered later: where it is, its type, and what that will be."""

    label: str
    path: ErrorPath
    typename: str
    raw: JSON
    shape: Shape


@dataclass(slots=True)
class Projection:
    """One response being shaped. `wrong` are values that break the schema, `missing` nulls that
    do: the second are only worth telling where no other error explains them. `has_gaps` says that
    something is not even null: nobody was asked for it, or somebody left it out.

    What the supergraph has and hides from clients (@inaccessible) is null to them, and no error:
    the subgraph did nothing wrong, and an error would tell what is hidden.

    For delivery in parts: `gone` are places that became null in an earlier part and stay so,
    `nulled` those that become null in this one, `pending` the objects that have parts to come.
    """

    served: ServedSchema
    gone: Set[ErrorPath] = frozenset()
    wrong: list[JSON] = field(default_factory=list)
    missing: list[JSON] = field(default_factory=list)
    nulled: list[ErrorPath] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    has_gaps: bool = False

    def root(self, shape: Shape, typename: str, raw: JSON, path: ErrorPath = ()) -> JSON | None:
        """The `data` of the response, or of a part for the object at `path`."""
        way: _Way = None
        for key in path:
            way = (way, key)
        try:
            return self._object(shape, typename, raw, way)
        except _Nulled:
            self.pending.clear()
            return None

    def _object(self, shape: Shape, typename: str, raw: JSON, way: _Way) -> JSON:
        shaped: JSON = {}
        for entry in shape.fields(typename):
            key = entry.key
            value = raw.get(key)
            if type(value) is entry.plain and not self.gone:
                shaped[key] = value
            elif entry.type is None:
                shaped[key] = typename if entry.name == "__typename" else value
            else:
                if value is None and key not in raw:
                    self.has_gaps = True
                shaped[key] = self._value(entry.type, entry, value, (way, key))
        for label, later in shape.deferred(typename):
            self.pending.append(Pending(label, _path(way), typename, raw, later))
        return shaped

    def _value(self, kind: GraphQLOutputType, entry: ShapeField, raw: Value, way: _Way) -> Value:
        if isinstance(kind, GraphQLNonNull):
            value = self._nullable(kind.of_type, entry, raw, way)
            if value is None:
                self._tell_missing(entry, way)
                raise _Nulled
            return value
        if self.gone and _path(way) in self.gone:
            return None
        known = len(self.pending)
        try:
            value = self._nullable(kind, entry, raw, way)
        except _Nulled:
            del self.pending[known:]
            value = None
        if value is None and raw is not None:
            self.nulled.append(_path(way))
        return value

    def _nullable(self, kind: GraphQLOutputType, entry: ShapeField, raw: Value, way: _Way) -> Value:
        if raw is None:
            return None
        if is_leaf_type(kind):
            try:
                return coerce_leaf(kind, raw)
            except LeafError as error:
                if self._is_hidden_value(str(kind), raw):
                    return None
                return self._tell_wrong(f"{kind} {error}", entry, way)
        if isinstance(kind, GraphQLList):
            if not isinstance(raw, list):
                return self._tell_wrong(f"{kind} must be a list", entry, way)
            return [
                self._value(kind.of_type, entry, item, (way, index))
                for index, item in enumerate(raw)
            ]
        return self._composite(str(kind), entry, raw, way)

    def _composite(self, name: str, entry: ShapeField, raw: Value, way: _Way) -> Value:
        if not isinstance(raw, dict) or entry.shape is None:
            return self._tell_wrong(f"{name} must be an object", entry, way)
        typename = self._runtime_type(name, entry.shape, raw)
        if typename is None:
            said = raw.get("__typename")
            if self._is_hidden_type(said):
                return None
            return self._tell_wrong(
                f"{name} needs a __typename"
                if said is None
                else f"{name} cannot be {quoted(said)}",
                entry,
                way,
            )
        return self._object(entry.shape, typename, raw, way)

    def _runtime_type(self, name: str, shape: Shape, raw: JSON) -> str | None:
        """The object's type; the abstract type itself where nothing depends on more."""
        api, said = self.served.api, raw.get("__typename")
        static = api.get_type(name)
        if is_object_type(static):
            return name  # the schema has said it; a hidden `__typename` is not looked at
        if said is None:
            sole = self._sole_type(name)
            return sole or (None if shape.needs_type(name) else name)
        runtime = api.get_type(said) if isinstance(said, str) else None
        if is_object_type(runtime) and is_abstract_type(static):
            return runtime.name if api.is_sub_type(static, runtime) else None
        return None if runtime is None or shape.needs_type(name) else name

    def _sole_type(self, abstract: str) -> str | None:
        """The only object type an interface or union stands for, if there is but one."""
        types = self.served.supergraph.types
        names = self.served.conditions.names_by_condition.get(abstract, frozenset())
        objects = [name for name in names if types[name].kind is Kind.OBJECT]
        is_sole = len(objects) == 1 and self.served.api.get_type(objects[0]) is not None
        return objects[0] if is_sole else None

    def _is_hidden_value(self, enum: str, value: Value) -> bool:
        known = self.served.supergraph.types.get(enum)
        return known is not None and isinstance(value, str) and value in known.values

    def _is_hidden_type(self, name: Value) -> bool:
        is_known = isinstance(name, str) and name in self.served.supergraph.types
        return is_known and self.served.api.get_type(name) is None

    def _tell_wrong(self, reason: str, entry: ShapeField, way: _Way) -> None:
        message = f"The subgraphs' answer does not fit {entry.coordinate}: {reason}."
        self.wrong.append(request_error(message, INVALID, _path(way)))

    def _tell_missing(self, entry: ShapeField, way: _Way) -> None:
        message = f"Cannot return null for non-nullable field {entry.coordinate}."
        self.missing.append(request_error(message, INVALID, _path(way)))


def unexplained(missing: list[JSON], errors: list[JSON]) -> list[JSON]:
    """The missing values that no error accounts for: none at, above or below their place."""
    known = [tuple(error.get("path", ())) for error in errors]
    return [item for item in missing if not _is_explained(tuple(item["path"]), known)]


def _is_explained(path: ErrorPath, known: list[ErrorPath]) -> bool:
    return any(path[: len(other)] == other or other[: len(path)] == path for other in known)
