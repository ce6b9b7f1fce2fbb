"""The tables every service's database has beside its own: outbox, inbox, idempotency.

A revision of `db/<name>` creates them with `op.execute` for each statement of a version here;
a version, once released, is never edited.
"""

from __future__ import annotations

VERSION_1 = (
    """
    create table outbox (
      position bigint generated always as identity primary key,
      event_id text not null unique,
      aggregate_id text not null,
      aggregate_seq bigint not null,
      type text not null,
      schema_version int not null,
      occurred_at timestamptz not null default clock_timestamp(),
      traceparent text not null,
      actor text not null,
      payload jsonb not null,
      sent_at timestamptz,
      unique (aggregate_id, aggregate_seq)
    )
    """,
    "create index outbox_unsent on outbox (position) where sent_at is null",
    "create index outbox_sent on outbox (sent_at) where sent_at is not null",
    "create table outbox_sequences (aggregate_id text primary key, last bigint not null)",
    """
    create table inbox (
      consumer text not null,
      event_id text not null,
      applied_at timestamptz not null default now(),
      primary key (consumer, event_id)
    )
    """,
    "create index inbox_age on inbox (applied_at)",
    """
    create table inbox_sequences (
      consumer text not null,
      aggregate_id text not null,
      last bigint not null,
      primary key (consumer, aggregate_id)
    )
    """,
    """
    create table idempotency (
      caller text not null,
      key text not null,
      request_hash bytea not null,
      response jsonb not null,
      expires_at timestamptz not null,
      primary key (caller, key)
    )
    """,
    "create index idempotency_age on idempotency (expires_at)",
)

DROP_VERSION_1 = tuple(
    f"drop table {name}"
    for name in ("idempotency", "inbox_sequences", "inbox", "outbox_sequences", "outbox")
)

NAMES = frozenset({"outbox", "outbox_sequences", "inbox", "inbox_sequences", "idempotency"})
