"""What whoever keeps a customer hears of a card that somebody else has written on."""

from datetime import datetime

from django.urls import reverse

from customers.models import Customer
from staff.models import Person
from staff.scope import reach_of
from staff.services.notices import tell
from staff.states import NoticeKind


def tell_keeper(*, customer: Customer, by: Person, now: datetime) -> None:
    """Tell the keeper that name or main number changed, unless they, or who assists them, did it.

    Whoever has access may write on a card; by which name and number a customer is known and called
    is the keeper's to see.
    """
    keeper = customer.owner
    if keeper is None or not keeper.is_active:
        return
    if keeper.pk in reach_of(by, today=customer.store.today(now)).acts_for:
        return
    tell(
        person=keeper,
        kind=NoticeKind.CARD_CHANGED,
        key=f"card-changed:{customer.pk}:{now:%y%m%d%H%M%S}",
        params={"changed_by": by.name},
        path=reverse("desk:customer", args=[customer.pk]),
        now=now,
    )
