"""Thanks due to whoever brought a customer (AFT-18, FUP-15)."""

from datetime import datetime, timedelta

from django.db import transaction

from customers.models import Customer
from customers.queries.parameters import parameters
from followups import rules
from followups.models import Obligation, Step
from followups.services import engine
from followups.services.holding import hold, hold_one
from followups.services.next_steps import standing_state
from followups.states import WAITING, Anchor, Cause, State, Way
from staff.leaders import leader_of


def _thanks_for(brought: Customer):
    """What was made of thanks for having brought this customer, to whomever."""
    return Obligation.objects.filter(step__anchor=Anchor.REFERRAL, occurrence=brought.pk)


def _thanked_for(brought: Customer) -> list[int]:
    """Those who are to be thanked for it so far."""
    return list(_thanks_for(brought).filter(state__in=WAITING).values_list("customer", flat=True))


@transaction.atomic
def owe_thanks(*, brought: Customer, now: datetime) -> None:
    """Whoever brought this customer is thanked within days; who did not after all, is not.

    One obligation a referral, of the referrer's keeper: asked twice, made once.
    """
    hold([*_thanked_for(brought), *filter(None, [brought.referrer_id])])
    others = _thanks_for(brought).filter(state__in=WAITING).exclude(subject_id=brought.referrer_id)
    no_longer = sorted(set(others.values_list("customer", flat=True)))
    others.update(state=State.CANCELLED, cause=Cause.LEFT_OVER, closed_at=now)
    if brought.referrer is not None:
        _open(brought.referrer, brought, now=now)
    engine.touch_and_ask(customers=no_longer, now=now)


def _open(referrer: Customer, brought: Customer, *, now: datetime) -> None:
    referrer = hold_one(referrer)
    today = referrer.store.today(now)
    day = today + timedelta(days=parameters(today).thanks_days)
    keeper = referrer.owner
    is_theirs = brought.owner_id == referrer.owner_id
    obligation, is_new = Obligation.objects.get_or_create(
        step=Step.objects.get(anchor=Anchor.REFERRAL),
        subject_id=referrer.pk,
        occurrence=brought.pk,
        defaults={
            "customer": referrer,
            "assignee": keeper if keeper and keeper.is_active else leader_of(referrer.store),
            "due_on": day,
            "due_at": rules.end_of_day(day, referrer.store.tzinfo),
            "shown_on": today,
            "way": Way.CALL,
            # Somebody else's customer is nobody's business but theirs.
            "text": brought.shown_name[:200] if is_theirs else "",
            "state": standing_state(referrer),
        },
    )
    if not is_new and obligation.cause == Cause.LEFT_OVER:
        Obligation.objects.filter(pk=obligation.pk).update(
            state=standing_state(referrer), cause="", closed_at=None, task=None
        )
    engine.touch_and_ask(customers=[referrer.pk], now=now)
