"""The designer of an order: who they are, what commission it brings them, what may be done."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.phones import mask_in_text
from customers.models import Designer
from orders.models import Order
from orders.queries.commission import Commission, commission_in_short
from orders.queries.commission_rows import commission_designers
from orders.showing.acts import Act
from orders.showing.commission import ICONS, TONES, rates_text
from orders.showing.reader import Reader
from staff.scope import MONEY_ROLES, ORDER_READERS


@dataclass(frozen=True, kw_only=True)
class OfDesigner:
    """The section: name and rates, how the commission stands, its figures, what may be done."""

    name: str = ""
    url: str = ""
    rates: str = ""
    state: str = ""
    tone: str = ""
    icon: str = ""
    figures: list[tuple[str, str]]
    acts: list[Act]


def designer_of(order: Order, *, reader: Reader, now: datetime) -> OfDesigner | None:
    """Who brought the customer; None where nobody did and this reader names nobody."""
    told = commission_in_short(order)
    acts = _acts(order, told, reader=reader)
    if told is None or order.designer is None:
        return OfDesigner(figures=[], acts=acts) if acts else None
    may_open = _may_open(order.designer, reader)
    return OfDesigner(
        name=mask_in_text(order.designer.name),
        url=reverse("orders:commissions_of", args=[order.designer_id]) if may_open else "",
        rates=rates_text(told.rates),
        state=str(told.state.label),
        tone=TONES[told.state],
        icon=ICONS[told.state],
        figures=_figures(told) if may_open else [],
        acts=acts,
    )


def _may_open(designer: Designer, reader: Reader) -> bool:
    """Whether this reader may open the designer's own page, and so read the figures."""
    within = commission_designers(reader.reach).filter(pk=designer.pk)
    return reader.reach.has_role(ORDER_READERS) and within.exists()


def _figures(told: Commission) -> list[tuple[str, str]]:
    sums = [
        (_("Delivered"), told.delivered),
        (_("Commission"), told.reckoned.due),
        (_("Paid out"), told.reckoned.paid),
        (_("Clawed back"), told.reckoned.clawed_back),
        (_("Payable now"), told.payable),
    ]
    return [(label, money_text(amount)) for label, amount in sums if amount]


def _acts(order: Order, told: Commission | None, *, reader: Reader) -> list[Act]:
    """Naming the designer, and for finance paying them."""
    acts = []
    if reader.may_change:
        label = _("Another designer") if order.designer_id else _("Name the designer")
        url = reverse("orders:name_designer", args=[order.pk])
        acts.append(Act(label=label, url=url, icon="heart-handshake"))
    if told is not None and told.payable and reader.reach.has_role(MONEY_ROLES):
        url = reverse("orders:pay_commission", args=[order.pk])
        acts.append(Act(label=_("Pay commission"), url=url, icon="check"))
    return acts
