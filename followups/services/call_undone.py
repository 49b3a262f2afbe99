"""What goes with a contact that is taken back: survey, cases, renewals, what was answered, rated or
wished in it (decision 12).
"""

from dataclasses import dataclass
from datetime import datetime

from customers.models import Contact
from followups.models import Case, SurveyResult
from followups.services import case_work, guests
from followups.services.case_acts import blockers_of_void_case, void_case
from followups.services.quiet import take_back_wish
from followups.services.rating_undone import take_back_rating
from followups.services.renewals import take_back_renewals
from followups.states import CaseState
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What was taken back with a contact: of which kind its survey was, to what a guest answered,
    whether a wish was told in it, whether what they said of a case is taken back, or stands, how
    many of the others.
    """

    survey: str = ""
    cases: int = 0
    renewals: int = 0
    first_answers: int = 0
    campaign: str = ""
    wish: bool = False
    rating: bool = False
    rating_stands: bool = False

    def __bool__(self) -> bool:
        return self != Undone()


def take_back(contact: Contact, *, reason: str, by: Person, now: datetime) -> Undone:
    """Its survey counts in no report any more, the cases it opened and nobody has seen to were a
    mistake, a renewal is taken back, and what it told us, while nothing later does. Who was
    registered and what was booked stand: they are real, whatever the call was.
    """
    result = SurveyResult.objects.filter(contact=contact).select_related("version__survey").first()
    rating = take_back_rating(contact, reason=reason, by=by, now=now)
    return Undone(
        survey=result.version.survey.name if result else "",
        cases=_void_cases(contact, reason=reason, by=by, now=now),
        renewals=take_back_renewals(contact, reason=reason, by=by, now=now),
        first_answers=case_work.take_back_answers(contact, reason=reason, by=by, now=now),
        campaign=guests.take_back_answer(contact, now=now),
        wish=take_back_wish(contact, reason=reason, by=by, now=now),
        rating=rating is True,
        rating_stands=rating is False,
    )


def _void_cases(contact: Contact, *, reason: str, by: Person, now: datetime) -> int:
    """One that somebody works on already, or that is about whoever takes back, stays open."""
    opened = Case.objects.filter(contact=contact, state=CaseState.OPEN, answered_at=None)
    voided = 0
    for case in opened.order_by("pk"):
        if not blockers_of_void_case(case, by=by, now=now, reason=reason):
            void_case(case=case, reason=reason, by=by, now=now)
            voided += 1
    return voided
