"""Categories, products, variants, prices, and the event tables."""

from alembic import op

from subgraphs.chassis import event_tables

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    # `path` holds the ids from the root to the category itself: a subtree is `path @> array[id]`.
    """
    create table categories (
      id text primary key,
      slug text not null unique,
      name text not null,
      parent_id text references categories (id),
      path text[] not null,
      position int not null default 0,
      version int not null default 1,
      constraint path_ends_with_the_category check (path[cardinality(path)] = id)
    )
    """,
    "create index categories_by_parent on categories (parent_id, position, id)",
    "create index categories_by_path on categories using gin (path)",
    """
    create table products (
      id text primary key,
      slug text not null unique,
      name text not null,
      description text not null,
      brand text,
      primary_category_id text not null references categories (id),
      status text not null default 'DRAFT' check (status in ('DRAFT', 'ACTIVE', 'ARCHIVED')),
      attributes jsonb not null default '[]',
      media jsonb not null default '[]',
      in_stock_hint boolean not null default true,
      version int not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )
    """,
    "create index products_newest on products (created_at desc, id desc) where status = 'ACTIVE'",
    """
    create index products_newest_by_category
    on products (primary_category_id, created_at desc, id desc) where status = 'ACTIVE'
    """,
    """
    create table variants (
      id text primary key,
      product_id text not null references products (id),
      sku text not null unique,
      title text not null default '',
      options jsonb not null default '[]',
      weight_grams int not null check (weight_grams >= 0),
      tax_code text not null,
      active boolean not null default true,
      position int not null default 0
    )
    """,
    "create index variants_by_product on variants (product_id, position, id)",
    # Orders, stock and search keep a SKU as it was: it may never come to mean something else.
    """
    create function refuse_new_sku() returns trigger language plpgsql as $$
    begin
      raise exception 'a SKU is immutable: % cannot become %', old.sku, new.sku
        using errcode = 'integrity_constraint_violation';
    end $$
    """,
    """
    create trigger sku_is_immutable before update of sku on variants for each row
    when (old.sku is distinct from new.sku) execute function refuse_new_sku()
    """,
    # A price holds until the next one of its variant and currency begins: none can overlap.
    """
    create table prices (
      variant_id text not null references variants (id),
      currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
      valid_from timestamptz not null,
      amount_minor bigint not null check (amount_minor >= 0),
      compare_at_minor bigint check (compare_at_minor > amount_minor),
      primary key (variant_id, currency, valid_from)
    )
    """,
)


def upgrade() -> None:
    for statement in (*event_tables.VERSION_1, *TABLES):
        op.execute(statement)


def downgrade() -> None:
    for name in ("prices", "variants", "products", "categories"):
        op.execute(f"drop table {name}")
    op.execute("drop function refuse_new_sku")
    for statement in event_tables.DROP_VERSION_1:
        op.execute(statement)
