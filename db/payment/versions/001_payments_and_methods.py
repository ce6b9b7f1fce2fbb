"""Payments, their operations, payment methods, the sandbox provider's books, event tables."""

from alembic import op

from subgraphs.chassis import event_tables

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    create table payments (
      id text primary key,
      order_id text not null unique,
      customer_id text,
      currency char(3) not null,
      amount bigint not null check (amount >= 0),
      authorised bigint not null default 0 check (authorised >= 0),
      captured bigint not null default 0 check (captured >= 0),
      refunded bigint not null default 0 check (refunded >= 0),
      status text not null check (status in (
        'CREATED', 'REQUIRES_ACTION', 'AUTHORISING', 'AUTHORISED', 'PARTIALLY_CAPTURED',
        'CAPTURED', 'VOIDED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DECLINED', 'EXPIRED',
        'UNKNOWN')),
      psp_reference text,
      cancel_requested_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint captured_was_authorised check (captured <= authorised),
      constraint refunded_was_captured check (refunded <= captured)
    )
    """,
    # Committed before the provider is called and never deleted: what was asked is never forgotten.
    """
    create table payment_operations (
      id text primary key,
      payment_id text not null references payments (id),
      kind text not null check (kind in (
        'AUTHORISE', 'CAPTURE', 'VOID', 'REFUND', 'CHARGEBACK')),
      idempotency_key text not null unique,
      request_hash bytea not null,
      amount bigint not null check (amount >= 0),
      status text not null check (status in ('REQUESTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN')),
      psp_reference text,
      decline_code text,
      requested_at timestamptz not null default now(),
      settled_at timestamptz
    )
    """,
    "create index payment_operations_by_payment on payment_operations (payment_id, requested_at)",
    """
    create index payment_operations_open on payment_operations (requested_at)
    where status in ('REQUESTED', 'UNKNOWN')
    """,
    """
    create function refuse_to_forget() returns trigger language plpgsql as $$
    begin
      raise exception 'payment operations are kept for ever: % cannot be deleted', old.id
        using errcode = 'integrity_constraint_violation';
    end $$
    """,
    """
    create trigger payment_operations_are_kept before delete on payment_operations
    for each row execute function refuse_to_forget()
    """,
    """
    create table payment_methods (
      id text primary key,
      user_id text not null,
      kind text not null check (kind in ('CARD', 'WALLET')),
      provider_token text not null,
      label text not null,
      brand text,
      last4 char(4),
      exp_month int check (exp_month between 1 and 12),
      exp_year int,
      wallet text,
      created_at timestamptz not null default now(),
      constraint a_card_is_described check (kind <> 'CARD' or (
        brand is not null and last4 is not null and exp_month is not null
        and exp_year is not null)),
      constraint a_wallet_is_named check (kind <> 'WALLET' or wallet is not null)
    )
    """,
    "create index payment_methods_by_user on payment_methods (user_id, created_at, id)",
    # The sandbox provider's own books, as a real provider keeps them on its side. Nothing of ours
    # reads them but the sandbox.
    """
    create table sandbox_authorisations (
      reference text primary key,
      token text not null,
      currency char(3) not null,
      amount bigint not null check (amount > 0),
      captured bigint not null default 0,
      refunded bigint not null default 0,
      voided boolean not null default false,
      constraint the_sandbox_captures_what_it_holds check (captured <= amount),
      constraint the_sandbox_refunds_what_it_took check (refunded <= captured)
    )
    """,
    """
    create table sandbox_requests (
      idempotency_key text primary key,
      kind text not null,
      reference text references sandbox_authorisations (reference),
      amount bigint not null,
      decline_code text,
      at timestamptz not null default clock_timestamp()
    )
    """,
)


def upgrade() -> None:
    for statement in (*event_tables.VERSION_1, *TABLES):
        op.execute(statement)


def downgrade() -> None:
    for name in (
        "sandbox_requests",
        "sandbox_authorisations",
        "payment_methods",
        "payment_operations",
        "payments",
    ):
        op.execute(f"drop table {name}")
    op.execute("drop function refuse_to_forget")
    for statement in event_tables.DROP_VERSION_1:
        op.execute(statement)
