"""How satisfied the customer of a solved case is, and the talk in which they said so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from core.labels import labelled
from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.states import Channel, NextKind, NoStepReason, Outcome, Quiet, Reason
from followups.models import Case
from followups.queries import cadence_days
from followups.queries.agreed import what_goes_on
from followups.rules import PLAIN_GAP, cadence_grade, is_reopened_by
from followups.services import case_satisfaction
from followups.services.case_acts import take_rating
from followups.services.contacts import log_contact
from staff.models import Person
from staff.scope import reach_of

REASON = Reason.CARE
# The ways in which a customer is asked, each with what came of it.
TALKED = {
    Channel.CALL: Outcome.CONNECTED,
    Channel.WECHAT: Outcome.REPLIED,
    Channel.STORE_VISIT: Outcome.MET,
}


@dataclass(frozen=True, kw_only=True)
class Talk:
    """In which way the customer said it, who began that, and why it was made all the same."""

    channel: Channel
    is_inbound: bool = False
    override: str = ""


@transaction.atomic
def rate_case(
    *,
    case: Case,
    points: int,
    by: Person,
    now: datetime,
    text: str = "",
    talk: Talk | None = None,
) -> bool:
    """How satisfied the customer is, 1 to 5; 1 or 2 open the case again, and answer true.

    A `talk` reached them, and is logged as a contact under the guard, like any other (FUP-09);
    without one their answer is only noted. Raises CaseNotChanged, and what logging raises.
    """
    log = None
    if talk is not None:
        log = partial(_log, talk=talk, points=points, text=text, by=by, now=now)
    return take_rating(case=case, points=points, by=by, now=now, text=text, log=log)


def _log(case: Case, *, talk: Talk, points: int, text: str, by: Person, now: datetime) -> Contact:
    """The talk about this case; what else is due with its customer was not talked about."""
    rated = _("Service case %(number)s, satisfied: %(points)s of 5") % {
        "number": case.pk, "points": points,
    }  # fmt: skip
    return log_contact(
        customer=case.customer,
        channel=talk.channel,
        outcome=TALKED[talk.channel],
        reason=REASON,
        note=labelled(rated, text.strip()) if text.strip() else rated,
        next_step=_step_after(case.customer, points=points, now=now),
        is_inbound=talk.is_inbound,
        override=talk.override,
        leaves_rest=True,
        by=by,
        on_behalf_of=_spoken_for(case, by=by, now=now),
        now=now,
        key=uuid4(),
    )


def _step_after(customer: Customer, *, points: int, now: datetime) -> NextStep:
    """What goes on: the case, what was agreed, care. With a prospect nothing does: they are called
    when their grade is, as the form of a contact proposes (FUP-01), unless they wish none of it.
    """
    goes_on = what_goes_on(customer)
    if is_reopened_by(satisfaction=points):
        goes_on = NoStepReason.STANDS
    elif goes_on is None and customer.quiet == Quiet.ALL:
        goes_on = NoStepReason.UNWILLING
    if goes_on is not None:
        return NextStep(kind=NextKind.NONE, none_reason=goes_on)
    gap = cadence_days().get(cadence_grade(customer.grade), PLAIN_GAP)
    return NextStep(kind=NextKind.CALL, on=customer.store.today(now) + timedelta(days=gap))


def _spoken_for(case: Case, *, by: Person, now: datetime) -> Person | None:
    """For whom an assistant or stand-in asks: who has it to do, else the keeper (FUP-30)."""
    whose = case_satisfaction.asked_by(case) or case.customer.owner
    assists = reach_of(by, today=case.customer.store.today(now)).assists
    return whose if whose is not None and whose.pk in assists else None
