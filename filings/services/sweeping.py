"""The sweep of filings: says what the clocks have done, changes no state (FIL-13 … FIL-16, PUL-02).

Deadlines are stored instants: whether a filing protects is right without any sweep. What the sweep
adds is told once, however often it is asked: missed updates are noted, limits that are near are
warned of, the holder hears of a lapse and the refused that the customer is free. A filing whose
project has a deal that stands rests: nobody is warned, nothing is noted.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from filings.models import Filing
from filings.services.clock_notices import Ticked, tell_of_clocks
from filings.services.freeing import tell_free_of
from staff.models import Person
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind, Role

log = structlog.get_logger(__name__)

# One sweep at a time; others leave it to that one.
SWEEP_LOCK = 7_201_051
# Customers of one transaction: nobody who serves one of them waits for more than a batch.
BATCH = 500
INSTANT = timedelta(microseconds=1)
# Where so many and so large a share of what stands would lapse at once, the clock is doubted (T04).
MOST_AT_ONCE = 50
MOST_OF_ALL = 20  # more than one in so many

# What stands, by the words of the index `filing_to_sweep`.
STANDING = """filing.invalid = '' AND filing.withdrawn = '' AND filing.ended = ''
       AND filing.lapse_noted_at IS NULL AND filing.protected_until IS NOT NULL"""


def _dealt(at: str) -> str:
    """Whether a deal stood on the filing's project at this moment; OFFSET 0 looks up each by its
    index, however many deals there are.
    """
    return f"""EXISTS (
           SELECT FROM filings_deal deal WHERE deal.project_id = filing.project_id
              AND deal.at <= {at} AND (deal.undone_at IS NULL OR deal.undone_at > {at})
           OFFSET 0)"""


LAPSED = f"{STANDING} AND filing.protected_until <= %(now)s"
MISSED = f"""{STANDING}
       AND filing.update_due_at <= LEAST(%(now)s, filing.protected_until)
       AND NOT {_dealt("filing.update_due_at")}
       AND NOT EXISTS (
           SELECT FROM filings_violation noted
            WHERE noted.kind = 'update_missed' AND noted.person_id = filing.holder_id
              AND noted.customer_id = filing.customer_id
              AND noted.moment = filing.update_due_at OFFSET 0)"""

# Each limit of what protects, and from when on it is warned of. The end by silence is one only
# where it comes before the limit to measure.
LIMITS = f"""
    SELECT filing.id, filing.customer_id, filing.warned_of, due.kind, due.at,
           due.at - make_interval(days => due.days) AS warns_at
      FROM filings_filing filing
      JOIN filings_policy policy ON policy.id = filing.policy_id
     CROSS JOIN LATERAL (VALUES
           ('update', filing.update_due_at, policy.update_warn_days),
           ('silence', CASE WHEN filing.measured_at IS NOT NULL OR filing.limit_at IS NULL
                              OR filing.protected_until < filing.limit_at
                            THEN filing.protected_until END, policy.protection_warn_days),
           ('measure', CASE WHEN filing.measured_at IS NULL THEN filing.limit_at END,
            policy.limit_warn_days)) due (kind, at, days)
     WHERE {STANDING} AND filing.protected_until > %(now)s AND {{some}}
       AND NOT {_dealt("%(now)s::timestamptz")}
"""
# `warned_of` is the limit warned of last: what is warned of no later than that one has been, too.
# Where that limit has moved since, what ends no later than it did has been warned of.
NEAR = f"""
    SELECT id, customer_id, kind, at, warns_at
      FROM (SELECT *, max(warns_at) FILTER (WHERE at = warned_of) OVER (PARTITION BY id)
                   AS warned_at
              FROM ({LIMITS}) one) every
     WHERE warns_at <= %(now)s AND at > %(now)s
       AND CASE WHEN warned_at IS NOT NULL THEN warns_at > warned_at
                ELSE warned_of IS NULL OR at > warned_of END
"""

CUSTOMERS = """
    SELECT DISTINCT found.customer_id FROM ({found}) found
     WHERE found.customer_id > %(after)s ORDER BY found.customer_id LIMIT %(batch)s
"""
# Whoever is being served right now is left to the next sweep.
HOLD = """
    SELECT id FROM customers_customer WHERE id = ANY(%(customers)s)
     ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
HOW_MANY = f"""
    SELECT count(*) FILTER (WHERE filing.protected_until <= %(now)s), count(*)
      FROM filings_filing filing WHERE {STANDING}
"""
FIRST_TO_LAPSE = f"""
    SELECT filing.id FROM filings_filing filing WHERE {LAPSED}
     ORDER BY filing.protected_until, filing.id LIMIT 1
"""
NOTE_LAPSED = f"""
    UPDATE filings_filing filing SET lapse_noted_at = %(now)s
     WHERE {LAPSED} AND filing.customer_id = ANY(%(customers)s)
 RETURNING filing.id, filing.limit_at <= %(now)s AND filing.measured_at IS NULL,
           {_dealt("%(now)s::timestamptz")}
"""
NOTE_MISSED = f"""
    INSERT INTO filings_violation
           (kind, person_id, store_id, customer_id, filing_id, moment, clear_note)
    SELECT 'update_missed', filing.holder_id, filing.store_id, filing.customer_id, filing.id,
           filing.update_due_at, ''
      FROM filings_filing filing WHERE {MISSED} AND filing.customer_id = ANY(%(customers)s)
     ORDER BY filing.id
    ON CONFLICT DO NOTHING
"""
NOTE_WARNED = """
    UPDATE filings_filing filing SET warned_of = warned.at
      FROM unnest(%(ids)s::bigint[], %(limits)s::timestamptz[]) warned (id, at)
     WHERE filing.id = warned.id
"""
OF_THESE = "filing.customer_id = ANY(%(customers)s)"


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one sweep found; `is_stopped`: it would have let too many lapse, and did nothing."""

    at: datetime
    lapsed: int = 0
    void: int = 0
    warned: int = 0
    flagged: int = 0
    is_stopped: bool = False

    def as_json(self) -> dict[str, object]:
        """The keys that scripts read."""
        found = asdict(self)
        del found["is_stopped"]
        return {**found, "at": self.at.isoformat()}


def sweep(*, now: datetime, is_confirmed: bool = False) -> Swept:
    """Note what was missed, warn of what is near, tell of what has lapsed; each once.

    Where so many would lapse at once that the clock is more likely wrong, nothing is done, ops
    are told once, and the sweep waits until somebody has confirmed it.
    """
    if not is_confirmed and _is_doubtful(now):
        return Swept(at=now, is_stopped=True)
    flagged = _in_batches(_of(MISSED), _flag, now=now)[0]
    warned = _in_batches(NEAR.format(some="TRUE"), _warn, now=now)[0]
    lapsed, void = _in_batches(_of(LAPSED), _note_lapsed, now=now)
    if flagged or warned or lapsed or void:
        log.info("filings_swept", flagged=flagged, warned=warned, lapsed=lapsed, void=void)
    return Swept(at=now, lapsed=lapsed, void=void, warned=warned, flagged=flagged)


def _of(which: str) -> str:
    return f"SELECT filing.customer_id FROM filings_filing filing WHERE {which}"


def _is_doubtful(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HOW_MANY, {"now": now})
        lapsing, standing = cursor.fetchone()
        if lapsing < MOST_AT_ONCE or lapsing * MOST_OF_ALL <= standing:
            return False
        cursor.execute(FIRST_TO_LAPSE, {"now": now})
        first = cursor.fetchone()
    log.warning("filings_sweep_stopped", lapsing=lapsing, standing=standing)
    operations = Person.objects.filter(role=Role.OPS_MANAGER, is_active=True, is_system=False)
    tell_many(
        [
            Telling(
                person_id=person,
                kind=NoticeKind.FILING_CLOCK,
                key=f"filing_sweep_stopped:{first[0] if first else 0}",
                params={"lapsing": lapsing, "standing": standing},
            )
            for person in operations.order_by("pk").values_list("pk", flat=True)
        ],
        now=now,
    )
    return True


def _in_batches(found: str, act: Callable[..., tuple[int, int]], *, now: datetime) -> list[int]:
    """Do `act` with the customers of what is found, some at a time, each batch a transaction."""
    total, after = [0, 0], 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
            if not cursor.fetchone()[0]:
                return total
            params: dict[str, Any] = {"now": now, "after": after, "batch": BATCH}
            cursor.execute(CUSTOMERS.format(found=found), params)
            customers = [pk for (pk,) in cursor.fetchall()]
            cursor.execute(HOLD, {"customers": customers})
            held = [pk for (pk,) in cursor.fetchall()]
            if held:  # a statement of its own: it sees what was committed before they were held
                counts = act(cursor, {"now": now, "customers": held})
                total = [total[0] + counts[0], total[1] + counts[1]]
        if len(customers) < BATCH:
            return total
        after = customers[-1]


def _flag(cursor, params: Mapping[str, Any]) -> tuple[int, int]:
    """Updates missed by now are noted with the limit that was missed, once (FIL-13)."""
    cursor.execute(NOTE_MISSED, params)
    return cursor.rowcount, 0


def _warn(cursor, params: Mapping[str, Any]) -> tuple[int, int]:
    """Limits that are near are warned of, once each (PUL-02)."""
    cursor.execute(NEAR.format(some=OF_THESE), params)
    rows = cursor.fetchall()
    last: dict[int, tuple[datetime, datetime]] = {}
    for pk, _customer, _kind, at, warns_at in rows:
        last[pk] = max(last.get(pk, (warns_at, at)), (warns_at, at))
    limits = [at for _warns_at, at in last.values()]
    cursor.execute(NOTE_WARNED, {"ids": list(last), "limits": limits})
    _tell({(pk, kind): at for pk, _customer, kind, at, _warns_at in rows}, now=params["now"])
    return len(rows), 0


def _note_lapsed(cursor, params: Mapping[str, Any]) -> tuple[int, int]:
    """What protects nobody any more is noted; its holder hears of it, and the refused."""
    cursor.execute(NOTE_LAPSED, params)
    rows = [(pk, is_void) for pk, is_void, is_resting in cursor.fetchall() if not is_resting]
    ended = {(pk, "void" if is_void else "lapsed"): None for pk, is_void in rows}
    _tell(ended, now=params["now"])
    tell_free_of(params["customers"], now=params["now"])
    void = sum(bool(is_void) for _pk, is_void in rows)
    return len(rows) - void, void


def _tell(limits: Mapping[tuple[int, str], datetime | None], *, now: datetime) -> None:
    """Tell the holders; without a limit of its own, what ended is said with its protection's."""
    filings = Filing.objects.select_related("store").in_bulk({pk for pk, _kind in limits})
    tell_of_clocks([_ticked(filings[pk], kind, at) for (pk, kind), at in limits.items()], now=now)


def _ticked(filing: Filing, kind: str, at: datetime | None) -> Ticked:
    ends_at = at or filing.protected_until or filing.noted_at
    return Ticked(
        kind=kind,
        filing_id=filing.pk,
        number=filing.number,
        person_id=filing.holder_id,
        on=filing.store.today(ends_at - INSTANT),  # 24:00 belongs to the day that ends
    )
