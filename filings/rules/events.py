"""What happened to leads, as plain values in the order in which the system learnt of it.

Keys (filings, projects, customers, people, regions, deals) are whatever the caller uses: numbers
of rows, or the names of a file of cases. `at` is the server's time; equal times keep their order.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from filings.rules.limits import Clock
from filings.rules.terms import Terms
from filings.states import Channel, Element, RequestKind, Withdrawn

# A number of a row, or a name: whatever tells one from another.
Key = Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened, when the server learnt of it."""

    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed(Event):
    """A filing came in: all that admission asks (FIL-08, FIL-26, XRG-01).

    `missing` are elements it lacks; `noted_at` is when name and phone were written down.
    `was` tells what was decided at the time (empty for admitted); None lets the rules decide.
    """

    filing: Key
    customer: Key
    project: Key
    filer: Key
    channel: Channel | str
    acquired_at: datetime
    terms: Terms
    clock: Clock
    missing: frozenset[Element] = frozenset()
    noted_at: datetime | None = None
    filer_region: Key | None = None
    region: Key | None = None
    is_cross_approved: bool = False
    is_out_of_scope: bool = False
    was: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contacted(Event):
    """`person` (or somebody for them) reached the customer (FIL-29) and wrote it down at `at`.

    A contact counts for the project that it names, else for all of the person's (decision 1).
    `is_effective` is what FIL-29 says of channel and outcome, however late it was entered.
    """

    contact: Key
    person: Key
    customer: Key
    occurred_at: datetime
    is_effective: bool = True
    project: Key | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactVoided(Event):
    """A contact was taken back: what hung on it is worked out again from then on (decision 12)."""

    contact: Key
    customer: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured(Event):
    """Measuring was done on site (FIL-17), which is an effective contact, too."""

    contact: Key
    person: Key
    customer: Key
    project: Key | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked(Event):
    """A filer asked for an extension (FIL-20); undecided, it holds until `held_until`."""

    request: Key
    filing: Key
    kind: RequestKind | str
    held_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered(Event):
    """A request was decided: `until` is the new limit (24:00 of a day), None a refusal."""

    request: Key
    filing: Key
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected(Event):
    """The review rejected a filing: void from the start, its slot is free (FIL-28)."""

    filing: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Released(Event):
    """The holder gave the filing up, or graded the customer D (FIL-34)."""

    filing: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Resumed(Event):
    """A release was taken back within the minutes in which a grade can be (decision 14), or the
    merge for which a filing was withdrawn, or over.
    """

    filing: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Voided(Event):
    """A filing was a mistake (decision 12), or the later of two after a merge (decision 2).

    Void from the start; it keeps its slot.
    """

    filing: Key
    because: Withdrawn | str = Withdrawn.VOIDED


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined(Event):
    """Two cards are one, and another filing stands for this home: what has lapsed is over."""

    filing: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class RuledFirst(Event):
    """A ruling says that a filing refused as the later one, or as late, comes first (FIL-11,
    ADJ-01).

    Whatever protected in its stead was withdrawn before.
    """

    filing: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver(Event):
    """A filing has another holder; its priority stays and a new duty begins (ADJ-06)."""

    filing: Key
    holder: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Dealt(Event):
    """A deposit was taken or an order signed: the deal moment (FIL-21).

    `region` is where it is delivered, `own_region` that of the customer's own address.
    `is_repeat`: a new purchase for a home that was sold before (FIL-05).
    `keeper` is who keeps a customer who has bought before; `is_doubted`: identity rests on an
    address or a household (FIL-32); `is_new_project`: the closer claims another project (FIL-33);
    `is_contested`: somebody had contested whose the lead is, and nobody had ruled (ADJ-01).
    """

    deal: Key
    customer: Key
    project: Key
    closer: Key
    closer_region: Key | None = None
    region: Key | None = None
    own_region: Key | None = None
    is_cross_approved: bool = False
    is_repeat: bool = False
    keeper: Key | None = None
    is_doubted: bool = False
    is_new_project: bool = False
    is_contested: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone(Event):
    """A deposit went back in full, or was rejected: no deal any more (FIL-22, decision 5).

    `keeps_slot`: the slot that it had refilled was used by then, and stays (FIL-25).
    """

    deal: Key
    keeps_slot: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Credited(Event):
    """A ruling said whose a deal is: the filing whose holder gets it, None where nobody's."""

    deal: Key
    filing: Key | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed(Event):
    """Somebody who may has seen that a project is a thing of its own (FIL-33)."""

    project: Key


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotGained(Event):
    """A deal of another filing of this person, of which nothing else is known (FIL-25)."""

    person: Key
    clock: Clock


@dataclass(frozen=True, kw_only=True, slots=True)
class Slots:
    """What is known of a month's quota before the first event."""

    admitted: int = 0
    deals: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """Where a replay begins: quotas already used, by (person, month)."""

    slots: dict[tuple[Key, str], Slots] = field(default_factory=dict)
