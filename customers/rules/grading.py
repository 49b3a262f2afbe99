"""What the rulebook says of grades: pure decisions over plain values."""

from dataclasses import dataclass
from datetime import date, datetime

from core.calendars import add_months
from core.rules import TAKE_BACK_WITHIN, Blocker
from customers.states import Grade, ProposalReason

BUYER_GRADES = frozenset({Grade.B2, Grade.C1})
PROSPECT_GRADES = frozenset({Grade.A, Grade.B1, Grade.C2})
# From the tenth minute on a grade is changed with a reason, not taken back (decision 14).


@dataclass(frozen=True, kw_only=True)
class GradeFigures:
    """The figures that a grade goes by (`customers.models.Parameters`)."""

    b2_months: int = 12
    silent_contacts: int = 2
    unreached_attempts: int = 5


@dataclass(frozen=True, kw_only=True)
class Bought:
    """What a customer has bought: the day of its latest delivery or purchase, and when we learnt
    of the latest. What was recorded by mistake or given back is nothing bought.
    """

    last_on: date
    noted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Contacts without a next step running, or attempts that reached nobody: how many, a contact
    to tell them by (the last of those, the one before these; 0 for none), when we learnt of it.
    """

    count: int
    contact_id: int
    noted_at: datetime


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """The three ticks of an active prospect (GRD-02), as the card answers them.

    `spent_time`: a visit, or two effective contacts. `gave_data`: a phone number.
    `showed_interest`: a need, or a product they looked at.
    """

    spent_time: bool = False
    gave_data: bool = False
    showed_interest: bool = False

    @property
    def are_all(self) -> bool:
        return self.spent_time and self.gave_data and self.showed_interest


@dataclass(frozen=True, kw_only=True)
class GradeFacts:
    """What the grade of one customer depends on.

    `graded_at` is when the grade was given: facts known by then have been weighed by whoever gave
    it. `came_at` is when they last got in touch by themselves (an inquiry), `visited_at` when they
    were last in the store, `heard_at` when the last effective contact was entered.
    """

    graded_at: datetime
    bought: Bought | None = None
    has_open_order: bool = False
    silent: Silence | None = None
    unreached: Silence | None = None
    ticks: Ticks = Ticks()
    heard_at: datetime | None = None
    came_at: datetime | None = None
    visited_at: datetime | None = None

    @property
    def has_bought(self) -> bool:
        return self.has_open_order or self.bought is not None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Another grade, why, and the facts it stands on: what was declined comes again on others."""

    grade: Grade
    because: ProposalReason
    basis: str


def grade_of_letter(letter: str, *, has_bought: bool) -> Grade | None:
    """A grade as people write it: B and C mean B2 and C1 for one who has bought (GRD-04, 05), and
    D cannot be said of one (decision 14).
    """
    plain = letter.strip().upper()
    if plain == Grade.D and has_bought:
        return None
    if plain == "B":
        return Grade.B2 if has_bought else Grade.B1
    if plain == "C":
        return Grade.C1 if has_bought else Grade.C2
    return Grade(plain) if plain in Grade.values else None


def grade_blockers(*, grade: Grade | str, has_bought: bool) -> list[Blocker]:
    """What stops a grade from being given: nobody who has bought is given up (GRD-07)."""
    return [Blocker("buyer_is_not_given_up")] if grade == Grade.D and has_bought else []


def undo_blockers(
    *, is_own: bool, is_manager: bool, changed_at: datetime, now: datetime
) -> list[Blocker]:
    """What stops a grade from being taken back: its giver or a manager, for ten minutes (GRD-09,
    decision 14).
    """
    blockers = [] if is_own or is_manager else [Blocker("not_yours_to_undo")]
    if now - changed_at > TAKE_BACK_WITHIN:
        blockers.append(Blocker("undo_too_late"))
    return blockers


def _is_news(at: datetime | None, facts: GradeFacts) -> bool:
    return at is not None and at > facts.graded_at


def _of_buyer(
    grade: Grade | str, facts: GradeFacts, today: date, figures: GradeFigures
) -> Proposal | None:
    """B2 while an order is open or for some months after delivery, then C1 (GRD-06).

    Only months that pass make a B2 a C1; other grades change when a purchase is news to whoever
    graded, or when they cannot be true of a buyer (C2, D).
    """
    last_on = facts.bought.last_on if facts.bought else today
    is_recent = facts.has_open_order or today <= add_months(last_on, figures.b2_months)
    wanted = Grade.B2 if is_recent else Grade.C1
    cannot_be = grade in (Grade.C2, Grade.D)
    is_news = facts.has_open_order or (
        facts.bought is not None and facts.bought.noted_at >= facts.graded_at
    )
    if grade == wanted or not (is_news or cannot_be or (grade, wanted) == (Grade.B2, Grade.C1)):
        return None
    because = ProposalReason.BOUGHT if is_recent else ProposalReason.OWNED_LONG
    basis = f"bought:{last_on.isoformat()}" if facts.bought else "order"
    return Proposal(grade=wanted, because=because, basis=basis)


def _of_arrival(grade: Grade | str, facts: GradeFacts) -> Proposal | None:
    """Whoever gets in touch again is ready: C becomes A, D becomes A or C2 (GRD-05, GRD-08)."""
    if grade == Grade.D:
        came = max(filter(None, [facts.came_at, facts.visited_at]), default=None)
    else:
        came = facts.came_at if grade in (Grade.C1, Grade.C2) else None
    if came is None or not _is_news(came, facts):
        return None
    is_warm = facts.ticks.gave_data and facts.ticks.showed_interest
    wanted = Grade.A if is_warm or grade != Grade.D else Grade.C2
    return Proposal(
        grade=wanted, because=ProposalReason.BACK, basis=f"came:{int(came.timestamp())}"
    )


def _of_silence(grade: Grade | str, facts: GradeFacts, figures: GradeFigures) -> Proposal | None:
    """D after so many contacts without a next step or attempts without an answer (GRD-07)."""
    if grade not in PROSPECT_GRADES:
        return None
    silent, unreached = facts.silent, facts.unreached
    if silent and silent.count >= figures.silent_contacts and _is_news(silent.noted_at, facts):
        basis = f"contact:{silent.contact_id}"
        return Proposal(grade=Grade.D, because=ProposalReason.SILENT, basis=basis)
    enough = figures.unreached_attempts
    if unreached and unreached.count >= enough and _is_news(unreached.noted_at, facts):
        basis = f"attempts:{unreached.contact_id}:{unreached.count // enough}"
        return Proposal(grade=Grade.D, because=ProposalReason.UNREACHED, basis=basis)
    return None


def proposed_grade(
    *, grade: Grade | str, facts: GradeFacts, today: date, figures: GradeFigures
) -> Proposal | None:
    """The other grade that the facts speak for, if they do (GRD-02…08, decision 14).

    A buyer is never proposed to be given up. What whoever gave the grade knew already proposes
    nothing, so that a confirmed proposal rests and a person's judgement stands.
    """
    if facts.has_bought and (as_buyer := _of_buyer(grade, facts, today, figures)):
        return as_buyer
    if arrived := _of_arrival(grade, facts):
        return arrived
    if facts.has_bought:
        return None
    if given_up := _of_silence(grade, facts, figures):
        return given_up
    if grade == Grade.C2 and facts.ticks.are_all and _is_news(facts.heard_at, facts):
        basis = f"ticks:{int(facts.graded_at.timestamp())}"
        return Proposal(grade=Grade.A, because=ProposalReason.WARM, basis=basis)
    return None
