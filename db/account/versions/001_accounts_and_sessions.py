"""Accounts, roles, sessions, signing keys, and the event tables."""

from alembic import op

from subgraphs.chassis import event_tables

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    create table users (
      id text primary key,
      email text not null,
      email_norm text not null unique,
      email_verified_at timestamptz,
      password_hash text not null,
      display_name text not null,
      locale text not null default 'en',
      status text not null default 'ACTIVE' check (status in ('ACTIVE', 'CLOSED')),
      version int not null default 1,
      created_at timestamptz not null default now()
    )
    """,
    """
    create table user_roles (
      user_id text not null references users (id) on delete cascade,
      role text not null,
      granted_at timestamptz not null default now(),
      primary key (user_id, role)
    )
    """,
    """
    create table sessions (
      id text primary key,
      user_id text not null references users (id) on delete cascade,
      refresh_hash bytea not null unique,
      salt bytea not null,
      user_agent text,
      ip_prefix text,
      created_at timestamptz not null default now(),
      rotated_at timestamptz not null default now(),
      expires_at timestamptz not null,
      revoked_at timestamptz,
      revoke_reason text
    )
    """,
    "create index sessions_by_user on sessions (user_id) where revoked_at is null",
    """
    create table spent_refresh_tokens (
      hash bytea primary key,
      session_id text not null references sessions (id) on delete cascade,
      spent_at timestamptz not null default now()
    )
    """,
    "create index spent_refresh_tokens_by_session on spent_refresh_tokens (session_id)",
    """
    create table signing_keys (
      kid text primary key,
      private_pem text not null,
      created_at timestamptz not null default now(),
      retires_at timestamptz not null
    )
    """,
)


def upgrade() -> None:
    for statement in (*event_tables.VERSION_1, *TABLES):
        op.execute(statement)


def downgrade() -> None:
    for name in ("signing_keys", "spent_refresh_tokens", "sessions", "user_roles", "users"):
        op.execute(f"drop table {name}")
    for statement in event_tables.DROP_VERSION_1:
        op.execute(statement)
