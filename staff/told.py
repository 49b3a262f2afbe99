"""How each kind of notice is worded, when it is read and in the reader's language."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from core.days import day_text
from core.languages import in_readers_language
from staff.states import NoticeKind
from staff.told_of_leads import OF_LEADS
from staff.told_sentence import Sentence

# Of each kind the first sentence whose parameters are all there; the last needs none. A name is
# that of a person or store of ours: what customers are called is read on the page it leads to.
SENTENCES: Mapping[NoticeKind, tuple[Sentence, ...]] = {
    NoticeKind.ESCALATED: (
        Sentence(
            text=_("%(by)s reports service case %(number)s up to you."),
            needs=("by", "number"),
        ),
        Sentence(
            text=_("A customer complains: service case %(complaint)s. %(assignee)s sees to it."),
            needs=("complaint", "assignee"),
        ),
        Sentence(
            text=_(
                "Service case %(reopened)s is open again: the customer is not content. "
                "%(assignee)s sees to it."
            ),
            needs=("reopened", "assignee"),
        ),
        Sentence(
            text=_("A task of %(person)s is %(days)s days overdue and was reported up to you."),
            needs=("person", "days"),
        ),
        Sentence(
            text=_("Overdue tasks of %(person)s were reported up to you: %(count)s."),
            needs=("person", "count"),
        ),
        Sentence(
            text=_("A task of %(person)s is overdue and was reported up to you."),
            needs=("person",),
        ),
        Sentence(text=_("Something overdue was reported up to you.")),
    ),
    NoticeKind.CASE_ASSIGNED: (
        Sentence(
            text=_("%(by)s gave you service case %(number)s."),
            needs=("by", "number"),
        ),
        Sentence(text=_("Service case %(number)s is yours now."), needs=("number",)),
        Sentence(text=_("A service case is yours now.")),
    ),
    NoticeKind.CASE_LATE: (
        Sentence(text=_("Service case %(number)s is past its clock."), needs=("number",)),
        Sentence(text=_("A service case is past its clock.")),
    ),
    NoticeKind.LEAD_OFFERED: (
        Sentence(text=_("A lead is offered to you until %(until)s."), needs=("until",)),
        Sentence(text=_("A lead is offered to you.")),
    ),
    NoticeKind.HANDED_OVER: (
        Sentence(
            text=_("%(by)s handed customers to you: %(count)s."),
            needs=("by", "count"),
        ),
        Sentence(text=_("Customers were handed to you: %(count)s."), needs=("count",)),
        Sentence(text=_("Customers were handed to you.")),
    ),
    NoticeKind.STANDING_IN: (
        Sentence(
            text=_("You stand in for %(person)s from %(from)s to %(until)s."),
            needs=("person", "from", "until"),
        ),
        Sentence(text=_("You stand in for %(person)s."), needs=("person",)),
        Sentence(text=_("You stand in for somebody.")),
    ),
    NoticeKind.AWAY: (
        Sentence(
            text=_(
                "%(by)s wrote down that you are away from %(from)s to %(until)s. %(stand_in)s "
                "stands in for you."
            ),
            needs=("by", "stand_in", "from", "until"),
        ),
        Sentence(text=_("Somebody wrote down that you are away.")),
    ),
    NoticeKind.PLAN_CHANGED: (
        Sentence(
            text=_("%(by)s changed the plan of care “%(plan)s”."),
            needs=("by", "plan"),
        ),
        Sentence(text=_("The plan of care “%(plan)s” was changed."), needs=("plan",)),
        Sentence(text=_("A plan of care was changed.")),
    ),
    NoticeKind.PROPOSAL: (
        Sentence(
            text=_("%(by)s proposes a change of the script “%(script)s”."),
            needs=("by", "script"),
        ),
        Sentence(text=_("%(by)s proposes a change of a script."), needs=("by",)),
        Sentence(text=_("Somebody proposes a change of a script.")),
    ),
    NoticeKind.PROPOSAL_DECIDED: (
        Sentence(
            text=_("%(by)s took your change of the script “%(taken)s”."),
            needs=("by", "taken"),
        ),
        Sentence(
            text=_("%(by)s declined your change of the script “%(declined)s”."),
            needs=("by", "declined"),
        ),
        Sentence(
            text=_("%(by)s approved your proposal for style %(approved_style)s."),
            needs=("by", "approved_style"),
        ),
        Sentence(
            text=_("%(by)s declined your proposal for style %(declined_style)s."),
            needs=("by", "declined_style"),
        ),
        Sentence(text=_("What you proposed was decided.")),
    ),
    NoticeKind.CARD_CHANGED: (
        Sentence(
            text=_("%(changed_by)s changed the name or the main number of a customer of yours."),
            needs=("changed_by",),
        ),
        Sentence(text=_("A colleague changed the card of a customer of yours.")),
    ),
    NoticeKind.ORDER: (
        Sentence(
            text=_("%(rejected_by)s rejected a payment of order %(order)s: its money never came."),
            needs=("rejected_by", "order"),
        ),
        Sentence(text=_("There is news of an order.")),
    ),
    **OF_LEADS,
}


def in_both(*, en: str, zh: str) -> dict[str, str]:
    """What has a name in each language, as a parameter of a notice."""
    return {"en": en, "zh": zh}


def on_day(day: date) -> dict[str, str]:
    """A day, as a parameter of a notice."""
    return {"day": day.isoformat()}


def sentence(kind: str, params: Mapping[str, object], *, today: date | None = None) -> str:
    """Word a notice from its kind and parameters, in the language that is active now.

    Days of another year than that of `today` are given with it.
    """
    chosen = next(s for s in SENTENCES[NoticeKind(kind)] if params.keys() >= set(s.needs))
    return str(chosen.text) % {name: _worded(value, today) for name, value in params.items()}


def _worded(value: object, today: date | None) -> object:
    match value:
        case {"day": str(day)}:
            return day_text(date.fromisoformat(day), today=today)
        case {"en": en, "zh": zh}:
            return in_readers_language(zh=zh, en=en)
    return value
