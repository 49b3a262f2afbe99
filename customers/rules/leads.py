"""Who gets a lead, until when it may be accepted, and which store it belongs to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from customers.states import DispatchMethod

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SHORTEST_NAME = 2
LOAD_WINDOW = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """When a store is open, by its own clock; one that closes when it opens never closes."""

    opens_at: time
    closes_at: time
    zone: ZoneInfo

    def on(self, at: datetime, days: int) -> tuple[datetime, datetime]:
        """The opening that begins `days` after the local day of `at`; may end after midnight."""
        day = at.astimezone(self.zone).date() + timedelta(days=days)
        ends = day if self.closes_at > self.opens_at else day + DAY
        begin = datetime.combine(day, self.opens_at, self.zone)
        end = datetime.combine(ends, self.closes_at, self.zone)
        # Instants, not clock faces: a night on which the clocks change is as long as it is.
        return begin.astimezone(UTC), end.astimezone(UTC)


def lapses_at(*, offered_at: datetime, minutes: int, opening: Opening) -> datetime:
    """When an offer lapses: so many minutes of the store's opening time after it was made.

    One that is made after closing begins to run when the store opens next.
    """
    left = minutes * MINUTE
    since, days = offered_at.astimezone(UTC), -1
    while True:
        begins, ends = opening.on(since, days)
        begins = max(begins, since)
        if begins < ends:
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        days += 1


def opening_minutes(*, since: datetime, until: datetime, opening: Opening) -> int:
    """Whole minutes of opening time between two moments."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    total, days = timedelta(0), -1
    while True:
        begins, ends = opening.on(since, days)
        if begins >= until:
            return total // MINUTE
        total += max(min(ends, until) - max(begins, since), timedelta(0))
        days += 1


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody to whom a lead of the store may be offered now."""

    person_id: int
    position: int = 0
    last_offered_at: datetime | None = None
    load: int = 0


def choose_person(
    *, method: DispatchMethod | str, candidates: Sequence[Candidate], had: Collection[int]
) -> int | None:
    """Who is offered the lead next, None for nobody: then it waits for the store's manager.

    By rota: who has gone longest without an offer, the order of the day among equals. By load:
    who has fewest open and accepted leads. Nobody is asked twice for one lead; by hand, nobody.
    """
    left = [each for each in candidates if each.person_id not in had]
    if method == DispatchMethod.HAND or not left:
        return None
    if method == DispatchMethod.LOAD:
        return min(left, key=lambda each: (each.load, *_longest_ago(each))).person_id
    return min(left, key=_longest_ago).person_id


def _longest_ago(each: Candidate) -> tuple[bool, float, int, int]:
    last = each.last_offered_at
    return (last is not None, last.timestamp() if last else 0.0, each.position, each.person_id)


@dataclass(frozen=True, kw_only=True)
class Place:
    """An open store that takes leads, and how many of them it has open."""

    store_id: int
    name: str
    region_id: int
    region: str
    open_leads: int = 0


def choose_store(
    *,
    places: Sequence[Place],
    named_store: int | None,
    place: str,
    store_of_source: int | None,
    region_of_source: int | None,
) -> int | None:
    """Which store a lead goes to; None where somebody has to say so by hand.

    The store that the lead names, else the place it speaks of, else the source's own store, else
    the store of the source's region with the fewest open leads.
    """
    open_ids = {each.store_id for each in places}
    if named_store in open_ids:
        return named_store
    if found := _at(places, place):
        return _least_busy(found)
    if store_of_source in open_ids:
        return store_of_source
    return _least_busy([each for each in places if each.region_id == region_of_source])


def _at(places: Sequence[Place], text: str) -> list[Place]:
    """The stores that a place names: by their own name, by their region's, or by a part."""
    said = _folded(text)
    if len(said) < SHORTEST_NAME:
        return []
    for fits in (
        lambda each: _folded(each.name) == said,
        lambda each: _folded(each.region) == said,
        lambda each: _is_part(said, _folded(each.name)),
        lambda each: _is_part(said, _folded(each.region)),
    ):
        if found := [each for each in places if fits(each)]:
            return found
    return []


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _is_part(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= SHORTEST_NAME and (one in other or other in one)


def _least_busy(places: Sequence[Place]) -> int | None:
    best = min(places, key=lambda each: (each.open_leads, each.store_id), default=None)
    return best.store_id if best else None
