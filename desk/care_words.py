"""The timeline's rows of care, worded: surveys, cases, greetings, invitations, what was left."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from customers.queries import TimelineKind
from desk.timeline_rows import Row, label, with_more
from followups.naming import name_with_month
from followups.states import (
    Answer,
    CaseAct,
    CaseKind,
    Occasion,
    Satisfaction,
    SentBy,
    SkipReason,
    State,
)
from followups.survey_words import score_words

INVITED = {
    "sent": gettext_lazy("Invitation sent"),
    "answered": gettext_lazy("Invited"),
    "attended": pgettext_lazy("to an event", "Came"),
}
# These say more in the case's trail than a customer's whole story needs.
TOLD_ACTS = frozenset({CaseAct.OPENED, CaseAct.SOLVED, CaseAct.RATED, CaseAct.NOTED})


def _task(row: Row) -> tuple[str, str]:
    if row.code == State.SKIPPED:
        return _("Task skipped"), label(SkipReason, row.code2)
    return _("Letter sent"), ""


def _reported_up(row: Row) -> tuple[str, str]:
    title = _("Overdue and reported up: %(step)s") % {"step": name_with_month(row.code, row.code2)}
    return title, row.text


def _greeting(row: Row) -> tuple[str, str]:
    title = _("Greeting sent: %(occasion)s") % {"occasion": label(Occasion, row.code)}
    return with_more(title, label(SentBy, row.code2)), row.text


def _invited(row: Row) -> tuple[str, str]:
    title = str(INVITED[row.code])
    return with_more(title, label(Answer, row.code2) if row.code == "answered" else ""), row.text


def _case(row: Row) -> tuple[str, str]:
    title = _("Service case %(number)s, %(kind)s: %(act)s") % {
        "number": row.code3,
        "kind": label(CaseKind, row.code2),
        "act": label(CaseAct, row.code),
    }
    return title, row.text if row.code in TOLD_ACTS else ""


def _survey(row: Row) -> tuple[str, str]:
    if row.code3 == "unwilling":
        return with_more(row.code, _("did not wish to talk")), row.text
    score = score_words(Decimal(row.code2)) if row.code2 else ""
    title = with_more(row.code, label(Satisfaction, row.code3) if row.code3 else "")
    return with_more(title, score), row.text


CARE_WORDED: Mapping[TimelineKind, Callable[[Row], tuple[str, str]]] = {
    TimelineKind.TASK: _task,
    TimelineKind.REPORTED_UP: _reported_up,
    TimelineKind.GREETING: _greeting,
    TimelineKind.INVITED: _invited,
    TimelineKind.CASE: _case,
    TimelineKind.SURVEY: _survey,
}
