"""Quotes and orders on the timeline of a card, worded as on their own pages."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from core.amounts import money_text
from customers.queries import TimelineKind
from desk.timeline_rows import Row, label, with_more
from orders.states import EventKind, QuoteState
from orders.wording.events import sentence_of


def _quote(row: Row) -> tuple[str, str]:
    title = _("Quoted %(amount)s") % {"amount": money_text(Decimal(row.code3))}
    became = label(QuoteState, row.code) if row.code != QuoteState.OPEN else ""
    return with_more(title, became), row.text


def _order(row: Row) -> tuple[str, str]:
    """What happened, as the order's own history says it, with the order's number."""
    said = json.loads(row.text)
    title = sentence_of(EventKind(row.code), said, product=said["product"] or "")
    return title, " · ".join(filter(None, [row.code3, said["note"]]))


def paper_url(row: Row) -> str:
    """The page of the quote or the order that a row is about; "" of other rows."""
    if row.kind == TimelineKind.QUOTE:
        return reverse("orders:quote", args=[row.row])
    if row.kind == TimelineKind.ORDER:
        return reverse("orders:order", args=[int(row.code2)])
    return ""


ORDERS_WORDED: Mapping[TimelineKind, Callable[[Row], tuple[str, str]]] = {
    TimelineKind.QUOTE: _quote,
    TimelineKind.ORDER: _order,
}
