"""What a customer may buy: the opportunities of the card."""

from datetime import datetime
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from core.amounts import money_text
from customers.queries import MaskedCustomer
from customers.queries.opportunities import chance_on, opportunities_of
from customers.showing.opportunities import card_of, percent
from customers.states import StageKind
from staff.scope import Reach


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: opportunities, a list of {card, stage, kind, chance, lost}; open_url."""
    today = timezone.localdate(now)
    rows = opportunities_of(customer.pk, reach=reader, today=today)
    shown = [
        {
            "card": card_of(row, today=today, with_keeper=reader.leads_stores),
            "stage": row.stage.name,
            "state": row.get_state_display(),
            "kind": row.state,
            "chance": percent(chance_on(row).share) if row.state == StageKind.OPEN else "",
            "lost": row.get_lost_reason_display(),
        }
        for row in rows
    ]
    open_sums = [row.amount for row in rows if row.state == StageKind.OPEN and row.amount]
    return {
        "opportunities": shown,
        "opportunities_sum": money_text(sum(open_sums, Decimal(0))) if open_sums else "",
        "open_url": reverse("customers:open_opportunity", args=[customer.pk])
        if reader.may_serve
        else "",
    }
