"""What the commission of a designer says on its pages: of one order, of a designer, of a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.phones import mask_in_text
from customers.models import Designer
from orders.models import CommissionEntry
from orders.queries.commission import Commission
from orders.queries.commission_rows import Account, Row
from orders.rules.commission import Rates
from orders.states import CommissionKind, CommissionState

TONES: Mapping[CommissionState, str] = {
    CommissionState.SIGNED: "plain",
    CommissionState.INTRODUCED: "plain",
    CommissionState.ORDERED: "plain",
    CommissionState.DONE: "soon",
    CommissionState.PAID: "good",
    CommissionState.CLAWED_BACK: "late",
}
ICONS: Mapping[CommissionState, str] = {
    CommissionState.SIGNED: "edit",
    CommissionState.INTRODUCED: "heart-handshake",
    CommissionState.ORDERED: "clock",
    CommissionState.DONE: "check",
    CommissionState.PAID: "circle-check",
    CommissionState.CLAWED_BACK: "arrows-exchange",
}


def percent_text(rate: Decimal) -> str:
    """10%, 12.5%."""
    places = max(-int(rate.normalize().as_tuple().exponent), 0)
    return f"{number_format(rate, decimal_pos=places, use_l10n=True)}%"


def rates_text(rates: Rates) -> str:
    """Furniture and accessories: 10% · 20%."""
    return f"{percent_text(rates.furniture)} · {percent_text(rates.accessories)}"


def rates_words(rates: Rates) -> str:
    """The same in words."""
    return _("furniture %(furniture)s, accessories %(accessories)s") % {
        "furniture": percent_text(rates.furniture),
        "accessories": percent_text(rates.accessories),
    }


def amount_text(amount: Decimal | None) -> str:
    """An amount, a dash where there is none."""
    return money_text(amount) if amount else "–"


@dataclass(frozen=True, kw_only=True)
class RowShown:
    """One row of forms 2.12 in words."""

    designer: str
    designer_url: str
    company: str
    phone: str
    agreement: str
    rates: str
    customer: str
    introduced: str
    number: str
    order_url: str
    ordered: str
    amount: str
    delivered: str
    due: str
    paid: str
    voucher: str
    clawed_back: str
    payable: str
    is_payable: bool
    state: str
    tone: str
    icon: str


def row_shown(row: Row) -> RowShown:
    """One row as screens and sheets of paper say it."""
    of, order, told = row.designer, row.order, row.commission
    until = of.valid_until.isoformat() if of.valid_until else ""
    paid_on = row.paid_on.isoformat() if row.paid_on else ""
    return RowShown(
        designer=mask_in_text(of.name),
        designer_url=reverse("orders:commissions_of", args=[of.pk]),
        company=mask_in_text(of.company),
        phone=of.masked,
        agreement=" · ".join(text for text in (mask_in_text(of.agreement_no), until) if text),
        rates=rates_text(row.rates),
        customer=row.customer,
        introduced=row.introduced_on.isoformat() if row.introduced_on else "",
        number=order.number if order else "",
        order_url=reverse("orders:order", args=[order.pk]) if order else "",
        ordered=order.ordered_on.isoformat() if order else "",
        amount=amount_text(order.amount if order else None),
        delivered=amount_text(told.delivered if told else None),
        due=_due(told),
        paid=amount_text(told.reckoned.paid if told else None),
        voucher=" · ".join(text for text in (paid_on, *row.vouchers) if text),
        clawed_back=amount_text(told.reckoned.clawed_back if told else None),
        payable=amount_text(told.payable if told else None),
        is_payable=bool(told and told.payable),
        state=str(row.state.label),
        tone=TONES[row.state],
        icon=ICONS[row.state],
    )


def _due(told: Commission | None) -> str:
    if told is None:
        return "–"
    if told.reckoned.due is None:
        return _("not completed")
    return money_text(told.reckoned.due)


@dataclass(frozen=True, kw_only=True)
class EntryShown:
    """One payment or claw-back in words."""

    on: str
    what: str
    number: str
    order_url: str
    voucher: str
    amount: str
    is_back: bool


def entry_shown(entry: CommissionEntry) -> EntryShown:
    """One entry; what was clawed back says for which goods."""
    goods = entry.goods_back
    is_back = entry.kind == CommissionKind.CLAWED_BACK
    return EntryShown(
        on=entry.on.isoformat(),
        what=entry.get_kind_display(),
        number=entry.order.number,
        order_url=reverse("orders:order", args=[entry.order_id]),
        voucher=entry.voucher or (mask_in_text(goods.line.product) if goods else ""),
        amount=f"−{money_text(entry.amount)}" if is_back else money_text(entry.amount),
        is_back=is_back,
    )


def facts_of(designer: Designer, rates: Rates) -> list[tuple[str, str]]:
    """What is agreed with a designer."""
    facts = [
        (_("Company"), mask_in_text(designer.company)),
        (_("Phone"), designer.masked),
        (_("Agreement no."), mask_in_text(designer.agreement_no)),
        (_("Signed on"), designer.signed_on.isoformat() if designer.signed_on else ""),
        (_("Valid until"), designer.valid_until.isoformat() if designer.valid_until else ""),
        (_("Rates"), rates_words(rates)),
        (_("Keeper"), designer.keeper.name if designer.keeper else ""),
    ]
    return [(label, text) for label, text in facts if text]


@dataclass(frozen=True, kw_only=True)
class Sum:
    """One figure over a list."""

    label: str
    value: str
    tone: str = ""
    unit: str = ""
    url: str = ""
    formula: str = ""
    note: str = ""


def sums_of(rows: Sequence[Row], account: Account) -> list[Sum]:
    """What the rows add up to: due, paid, clawed back, payable or owed; each opens its orders."""
    told = [row.commission for row in rows if row.commission is not None]
    due = sum((each.reckoned.due or Decimal(0) for each in told), Decimal(0))
    paid = sum((each.reckoned.paid for each in told), Decimal(0))
    back = sum((each.reckoned.clawed_back for each in told), Decimal(0))
    here = reverse("orders:commissions")
    found = [
        Sum(label=_("Commission due"), value=money_text(due), url=here),
        Sum(label=_("Paid out"), value=money_text(paid), url=f"{here}?state=paid"),
        Sum(label=_("Clawed back"), value=money_text(back), url=f"{here}?state=clawed_back"),
        Sum(
            label=_("Payable now"),
            value=money_text(account.payable),
            tone="soon" if account.payable else "",
            url=f"{here}?state=done",
        ),
    ]
    if account.owed:
        found.append(
            Sum(label=_("Owed by the designer"), value=money_text(account.owed), tone="late")
        )
    return found
