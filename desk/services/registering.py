"""Registering a customer from the floor: card, first contact and next step in one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from core.phones import Phone
from core.services.once import once
from customers import services as customers
from customers.models import Customer
from customers.rules import NextStep
from customers.states import Channel, Grade, Outcome, Reason
from followups import services as followups
from staff.models import Person

# How a person was reached in whichever way they came to us.
OUTCOME_OF = {
    Channel.STORE_VISIT: Outcome.MET,
    Channel.HOME_VISIT: Outcome.MET,
    Channel.CALL: Outcome.CONNECTED,
    Channel.WECHAT: Outcome.REPLIED,
}
# Who comes, calls or writes began it themselves; whom we visit did not.
BEGUN_BY_THEM = (Channel.STORE_VISIT, Channel.CALL, Channel.WECHAT)


@dataclass(frozen=True, kw_only=True)
class Reception:
    """How the customer came to us, and what was agreed."""

    channel: Channel
    next_step: NextStep
    on_behalf_of: Person | None = None


def _receive(
    customer: Customer, reception: Reception, *, by: Person, now: datetime, key: UUID
) -> None:
    """Log the reception, which opens the next step.

    Whoever gives a name and a number has agreed to being spoken with, at whatever hour it is.
    """
    followups.log_contact(
        customer=customer,
        channel=reception.channel,
        outcome=OUTCOME_OF[Channel(reception.channel)],
        reason=Reason.OTHER,
        is_inbound=reception.channel in BEGUN_BY_THEM,
        is_agreed=True,
        next_step=reception.next_step,
        on_behalf_of=reception.on_behalf_of,
        by=by,
        now=now,
        key=uuid5(key, "reception"),
    )


@transaction.atomic
def register(
    *,
    name: str,
    phones: Sequence[Phone],
    keeper: Person,
    grade: Grade,
    card: Mapping[str, Any],
    reception: Reception | None,
    by: Person,
    now: datetime,
    key: UUID,
) -> Customer:
    """Register a customer, log the reception and open the next step (FUP-01).

    `key` is the form's own id: sent five times, the same customer comes back. Without `reception`
    (an operations manager serves nobody) there is only the card. Raises CustomerNotRegistered,
    ContactNotRecorded, ContactNotLogged.
    """
    content = "\n".join([name, card.get("wechat", ""), *(phone.e164 for phone in phones)])
    with once(key=key, purpose="register", by=by, content=content) as form:
        if form.result_id:
            return Customer.objects.select_related("owner", "store").get(pk=form.result_id)

        if (store := keeper.store) is None:
            raise ValueError("a keeper works in a store")
        customer = customers.register_customer(
            name=name,
            phones=phones,
            store=store,
            owner=keeper,
            grade=grade,
            by=by,
            now=now,
            **card,
        )
        if reception is not None:
            _receive(customer, reception, by=by, now=now, key=key)
        else:
            followups.touch_and_ask(customers=[customer.pk], now=now)
        if customer.referrer_id is not None:
            followups.owe_thanks(brought=customer, now=now)
        form.result_id = customer.pk
    return customer
