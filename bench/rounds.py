"""The first round, day after day and asked again: engine and floor in turn."""

import os
import resource
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from bench.databases import Databases
from bench.floor import tasks as floor
from bench.world import World, build
from followups.services import engine

SCALE = int(os.environ.get("SCALE", "100000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
DAYS = int(os.environ.get("DAYS", "7"))
HORIZON = timedelta(days=int(os.environ.get("HORIZON", "60")))
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOTED_AT = NOW - timedelta(days=1)
WORLD, OURS, FLOOR = "bench_world", "bench_engine", "bench_floor"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Medians in seconds, their ratio, and how many obligations were made the last time.

    `cpu_*` is what the processors did, in Python and PostgreSQL: others on the machine stretch
    it far less than the wall clock.
    """

    work: str
    engine_s: float
    floor_s: float
    ratio: float
    cpu_engine_s: float
    cpu_floor_s: float
    cpu_ratio: float
    made: int


def measure() -> dict[str, Any]:
    """All of it, on the databases of this server."""
    databases = Databases()
    begun = time.perf_counter()
    build(World(customers=SCALE, today=NOW.date(), noted_at=NOTED_AT))
    databases.run(floor.INDEXES)
    databases.settle()
    databases.keep_as(WORLD)
    _say(f"{SCALE:,} customers brought in after {time.perf_counter() - begun:.0f} s")
    bench = Bench(databases)
    bench.first_rounds()
    bench.days()
    return bench.report()


class Bench:
    """The engine and its floor, each on its own copy of the world, in turn."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._times: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._cpu: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._made: dict[str, int] = {}

    def _in_turn(self, work: str, turn: int, day: int, statement: str) -> None:
        """Both do the same work, the one or the other first; timed, and the rows counted."""
        until = NOW.date() + timedelta(days=day) + HORIZON
        params = {"since": NOTED_AT.date() - timedelta(days=7), "until": until}
        acts = {
            OURS: lambda: (
                engine.ask(now=NOW + timedelta(days=day), horizon=HORIZON).obligations_created
            ),
            FLOOR: lambda: self._databases.write((statement, *floor.WRITE), params),
        }
        made = {}
        for name in (OURS, FLOOR) if turn % 2 else (FLOOR, OURS):
            self._databases.use(name)
            connection.ensure_connection()
            begun, used = time.perf_counter(), self._databases.cpu()
            made[name] = acts[name]()
            self._cpu[work, name].append(self._databases.cpu() - used)
            self._times[work, name].append(time.perf_counter() - begun)
        took = " and ".join(f"{self._times[work, name][-1]:.2f}" for name in (OURS, FLOOR))
        _say(f"{work}: {took} s, {made[OURS]:,} obligations")
        if made[OURS] != made[FLOOR]:
            raise SystemExit(f"{work}: the engine made {made[OURS]}, the floor {made[FLOOR]}")
        self._made[work] = made[OURS]

    def first_rounds(self) -> None:
        """Everything, each time on two fresh copies."""
        for turn in range(ROUNDS):
            for name in (OURS, FLOOR):
                self._databases.copy(name, of=WORLD)
            self._in_turn("first round", turn, 0, floor.ALL)
        self._compare()

    def days(self) -> None:
        """Day after day on the last copies: the day's round, and nothing due any more."""
        for name in (OURS, FLOOR):
            self._databases.use(name)
            self._databases.settle()
        for day in range(1, DAYS + 1):
            self._in_turn("a day's round", day, day, floor.DAY)
            self._in_turn("asked again", day, day, floor.DAY)
        self._compare()

    def _compare(self) -> None:
        """Both have written the same, or the figures mean nothing."""
        found = []
        for name in (OURS, FLOOR):
            self._databases.use(name)
            found.append(self._databases.answers(floor.SAME))
        if found[0] != found[1]:
            raise SystemExit(f"engine and floor wrote different rows: {found}")

    def _row(self, work: str, made: int) -> Measured:
        wall, cpu = (
            [statistics.median(found[work, name]) for name in (OURS, FLOOR)]
            for found in (self._times, self._cpu)
        )
        return Measured(
            work=work,
            engine_s=round(wall[0], 3),
            floor_s=round(wall[1], 3),
            ratio=round(wall[0] / wall[1], 2),
            cpu_engine_s=round(cpu[0], 3),
            cpu_floor_s=round(cpu[1], 3),
            cpu_ratio=round(cpu[0] / max(cpu[1], 0.01), 2),
            made=made,
        )

    def report(self) -> dict[str, Any]:
        """What was found."""
        rows = [self._row(work, made) for work, made in self._made.items()]
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "scale": SCALE,
            "rounds": ROUNDS,
            "days": DAYS,
            "horizon_days": HORIZON.days,
            "python_peak_mb": own // 1024,
            "postgres_peak_mb": self._databases.most_memory // 1024,
            "works": [asdict(row) for row in rows],
        }


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
