"""A season of goods beside the demonstration's shops, written by a handful of statements.

Five regions with a warehouse and ten stores each. Of each style some 2,000 movements: receipts in
the warehouses by size, four allocations to each store, sales, returns (half of which name their
sale, some at another store), transfers between stores and over a region's border, gifts, a
stock-take. Documents hold many styles, as a shop system writes them.
"""

from datetime import date
from typing import Any

from django.db import connection, transaction

SINCE = date(2026, 3, 1)
DAYS = 180
A_STYLE = 2_000  # movements, about

PLACES = (
    "INSERT INTO staff_region (name) SELECT 'Bench ' || n FROM generate_series(1, 5) n",
    """
    INSERT INTO staff_store (code, name, region_id, kind, trade, opens_at, closes_at, zone,
                             is_active)
    SELECT CASE n WHEN 0 THEN 'BW' ELSE 'BS' || n END || region.id, 'Place ' || n, region.id,
           CASE n WHEN 0 THEN 'warehouse' ELSE 'store' END, 'furniture', '09:00', '21:30',
           'Asia/Shanghai', true
      FROM staff_region region CROSS JOIN generate_series(0, 10) n
     WHERE region.name LIKE 'Bench %%' ORDER BY region.id, n
    """,
    "INSERT INTO stock_brand (name, code) VALUES ('Bench', '')",
    """
    INSERT INTO stock_style (brand_id, number, tag_price, material, heel_type, heel_height)
    SELECT brand.id, 'B' || n, 499, '', '', ''
      FROM stock_brand brand, generate_series(1, %(styles)s) n WHERE brand.name = 'Bench'
    """,
    "CREATE TEMPORARY TABLE a_style AS SELECT id AS style FROM stock_style WHERE number LIKE 'B%%'",
    """
    CREATE TEMPORARY TABLE a_store AS
    SELECT store.id AS store, store.region_id AS region, warehouse.id AS warehouse,
           row_number() OVER (ORDER BY store.id) AS n
      FROM staff_store store JOIN staff_store warehouse USING (region_id)
     WHERE store.code LIKE 'BS%%' AND warehouse.code LIKE 'BW%%'
    """,
    "ANALYZE a_style, a_store",
)
COLUMNS = (
    'INSERT INTO stock_movement (office_id, style_id, "on", kind, size, colour, quantity, '
    "unit_price, unit_cost, document, line, reference) "
)
# Anything that looks drawn by chance and is the same each time: 0 to 999.
CHANCE = "abs(hashint8(style * 1000003::bigint + {place} * 1009 + k * 31 + {salt}) %% 1000)"
CAME = CHANCE.format(place="warehouse", salt=0)
BROUGHT = CHANCE.format(place="warehouse", salt=3)
STORE_CHANCE = CHANCE.format(place="store", salt=0)
OTHER_CHANCE = CHANCE.format(place="store", salt=7)

RECEIPTS = f"""
    SELECT warehouse, style, %(since)s::date + k * 30 + {CAME} %% 5, 2, size::text, '',
           10 + {BROUGHT} %% 12, NULL, 180,
           'P' || warehouse || '.' || k, '', ''
      FROM a_style, (SELECT DISTINCT warehouse FROM a_store) w, generate_series(0, 2) k,
           generate_series(35, 42) size
"""
ALLOCATIONS = f"""
    SELECT CASE kind WHEN 9 THEN warehouse ELSE store END, style,
           %(since)s::date + 6 + k * 28 + CASE WHEN kind = 8 AND (style + store) %% 3 = 0 THEN 1
                                               ELSE 0 END,
           kind, (35 + (style + store + k + size * 3) %% 8)::text, '', 1 + {STORE_CHANCE} %% 4,
           NULL, NULL, 'T' || store || '.' || k, '', ''
      FROM a_style, a_store, generate_series(0, 3) k, generate_series(0, 2) size,
           (VALUES (9), (8)) AS way (kind)
"""
SALES = f"""
    SELECT store, style, %(since)s::date + 8 + ({STORE_CHANCE} * 17 + k * 11) %% (%(days)s - 8), 4,
           (35 + {OTHER_CHANCE} %% 8)::text, '', 1 + {OTHER_CHANCE} / 900, 449.10, NULL,
           'S' || store || '.' || style || '.' || k, '', ''
      FROM a_style, a_store, generate_series(1, 15) k
"""
# Some days after; of two one names its sale, of ten of these one is brought to another store.
RETURNS = f"""
    SELECT CASE WHEN {OTHER_CHANCE} %% 20 = 1 THEN COALESCE(neighbour, store) ELSE store END, style,
           %(since)s::date + 15 + ({STORE_CHANCE} * 17 + k * 11) %% (%(days)s - 8), 5,
           (35 + {OTHER_CHANCE} %% 8)::text, '', 1, 449.10, NULL,
           'R' || store || '.' || style || '.' || k, '',
           CASE WHEN {OTHER_CHANCE} %% 2 = 1 THEN 'S' || store || '.' || style || '.' || k
                ELSE '' END
      FROM a_style, generate_series(1, 15) k, (
           SELECT a_store.*, lead(store) OVER (PARTITION BY region ORDER BY n) AS neighbour
             FROM a_store) s
     WHERE {STORE_CHANCE} %% 25 = 0
"""
BETWEEN_STORES = f"""
    SELECT CASE kind WHEN 9 THEN store ELSE COALESCE(neighbour, store - 7) END, style,
           %(since)s::date + 100 + {STORE_CHANCE} %% 40, kind, '38', '', 2, NULL, NULL,
           'X' || store || '.' || style, '', ''
      FROM a_style, (SELECT a_store.*, lead(store) OVER (ORDER BY n) AS neighbour FROM a_store) s,
           (VALUES (0)) AS one (k), (VALUES (9), (8)) AS way (kind)
     WHERE {OTHER_CHANCE} %% 10 = 0
"""
OTHERS = f"""
    SELECT store, style, %(since)s::date + 90 + {STORE_CHANCE} %% 60, kind, '39', '', 1, NULL, NULL,
           'O' || store || '.' || kind, '', ''
      FROM a_style, a_store, (VALUES (0)) AS one (k), (VALUES (7), (10), (11)) AS way (kind)
     WHERE ({OTHER_CHANCE} + kind) %% 12 = 0
"""
STATEMENTS = (RECEIPTS, ALLOCATIONS, SALES, RETURNS, BETWEEN_STORES, OTHERS)

INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname !~ 'pkey$'"


@transaction.atomic
def build(*, movements: int) -> int:
    """Write about so many movements; answers how many. Indexes and keys are put back at the end."""
    params: dict[str, Any] = {
        "styles": max(1, movements // A_STYLE), "since": SINCE, "days": DAYS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in PLACES:
            cursor.execute(statement, params)
        cursor.execute(INDEXES, ["stock_movement"])
        indexes = cursor.fetchall()
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        count = 0
        for statement in STATEMENTS:
            cursor.execute(COLUMNS + statement, params)
            count += cursor.rowcount
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("ANALYZE stock_movement")
    return count
