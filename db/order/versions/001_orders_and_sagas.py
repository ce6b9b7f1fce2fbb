"""Orders, their lines and history, the checkout sagas, and the event tables."""

from alembic import op

from subgraphs.chassis import event_tables

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    create table orders (
      id text primary key,
      number text not null unique,
      customer_id text,
      contact_email text not null,
      status text not null check (status in (
        'PENDING', 'AWAITING_PAYMENT', 'CONFIRMED', 'PAID', 'PARTIALLY_FULFILLED', 'FULFILLED',
        'DELIVERED', 'CANCELLED', 'REJECTED', 'PARTIALLY_REFUNDED', 'REFUNDED')),
      currency char(3) not null,
      subtotal bigint not null,
      discount bigint not null default 0 check (discount >= 0),
      shipping bigint not null default 0 check (shipping >= 0),
      tax bigint not null default 0 check (tax >= 0),
      total bigint not null check (total >= 0),
      address jsonb,
      guest_token_hash bytea,
      failure_code text,
      failure_message text,
      failure_details jsonb,
      version int not null default 1,
      placed_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint total_is_the_sum check (subtotal + shipping + tax - discount = total)
    )
    """,
    """
    create index orders_by_customer on orders (customer_id, placed_at desc, id desc)
    where customer_id is not null
    """,
    """
    create table order_lines (
      id text primary key,
      order_id text not null references orders (id) on delete cascade,
      product_id text not null,
      variant_id text not null,
      sku text not null,
      name text not null,
      unit_minor bigint not null check (unit_minor >= 0),
      quantity int not null check (quantity between 1 and 999),
      tax_minor bigint not null default 0,
      fulfilled int not null default 0 check (fulfilled between 0 and quantity),
      unique (order_id, variant_id)
    )
    """,
    """
    create table order_events (
      id bigint generated always as identity primary key,
      order_id text not null references orders (id) on delete cascade,
      at timestamptz not null default clock_timestamp(),
      kind text not null,
      message text not null,
      actor text not null
    )
    """,
    "create index order_events_by_order on order_events (order_id, id)",
    """
    create table sagas (
      order_id text primary key references orders (id) on delete cascade,
      step text not null,
      status text not null check (status in ('RUNNING', 'STUCK', 'DONE')),
      attempts int not null default 0,
      next_at timestamptz not null default now(),
      lease_token text,
      lease_until timestamptz,
      deadline timestamptz not null default now() + interval '20 minutes',
      data jsonb not null
    )
    """,
    "create index sagas_to_resume on sagas (next_at) where status = 'RUNNING'",
)


def upgrade() -> None:
    for statement in (*event_tables.VERSION_1, *TABLES):
        op.execute(statement)


def downgrade() -> None:
    for name in ("sagas", "order_events", "order_lines", "orders"):
        op.execute(f"drop table {name}")
    for statement in event_tables.DROP_VERSION_1:
        op.execute(statement)
