"""Grades in words: what each means, what follows from it, and why the rules propose another."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.days import date_text
from customers.models import GradeProposal
from customers.rules import GradeFacts
from customers.states import Grade, ProposalReason


@dataclass(frozen=True)
class Meaning:
    """One grade: what it means, and what follows."""

    grade: str
    name: str
    text: str
    follows: str


@dataclass(frozen=True)
class Tick:
    """One of the three ticks of an active prospect (GRD-02), as the card answers it."""

    label: str
    hint: str
    is_on: bool


def meanings(days: dict[str, int], *, b2_months: int) -> list[Meaning]:
    """The grades in order of warmth; `days` is the cadence of each that has one."""
    texts = {
        Grade.A: _(
            "Spent time with us, gave contact data, showed interest. Called actively and regularly."
        ),
        Grade.B1: _(
            "Decides or has a plan drawn: the next step is always clear. The core of the day."
        ),
        Grade.B2: ngettext(
            "Has bought: an order is open, or delivery was within %(count)s month.",
            "Has bought: an order is open, or delivery was within %(count)s months.",
            b2_months,
        )
        % {"count": b2_months},
        Grade.C1: _("Bought from us longer ago. We stay in touch until they need us again."),
        Grade.C2: _("Means to buy later; not worth much time now. Becomes A when ready."),
        Grade.D: _("Given up: no next step, no sign of buying, never bought."),
    }
    after = {
        Grade.B2: _("The care plan of what they bought runs."),
        Grade.D: _(
            "No tasks. The card stays and is found; whoever gets in touch again comes back."
        ),
    }
    return [
        Meaning(grade.value, _name(grade), texts[grade], after.get(grade) or _cadence(days, grade))
        for grade in Grade
    ]


def _name(grade: Grade) -> str:
    """“active prospect” of “A · active prospect”, “方案中” of “B1 方案中”."""
    return str(grade.label).removeprefix(grade.value).strip(" ·")


def _cadence(days: dict[str, int], grade: Grade) -> str:
    count = days.get(grade)
    if count is None:
        return _("No regular contact is planned.")
    return ngettext(
        "A contact each day, unless a next step is agreed.",
        "A contact every %(count)s days, unless a next step is agreed.",
        count,
    ) % {"count": count}


def ticks_of(facts: GradeFacts) -> list[Tick]:
    """The three ticks, with what each is read from."""
    ticks = facts.ticks
    return [
        Tick(_("Spent time with us"), _("a visit, or two contacts"), ticks.spent_time),
        Tick(_("Gave contact data"), _("a phone number"), ticks.gave_data),
        Tick(_("Showed interest"), _("a need, or a product"), ticks.showed_interest),
    ]


def proposed_in_words(*, after: str, because: str) -> str:
    """The rules propose C1: delivered long ago."""
    why = str(ProposalReason(because).label)
    return _("The rules propose %(grade)s: %(why)s") % {
        "grade": after,
        "why": why[:1].lower() + why[1:],
    }


def facts_in_words(proposal: GradeProposal, *, today: date) -> str:
    """The facts a proposal stands on, read from what it names; wants `customer` with it."""
    kind, _colon, rest = proposal.basis.partition(":")
    customer = proposal.customer
    if kind == "bought":
        day = date_text(date.fromisoformat(rest), today=today)
        return _("Last bought or delivered on %(day)s.") % {"day": day}
    if kind == "came":
        day = date_text(_day(datetime.fromtimestamp(int(rest), tz=UTC)), today=today)
        return _("Got in touch on %(day)s.") % {"day": day}
    last = customer.last_contact_at
    reached = (
        _("Last reached on %(day)s.") % {"day": date_text(_day(last), today=today)}
        if last
        else _("Never reached.")
    )
    return {
        "contact": _("The last contacts ended without a next step.") + " " + reached,
        "attempts": _("The last attempts reached nobody.") + " " + reached,
        "ticks": _("A visit or two contacts, a number, and a need."),
        "order": _("An order is open."),
    }.get(kind, reached)


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
