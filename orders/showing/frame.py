"""The frame of the order page: its head, what is next, and the sections that fill it.

A section is a function over the order, the reader and the moment; None leaves it out. Its template
is drawn with what it answers as `section`, and nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.amounts import money_text
from core.days import day_text
from orders.models import Order
from orders.queries.completion import ColouredOrder, standing_of
from orders.queries.rights import name_of
from orders.showing.acts import Next
from orders.showing.completion import Colour, colour_of
from orders.showing.designer import designer_of
from orders.showing.goods_back import returns_of
from orders.showing.handed_over import deliveries_of, incidents_of
from orders.showing.history import history_of
from orders.showing.lines import lines_of
from orders.showing.money import money_of
from orders.showing.next_acts import next_of
from orders.showing.papers import papers_of
from orders.showing.people import people_of
from orders.showing.progress import progress_of
from orders.showing.reader import Reader
from orders.states import OrderState


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of the page: which order, of whom, how far, what is still to be paid."""

    number: str
    customer: str
    title: str
    card_url: str
    state: str
    colour: Colour
    ordered: str
    amount: str
    balance: str
    is_paid: bool
    next: Next | None


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the page."""

    name: str
    title: object
    template: str
    build: Callable[..., object]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A section with what it says to this reader."""

    name: str
    title: str
    template: str
    content: object


# What is read first, what stands beside it on a desk, and what happened.
MAIN = (
    Section(
        name="lines",
        title=gettext_lazy("What is ordered"),
        template="orders/order/lines.html",
        build=lines_of,
    ),
    Section(
        name="progress",
        title=gettext_lazy("How far it is"),
        template="orders/order/progress.html",
        build=progress_of,
    ),
    Section(
        name="incidents",
        title=gettext_lazy("What went wrong"),
        template="orders/order/incidents.html",
        build=incidents_of,
    ),
    Section(
        name="deliveries",
        title=gettext_lazy("Deliveries"),
        template="orders/order/deliveries.html",
        build=deliveries_of,
    ),
    Section(
        name="returns",
        title=gettext_lazy("Returns and exchanges"),
        template="orders/order/returns.html",
        build=returns_of,
    ),
)
ASIDE = (
    Section(
        name="money",
        title=gettext_lazy("Money"),
        template="orders/order/money.html",
        build=money_of,
    ),
    Section(
        name="papers",
        title=gettext_lazy("Papers"),
        template="orders/order/papers.html",
        build=papers_of,
    ),
    Section(
        name="people",
        title=gettext_lazy("Delivery and people"),
        template="orders/order/people.html",
        build=people_of,
    ),
    Section(
        name="designer",
        title=gettext_lazy("Designer"),
        template="orders/order/designer.html",
        build=designer_of,
    ),
)
STORY: tuple[Section, ...] = (
    Section(
        name="history",
        title=gettext_lazy("What happened"),
        template="orders/order/history.html",
        build=history_of,
    ),
)


def head_of(order: ColouredOrder, *, reader: Reader, now: datetime) -> Head:
    """The head of the page for this reader."""
    today = order.store.today(now)
    balance = None if order.amount is None else order.amount - order.paid
    if balance is None:
        told = _("%(paid)s paid") % {"paid": money_text(order.paid)}
    else:
        told = money_text(balance)
    return Head(
        number=order.number,
        customer=name_of(order, is_card_seen=reader.sees_card),
        title=order.customer.shown_title if reader.sees_card else "",
        card_url=reverse("desk:customer", args=[order.customer_id]) if reader.sees_card else "",
        state=order.get_state_display(),
        colour=colour_of(standing_of(order, today=today)),
        ordered=day_text(order.ordered_on, today=today),
        amount="" if order.amount is None else money_text(order.amount),
        balance=told,
        is_paid=balance == 0 and order.state != OrderState.CANCELLED,
        next=next_of(order, reader=reader, now=now),
    )


def drawn(
    sections: Sequence[Section], order: Order, *, reader: Reader, now: datetime
) -> list[Drawn]:
    """These sections, without those that have nothing to say."""
    built = [(each, each.build(order, reader=reader, now=now)) for each in sections]
    return [
        Drawn(name=each.name, title=str(each.title), template=each.template, content=content)
        for each, content in built
        if content is not None
    ]
