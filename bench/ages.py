"""`python -m bench.ages`: ages and sell-through of SCALE movements, from the kept sums, beside the
floor: the least code over all movements.

1. A throw-away PostgreSQL with a season of goods (`bench.goods`), its sums counted.
2. In turn, each in a process of its own that says its time and peak memory: ours, the floor.
3. Both find the same stock and the same sales, or there is no figure.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from typing import Any

from bench.installation import ROOT, installation, keep

SCALE = int(os.environ.get("SCALE", "1000000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
KINDS = 12  # of movements, numbered from 1
MOST_RATIO, MOST_MB = 2.0, 1024  # the gate


def ours(as_of: date) -> dict[str, int]:
    """The product: every layer's age, and what each style did in each office."""
    import numpy as np

    from stock.figures.ageing import lying_in_turn
    from stock.figures.frames import chunks, places
    from stock.states import Kind

    sums = dict.fromkeys(("stock", "pairs", "pair_days", "sold", "places"), 0)
    everywhere = places()
    lots = chunks(places=everywhere, until=as_of)
    for rows, ages in lying_in_turn(lots, as_of=as_of):
        table = rows.table
        style = np.cumsum(np.diff(table["style"], prepend=table["style"][:1]) != 0)
        spot = (style * len(everywhere.offices) + table["rank"]) * KINDS + table["kind"]
        moved = np.bincount(
            spot, table["quantity"], (style[-1] + 1) * len(everywhere.offices) * KINDS
        )
        moved = moved.reshape(-1, KINDS)
        sold = moved[:, Kind.SALE] - moved[:, Kind.SALE_RETURN]
        supply = moved[:, Kind.OPENING] + moved[:, Kind.PURCHASE] + moved[:, Kind.TRANSFER_IN]
        np.divide(sold, supply, out=np.zeros(len(supply)), where=supply > 0)
        sums["sold"] += int(sold.sum())
        sums["places"] += len(ages.offices)
        for name, column in (("stock", "stock"), ("pairs", "lying"), ("pair_days", "pair_days")):
            sums[name] += int(ages.offices[column].sum())
    return sums


def child(which: str) -> dict[str, Any]:
    """One of both in this process: how long, how much memory, what it found."""
    import django

    django.setup()
    from django.db import connection

    from bench.databases import Databases
    from bench.goods import DAYS, SINCE

    cpu = Databases().cpu
    # Nobody would count the time of further server processes.
    connection.settings_dict["OPTIONS"]["options"] += " -c max_parallel_workers_per_gather=0"
    connection.ensure_connection()
    as_of = SINCE + timedelta(days=DAYS + 10)
    begun, used = time.perf_counter(), cpu()
    if which == "ours":
        found = ours(as_of)
    else:
        from bench.floor import ages

        found = ages.figures(as_of)
    took, used = time.perf_counter() - begun, cpu() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": took, "cpu": used, "peak_mb": peak, "found": found}


def measure() -> dict[str, Any]:
    """Build, count the sums, and run both in turn."""
    from django.db import connection

    from bench.goods import build
    from stock.models import DaySum
    from stock.services.recounting import recount_all

    connection.settings_dict["OPTIONS"]["options"] += " -c statement_timeout=0"
    connection.close()
    begun = time.perf_counter()
    movements = build(movements=SCALE)
    built = time.perf_counter()
    recount_all()
    counted = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    kept = DaySum.objects.count()
    connection.close()
    _say(
        f"{movements:,} movements in {built - begun:.0f} s,"
        f" {kept:,} sums in {counted - built:.0f} s"
    )
    first = _run("ours")["seconds"]
    _run("floor")
    took: dict[str, list[dict[str, Any]]] = {"ours": [], "floor": []}
    for turn in range(ROUNDS):
        for which in ("ours", "floor") if turn % 2 else ("floor", "ours"):
            took[which].append(_run(which))
    return {"movements": movements, "sums": kept, "counted_s": counted - built} | _found(
        took, first
    )


def _run(which: str) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-m", "bench.ages", which], cwd=ROOT, check=True, capture_output=True
    )
    found = json.loads(told.stdout)
    _say(f"{which}: {found['seconds']:.2f} s, cpu {found['cpu']:.2f} s, {found['peak_mb']} MB")
    return found


def _found(took: dict[str, list[dict[str, Any]]], first: float) -> dict[str, Any]:
    found = {which: runs[0]["found"] for which, runs in took.items()}
    if any(found["ours"][name] != found["floor"][name] for name in ("stock", "sold", "places")):
        raise SystemExit(f"ours and the floor found different goods: {found}")
    seconds, cpu = (
        {which: statistics.median(run[name] for run in runs) for which, runs in took.items()}
        for name in ("seconds", "cpu")
    )
    return {
        "rounds": ROUNDS,
        "ours_s": round(seconds["ours"], 2),
        "floor_s": round(seconds["floor"], 2),
        "ratio": round(seconds["ours"] / seconds["floor"], 2),
        "cpu_ours_s": round(cpu["ours"], 2),
        "cpu_floor_s": round(cpu["floor"], 2),
        "cpu_ratio": round(cpu["ours"] / cpu["floor"], 2),
        "ours_peak_mb": max(run["peak_mb"] for run in took["ours"]),
        "floor_peak_mb": max(run["peak_mb"] for run in took["floor"]),
        "first_s": round(first, 2),
        "found": found,
    }


def main() -> int:
    """Measure, print the table and keep the figures under var/bench/."""
    os.environ.setdefault("DEBUG", "false")
    os.environ["DJANGO_SETTINGS_MODULE"] = "crm.settings"
    if sys.argv[1:]:
        sys.stdout.write(json.dumps(child(sys.argv[1])))
        return 0
    with installation(durable=False):
        report = measure()
    _tell(report)
    return 0


def _tell(report: dict[str, Any]) -> None:
    keep("ages", report)
    sys.stdout.write(
        "{movements:,} movements, {sums:,} kept sums (counted in {counted_s:.0f} s), medians of"
        " {rounds} rounds in turn; the first one, which compiles, took {first_s} s\n".format(
            **report
        )
    )
    line = "{:<28}{:>10}{:>10}{:>10}\n"
    sys.stdout.write(line.format("ages and sell-through", "s", "cpu s", "peak MB"))
    for name, which in (("from the kept sums", "ours"), ("floor, all movements", "floor")):
        values = (report[key.format(which)] for key in ("{}_s", "cpu_{}_s", "{}_peak_mb"))
        sys.stdout.write(line.format(name, *values))
    sys.stdout.write(
        "ratio {ratio}, of cpu {cpu_ratio} (gate {most}, {memory} MB)\n".format(
            **report, most=MOST_RATIO, memory=MOST_MB
        )
    )


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
