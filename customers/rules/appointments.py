"""What an appointment may be: pure decisions over plain values (forms 2.16, FUP-26)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.rules import Blocker
from customers.states import AppointmentKind, Channel, Outcome, ResourceKind

LONGEST = timedelta(hours=12)
FARTHEST = timedelta(days=366)

# Which cars, crews or rooms serve an appointment of a kind.
FITTING = {
    AppointmentKind.STORE_VISIT: (ResourceKind.ROOM,),
    AppointmentKind.HOME_VISIT: (ResourceKind.CREW,),
    AppointmentKind.TEST_DRIVE: (ResourceKind.TEST_CAR,),
    AppointmentKind.MEASURING: (ResourceKind.CREW,),
    AppointmentKind.DELIVERY: (ResourceKind.CREW, ResourceKind.VAN),
    AppointmentKind.SERVICE: (ResourceKind.CREW, ResourceKind.ROOM),
}
# Where the customer is visited; the others take place in the store.
AT_THE_CUSTOMERS = (
    AppointmentKind.HOME_VISIT,
    AppointmentKind.MEASURING,
    AppointmentKind.DELIVERY,
)
# An appointment that is meant to win the customer goes with grade D; care after a sale stays.
TO_WIN = (
    AppointmentKind.STORE_VISIT,
    AppointmentKind.HOME_VISIT,
    AppointmentKind.TEST_DRIVE,
    AppointmentKind.MEASURING,
)
# The contacts by which people meet for it: a call on the day does not keep a test drive.
MEETING = {
    AppointmentKind.STORE_VISIT: (Channel.STORE_VISIT,),
    AppointmentKind.HOME_VISIT: (Channel.HOME_VISIT, Channel.MEASURING),
    AppointmentKind.TEST_DRIVE: (Channel.STORE_VISIT, Channel.HOME_VISIT),
    AppointmentKind.MEASURING: (Channel.MEASURING,),
    AppointmentKind.DELIVERY: (Channel.HOME_VISIT, Channel.STORE_VISIT),
    AppointmentKind.SERVICE: (Channel.STORE_VISIT, Channel.HOME_VISIT),
}
_TRADE_KINDS = {
    "cars": (AppointmentKind.TEST_DRIVE,),
    "furniture": (AppointmentKind.HOME_VISIT, AppointmentKind.MEASURING),
    "mattresses": (AppointmentKind.HOME_VISIT, AppointmentKind.MEASURING),
    "home": (AppointmentKind.HOME_VISIT, AppointmentKind.MEASURING),
}
_EVERY_TRADE = (AppointmentKind.STORE_VISIT, AppointmentKind.DELIVERY, AppointmentKind.SERVICE)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A stretch of time, its end left out."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Slot") -> bool:
        """One ends when the other begins: they do not overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def kinds_of(trade: str) -> list[AppointmentKind]:
    """What is booked in this trade: its own kinds first (M62, S001)."""
    return [*_TRADE_KINDS.get(trade, ()), *_EVERY_TRADE]


def appointment_blockers(*, slot: Slot, now: datetime) -> list[Blocker]:
    """What no appointment may be: backwards, past, longer than a day's work, years away."""
    blockers = []
    if slot.ends_at <= slot.starts_at:
        blockers.append(Blocker("ends_before_it_begins"))
    elif slot.ends_at - slot.starts_at > LONGEST:
        blockers.append(Blocker("too_long", {"hours": LONGEST // timedelta(hours=1)}))
    if slot.starts_at < now:
        blockers.append(Blocker("begins_in_the_past"))
    if slot.starts_at > now + FARTHEST:
        blockers.append(Blocker("too_far_ahead"))
    return blockers


def resource_blockers(
    *,
    kind: AppointmentKind | str,
    resource_kind: ResourceKind | str,
    is_of_store: bool,
    is_active: bool,
    is_wanted: bool = False,
) -> list[Blocker]:
    """A test drive needs a car where there is one; what is booked fits, is here and in use."""
    if not resource_kind:
        return [Blocker("car_missing")] if is_wanted else []
    if not is_of_store:
        return [Blocker("resource_of_another_store")]
    if resource_kind not in FITTING[AppointmentKind(kind)]:
        return [Blocker("resource_does_not_fit")]
    return [] if is_active else [Blocker("resource_out_of_use")]


def is_outside_hours(*, slot: Slot, opens_at: time, closes_at: time, zone: ZoneInfo) -> bool:
    """It begins before the store opens or ends after it closes: worth a word, no refusal."""
    begins, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    if begins.date() != ends.date():
        return True
    return begins.time() < opens_at or ends.time() > closes_at


def clashes(*, slot: Slot, others: Iterable[Slot]) -> list[Slot]:
    """Those among `others` that take the same time, by hour."""
    found = [other for other in others if slot.overlaps(other)]
    return sorted(found, key=lambda other: (other.starts_at, other.ends_at))


def lanes(slots: Sequence[Slot]) -> list[tuple[int, int]]:
    """For slots by beginning: the lane of each, and how many lanes its group of overlaps needs.

    Drawn side by side, none covers another.
    """
    placed: list[int] = []
    groups: list[list[int]] = []
    ends: list[datetime] = []
    for at, slot in enumerate(slots):
        if not ends or all(end <= slot.starts_at for end in ends):
            ends = []
            groups.append([])
        lane = next((i for i, end in enumerate(ends) if end <= slot.starts_at), len(ends))
        ends[lane : lane + 1] = [slot.ends_at]
        placed.append(lane)
        groups[-1].append(at)
    wide = {at: max(placed[i] for i in group) + 1 for group in groups for at in group}
    return [(lane, wide[at]) for at, lane in enumerate(placed)]


def is_kept_by(
    *, kind: AppointmentKind | str, channel: Channel | str, outcome: Outcome | str
) -> bool | None:
    """Whether this contact is the meeting that was booked: kept, missed, or neither (None)."""
    if channel not in MEETING[AppointmentKind(kind)]:
        return None
    if outcome == Outcome.MET:
        return True
    return False if outcome == Outcome.NOT_MET else None
