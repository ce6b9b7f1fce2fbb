"""Stock, its ledger, reservations, shipping rates, and the event tables."""

from alembic import op

from subgraphs.chassis import event_tables

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    create table stock (
      variant_id text primary key,
      product_id text not null,
      sku text not null unique,
      on_hand int not null default 0,
      reserved int not null default 0,
      allocated int not null default 0,
      safety int not null default 0 check (safety >= 0),
      version int not null default 1,
      constraint on_hand_is_not_negative check (on_hand >= 0),
      constraint reserved_is_not_negative check (reserved >= 0),
      constraint allocated_is_not_negative check (allocated >= 0),
      constraint promised_units_exist check (reserved + allocated <= on_hand)
    )
    """,
    """
    create index stock_by_product on stock (product_id)
    include (on_hand, reserved, allocated, safety)
    """,
    # `holds` counts how often the reservation was held: an expired one may be held again.
    """
    create table reservations (
      id text primary key,
      status text not null check (status in (
        'HELD', 'COMMITTED', 'SHIPPED', 'RELEASED', 'EXPIRED')),
      expires_at timestamptz not null,
      holds int not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )
    """,
    "create index reservations_to_expire on reservations (expires_at) where status = 'HELD'",
    """
    create table reservation_lines (
      reservation_id text not null references reservations (id) on delete cascade,
      variant_id text not null references stock (variant_id),
      quantity int not null check (quantity > 0),
      shipped int not null default 0 check (shipped between 0 and quantity),
      primary key (reservation_id, variant_id)
    )
    """,
    # The ledger: its sums are the stock's columns. Each kind moves what it may and nothing else.
    """
    create table stock_movements (
      id bigint generated always as identity primary key,
      variant_id text not null references stock (variant_id),
      kind text not null,
      delta_on_hand int not null default 0,
      delta_reserved int not null default 0,
      delta_allocated int not null default 0,
      reference text not null,
      reason text,
      actor text not null default 'system',
      at timestamptz not null default clock_timestamp(),
      unique (reference, kind, variant_id),
      constraint a_kind_moves_what_it_may check (case kind
        when 'RECEIPT' then delta_on_hand > 0 and delta_reserved = 0 and delta_allocated = 0
        when 'RETURN' then delta_on_hand > 0 and delta_reserved = 0 and delta_allocated = 0
        when 'ADJUST' then delta_on_hand <> 0 and delta_reserved = 0 and delta_allocated = 0
        when 'RESERVE' then delta_on_hand = 0 and delta_reserved > 0 and delta_allocated = 0
        when 'EXPIRE' then delta_on_hand = 0 and delta_reserved < 0 and delta_allocated = 0
        when 'RELEASE' then delta_on_hand = 0 and delta_reserved <= 0 and delta_allocated <= 0
          and delta_reserved + delta_allocated < 0
        when 'ALLOCATE' then delta_on_hand = 0 and delta_allocated > 0
          and delta_reserved = -delta_allocated
        when 'SHIP' then delta_on_hand < 0 and delta_reserved = 0
          and delta_allocated = delta_on_hand
        else false end)
    )
    """,
    "create index stock_movements_by_variant on stock_movements (variant_id, id desc)",
    """
    create table shipping_rates (
      country char(2) not null,
      method text not null,
      up_to_grams int not null check (up_to_grams > 0),
      amount_minor bigint not null check (amount_minor >= 0),
      currency char(3) not null,
      min_days int not null check (min_days >= 0),
      max_days int not null check (max_days >= min_days),
      primary key (country, method, up_to_grams)
    )
    """,
)


def upgrade() -> None:
    for statement in (*event_tables.VERSION_1, *TABLES):
        op.execute(statement)


def downgrade() -> None:
    for name in (
        "shipping_rates",
        "stock_movements",
        "reservation_lines",
        "reservations",
        "stock",
    ):
        op.execute(f"drop table {name}")
    for statement in event_tables.DROP_VERSION_1:
        op.execute(statement)
