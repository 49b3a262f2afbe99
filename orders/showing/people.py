"""Where an order goes, when, on what terms, and who has to do with it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text
from core.phones import mask_in_text
from orders.models import Order
from orders.queries.deposits import credit_of
from orders.services.people import carer_of
from orders.showing.acts import Act
from orders.showing.reader import Reader
from orders.wording.deposits import credited


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that is written on the order."""

    label: str
    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class People:
    """The section of facts and people."""

    facts: list[Fact]
    acts: list[Act]


def people_of(order: Order, *, reader: Reader, now: datetime) -> People:
    """What the order says beside its lines, and what may be done about it."""
    today = order.store.today(now)
    facts = [
        Fact(label=_("Delivered to"), text=mask_in_text(order.address)),
        Fact(label=_("Wished by the customer"), text=_day(order.wished_on, today=today)),
        Fact(label=_("Promised"), text=_day(order.promised_on, today=today)),
        Fact(label=_("Terms"), text=order.get_terms_display()),
        Fact(label=_("Came"), text=order.get_channel_display()),
        Fact(label=_("Signed on"), text=_day(order.signed_on, today=today)),
        _of_quote(order),
        Fact(label=_("Sold by"), text=f"{order.seller.name} · {order.store.name}"),
        _credit(order),
        Fact(label=_("Cared for by"), text=_carer(order)),
        Fact(label=_("Order clerk"), text=order.clerk.name if order.clerk else ""),
        Fact(label=_("Remark"), text=mask_in_text(order.remark)),
    ]
    return People(facts=[fact for fact in facts if fact.text], acts=_acts(order, reader=reader))


def _day(day: date | None, *, today: date) -> str:
    return day_text(day, today=today) if day else ""


def _credit(order: Order) -> Fact:
    """Whose the sale is, once there is a deal."""
    found = credit_of(order.number)
    if found.deal is None:
        return Fact(label="", text="")
    told = credited(found)
    return Fact(label=_("Credited to"), text=told.who, note=told.text)


def _carer(order: Order) -> str:
    """Who talks with the customer; whoever keeps the card where the seller does not see it."""
    carer = carer_of(order)
    owner = order.customer.owner
    return carer.name if carer else owner.name if owner else _("nobody")


def _of_quote(order: Order) -> Fact:
    if order.quote is None:
        return Fact(label="", text="")
    return Fact(
        label=_("From the quote"),
        text=order.quote.number,
        url=reverse("orders:quote", args=[order.quote.pk]),
    )


def _acts(order: Order, *, reader: Reader) -> list[Act]:
    if not reader.may_change:
        return []
    acts = [Act(label=_("Change details"), url=reverse("orders:change", args=[order.pk]),
                icon="edit")]  # fmt: skip
    if order.signed_on is None:
        url = reverse("orders:sign", args=[order.pk])
        acts.append(Act(label=_("Sign"), url=url, icon="check"))
    return acts
