"""What every service has and no shop knows.

A service is built in this order (each module's docstring shows its use):

settings         → what the environment says; `class Settings(ServiceSettings)`
database         → `Database.transaction()` (asyncpg), `.session()` (SQLModel), `.fetch()`
outbox, relay    → events written with the transaction, carried to Redis Streams
inbox            → events of other services, applied once
federated_schema → `build_schema(Query, Mutation)`: batched entities, enforced directives
graphql_endpoint → `GraphqlEndpoint(name, schema, app, tokens, pages)`: POST /graphql
grpc_gate        → `GrpcService(name, register, servicer, callers)`; grpc_peer to call others
pages, health    → /health/live, /health/ready, /metrics
process          → `run(Settings, build)`: the whole life of the process

Values: ids, money, cursors, caller, refusal (how a request is turned down on every wire).
"""
