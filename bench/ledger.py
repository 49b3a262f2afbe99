"""`python -m bench.ledger`: an import of stock beside the least that writes its movements.

A throw-away PostgreSQL with 5,000 styles in 50 places; a CSV of MOVEMENTS rows (100,000 unless
told), as a shop's system exports them. The floor parses it with the csv module, copies it into a
temporary table and upserts it, in the same table with the same indexes and keys; it checks nothing,
keeps no sums and says nothing. Both in turn on fresh copies, then both again with the same file.
"""

import csv
import io
import os
import resource
import statistics
import sys
import time
from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from bench.installation import installation, keep

MOVEMENTS = int(os.environ.get("MOVEMENTS", "100000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
STYLES, PLACES, DAYS = 5_000, 50, 120
SINCE = date(2026, 3, 1)
WORLD, OURS, FLOOR = "bench_ledger", "bench_import", "bench_copy"
TYPES = ["采购"] * 3 + ["销售"] * 12 + ["销售退货"] + ["调拨出"] * 2 + ["调拨入"] * 2 + ["盘亏"]
HEADERS = "日期,门店,款号,尺码,类型,数量,单价,成本,颜色,单据号,行号,参考单据"
NUMBERS = {"采购": 2, "销售": 4, "销售退货": 5, "调拨入": 8, "调拨出": 9, "盘亏": 11}

MASTERS = (
    "INSERT INTO staff_region (name) VALUES ('Bench')",
    """
    INSERT INTO staff_store (code, name, region_id, kind, trade, opens_at, closes_at, zone,
                             is_active)
    SELECT 'O' || lpad(n::text, 2, '0'), 'Place ' || n, region.id, 'office', 'shoes', '09:00',
           '21:30', 'Asia/Shanghai', true
      FROM staff_region region, generate_series(0, 49) n WHERE region.name = 'Bench'
    """,
    "INSERT INTO stock_brand (name, code) VALUES ('Bench', '')",
    """
    INSERT INTO stock_style (brand_id, number, tag_price, material, heel_type, heel_height)
    SELECT brand.id, 'S' || lpad(n::text, 4, '0'), 499, '', '', ''
      FROM stock_brand brand, generate_series(0, 4999) n WHERE brand.name = 'Bench'
    """,
)
COPIED = """
    CREATE TEMPORARY TABLE copied ("on" date, office text, style text, size text, kind text,
        quantity integer, unit_price numeric(12, 2), unit_cost numeric(12, 2), colour text,
        document text, line text, reference text) ON COMMIT DROP
"""
UPSERT = """
    INSERT INTO stock_movement AS known (office_id, style_id, "on", kind, size, colour, quantity,
                                unit_price, unit_cost, document, line, reference)
    SELECT office.id, style.id, copied."on", %(kinds)s, copied.size, copied.colour,
           copied.quantity, copied.unit_price, copied.unit_cost, copied.document, copied.line,
           COALESCE(copied.reference, '')
      FROM copied JOIN staff_store office ON office.code = copied.office
      JOIN stock_style style ON style.number = copied.style
    ON CONFLICT (office_id, document, line) WHERE line <> '' DO UPDATE
       SET quantity = excluded.quantity, unit_price = excluded.unit_price
     WHERE (known.quantity, known.unit_price)
           IS DISTINCT FROM (excluded.quantity, excluded.unit_price)
"""


def ledger() -> bytes:
    """A shop's export: four rows a document, returns that name a sale."""
    rng, rows = Random(1), [HEADERS]  # noqa: S311  the same each time
    days = [(SINCE + timedelta(days=n)).isoformat() for n in range(DAYS)]
    for at in range(MOVEMENTS):
        document, kind = at // 4 + 1, rng.choice(TYPES)
        price = rng.choice(("499", "399.5", "299")) if kind.startswith("销售") else ""
        cost = "180" if kind == "采购" else ""
        sale = f"D{max(1, document - 5):07}" if kind == "销售退货" else ""
        place, style = rng.randrange(PLACES), rng.randrange(STYLES)
        rows.append(
            f"{rng.choice(days)},O{place:02},S{style:04},{rng.randint(35, 40)},{kind},"
            f"{rng.randint(1, 9)},{price},{cost},黑,D{document:07},{at % 4 + 1},{sale}"
        )
    return "\r\n".join(rows).encode("gbk")


def ours(content: bytes) -> None:
    from django.utils import timezone

    from staff.services.system import system_account
    from stock.services.importing import import_workbook

    import_workbook(content, filename="a.csv", by=system_account(), now=timezone.now())


def floor(content: bytes) -> None:
    from django.db import connection, transaction

    rows = csv.reader(io.StringIO(content.decode("gbk")))
    next(rows)
    lines = io.StringIO("".join("\t".join([cell or "\\N" for cell in row]) + "\n" for row in rows))
    named = " ".join(f"WHEN '{name}' THEN {number}" for name, number in NUMBERS.items())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPIED)
        cursor.cursor.copy_expert("COPY copied FROM STDIN", lines)
        cursor.execute(UPSERT.replace("%(kinds)s", f"CASE copied.kind {named} END"))


def measure() -> dict[str, Any]:
    """Both on fresh copies, then again with the same file; wall and processor, medians."""
    from django.db import connection

    from bench.databases import Databases

    databases, content = Databases(), ledger()
    databases.run(MASTERS)
    databases.settle()
    databases.keep_as(WORLD)
    took: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for turn in range(ROUNDS):
        for name, act in ((OURS, ours), (FLOOR, floor))[:: 1 if turn % 2 else -1]:
            databases.copy(name, of=WORLD)
            for work in ("new", "again"):
                connection.ensure_connection()
                begun, used = time.perf_counter(), databases.cpu()
                act(content)
                took[work, name].append((time.perf_counter() - begun, databases.cpu() - used))
                sys.stderr.write(f"{work} {name}: {took[work, name][-1][0]:.1f} s\n")
            ((count,),) = databases.answers(("SELECT count(*) FROM stock_movement",))
            if count != MOVEMENTS:
                raise SystemExit(f"{name} wrote {count} movements")
    rows = []
    for work in ("new", "again"):
        wall, cpu = (
            [statistics.median(one[part] for one in took[work, name]) for name in (OURS, FLOOR)]
            for part in (0, 1)
        )
        rows.append(
            {
                "work": work,
                "ours_s": round(wall[0], 2),
                "floor_s": round(wall[1], 2),
                "ratio": round(wall[0] / wall[1], 2),
                "cpu_ours_s": round(cpu[0], 2),
                "cpu_floor_s": round(cpu[1], 2),
                "cpu_ratio": round(cpu[0] / max(cpu[1], 0.01), 2),
            }
        )
    return {
        "movements": MOVEMENTS,
        "rounds": ROUNDS,
        "python_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "works": rows,
    }


def main() -> int:
    """Measure, print the table and keep the figures under var/bench/."""
    with installation():
        report = measure()
    keep("ledger", report)
    sys.stdout.write(
        "{movements:,} movements, medians of {rounds} rounds, interleaved; peak {python_peak_mb} "
        "MB in Python\n".format(**report)
    )
    line = "{:<8}{:>9}{:>9}{:>8}{:>12}{:>12}{:>8}\n"
    heads = ("work", "ours s", "floor s", "ratio", "ours cpu", "floor cpu", "ratio")
    sys.stdout.write(line.format(*heads))
    for row in report["works"]:
        sys.stdout.write(line.format(*row.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
