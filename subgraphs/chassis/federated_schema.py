"""A Strawberry federation schema whose entities load in batches and whose directives are enforced.

An entity type has one loader, called once per request and type:

    @strawberry.federation.type(keys=["id"])
    class User:
        @classmethod
        async def resolve_references(cls, info, representations) -> list["User | Exception | None"]:
            ...

`representations` are the client's objects as they came (camelCase keys); the answer has one item
for each: the entity, None where there is none, or an exception for that item alone. Where a field
or type carries @authenticated or @requiresScopes, the same directive object is what is checked
before its resolver runs; resolvers add whose data it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.federation.schema_directives import Authenticated, Key, RequiresScopes
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition

from subgraphs.chassis.caller import Requirement, requirement_of
from subgraphs.chassis.compiled.calls import DEFINITION, REQUIREMENTS
from subgraphs.chassis.entities import entities_resolver
from subgraphs.chassis.scalars import SCALARS

FEDERATION_VERSION: Literal["2.9"] = "2.9"


def build_schema(
    query: type,
    mutation: type | None = None,
    subscription: type | None = None,
    *,
    types: Iterable[type] = (),
    schema_directives: Iterable[object] = (),
) -> strawberry.federation.Schema:
    """The schema of one subgraph. Raises TypeError for a keyed type without resolve_references."""
    schema = strawberry.federation.Schema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=types,
        schema_directives=schema_directives,
        federation_version=FEDERATION_VERSION,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    core = core_schema(schema)
    loaders = _loaders(schema)
    entities = core.query_type.fields.get("_entities") if core.query_type else None
    if entities is not None:
        entities.resolve = entities_resolver(loaders)
    _enforce(core)
    return schema


def core_schema(schema: strawberry.federation.Schema) -> GraphQLSchema:
    """The graphql-core schema behind Strawberry's."""
    return schema._schema  # noqa: SLF001 - Strawberry offers no other way


def _loaders(schema: strawberry.federation.Schema) -> dict[str, Callable[..., Any]]:
    """Type name → resolve_references of every type with a resolvable key."""
    loaders: dict[str, Callable[..., Any]] = {}
    for name, concrete in schema.schema_converter.type_map.items():
        definition = concrete.definition
        if not isinstance(definition, StrawberryObjectDefinition):
            continue
        keys = [item for item in definition.directives or () if isinstance(item, Key)]
        if not any(key.resolvable is not False for key in keys):
            continue
        loader = getattr(definition.origin, "resolve_references", None)
        if loader is None:
            raise TypeError(f"{name} has a @key: give it a classmethod resolve_references.")
        loaders[name] = loader
    return loaders


def _enforce(core: GraphQLSchema) -> None:
    for graphql_type in core.type_map.values():
        if not isinstance(graphql_type, GraphQLObjectType):
            continue
        of_type = _requirements(graphql_type.extensions.get(DEFINITION))
        for field in graphql_type.fields.values():
            wanted = of_type + _requirements(field.extensions.get(DEFINITION))
            if wanted:
                field.extensions[REQUIREMENTS] = wanted
                _guard(field, wanted)


def _requirements(definition: Any) -> tuple[Requirement, ...]:
    found: list[Requirement] = []
    for directive in getattr(definition, "directives", None) or ():
        if isinstance(directive, Authenticated):
            found.append(Requirement())
        elif isinstance(directive, RequiresScopes):
            found.append(requirement_of(directive.scopes))
    return tuple(found)


def _guard(field: GraphQLField, requirements: tuple[Requirement, ...]) -> None:
    inner = field.resolve
    if inner is None:
        raise TypeError("A guarded field has no resolver.")

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        for requirement in requirements:
            requirement.check(info.context.caller)
        return inner(source, info, **arguments)

    field.resolve = resolve
