"""The page of collections: the rows of `report collections`."""

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.days import date_text
from orders.queries.collections import Flow
from reports.figures import collections as report
from reports.figures.groupings import PRODUCT, in_order
from reports.rules.values import ratio
from reports.views.grouped import (
    GROUPS,
    MONEY,
    RATIO,
    Asked,
    Cell,
    Figures,
    Head,
    Row,
    asked_of,
    group_name,
    page,
    stat,
    take_out,
)
from staff.access import only
from staff.requests import Request
from staff.scope import ORDER_EXPORTING_ROLES

VIEW = "reports:collections"


@only(ORDER_EXPORTING_ROLES)
@require_safe
def collections(request: Request) -> HttpResponse:
    """What came in on some days, what had to, and what of it is overdue."""
    asked = _asked(request)
    return page(request, asked, _figures(asked), view=VIEW)


@only(ORDER_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def collections_sheet(request: Request) -> HttpResponse:
    """The same rows as a file."""
    asked = _asked(request)
    return take_out(request, asked, _figures(asked), view=VIEW)


def _asked(request: Request) -> Asked:
    """Until today where no last day is asked for."""
    asked = asked_of(request, by=report.BY)
    return replace(asked, ends=asked.ends or asked.today)


def _heads(asked: Asked) -> list[Head]:
    return [
        Head(text=str(GROUPS[asked.by]), card="name"),
        Head(text=pgettext("collections", "Received"), kind=MONEY, card="end"),
        Head(text=_("Refunded"), kind=MONEY),
        Head(
            text=pgettext("collections", "Due"),
            kind=MONEY,
            card="line",
            label=pgettext("collections", "due"),
        ),
        Head(text=pgettext("collections", "Open"), kind=MONEY),
        Head(
            text=pgettext("collections", "Overdue"),
            kind=MONEY,
            card="more",
            label=pgettext("collections", "overdue"),
        ),
        Head(text=_("Collected"), kind=RATIO, card="under", label=_("collected")),
    ]


def _row(heads: list[Head], name: str, flow: Flow) -> Row:
    share = ratio(flow.due - flow.open, flow.due)
    values = (name, flow.received, flow.refunded, flow.due, flow.open, flow.overdue, share)
    return [
        Cell(head=head, value=value, tone="late" if head is heads[5] and flow.overdue else "")
        for head, value in zip(heads, values, strict=True)
    ]


def _figures(asked: Asked) -> Figures:
    days = report.Days(begins=asked.begins, ends=asked.ends or asked.today, today=asked.today)
    found, summed = report.collections_of(asked.orders, days, by=[asked.by])
    heads = _heads(asked)
    largest = {key: flow.received for key, flow in found.items()}
    total = _row(heads, _("Sum"), summed)
    at = date_text(days.as_of, today=asked.today)
    hints = [_("Open and overdue are at the close of %(day)s.") % {"day": at}]
    if asked.by == PRODUCT:
        hints.append(_("Money of an order is shared among its products by what they cost."))
    return Figures(
        title=pgettext("report", "Collections"),
        lead=asked.days,
        heads=heads,
        stats=_stats(total, ageing=f"{reverse('reports:ageing')}?as_of={days.as_of.isoformat()}"),
        rows=[
            _row(heads, group_name(asked.by, key[0], today=asked.today), found[key])
            for key in in_order(list(found), [asked.by], largest=largest)
        ],
        total=total,
        hints=hints,
        empty_title=_("Nothing came in and nothing was due on these days"),
        empty_text=_("Choose other days."),
    )


def _stats(total: Row, *, ageing: str) -> list[dict[str, object]]:
    _name, received, refunded, due, opened, overdue, share = total
    return [
        stat(received.head.text, received, formula=_(
            "payments taken on these days that were not given back")),
        stat(refunded.head.text, refunded, formula=_("credits paid out on these days")),
        stat(due.head.text, due, formula=_("what the terms of orders ask for on these days")),
        stat(opened.head.text, opened, formula=_("of what was due: not paid")),
        stat(overdue.head.text, overdue, url=ageing, tone=overdue.tone, formula=_(
            "of what was due: receivables past their day, as in the ageing; what is due before a"
            " delivery that was not made is open, not overdue")),
        stat(share.head.text, share, formula=_("paid of what was due / what was due")),
    ]  # fmt: skip
