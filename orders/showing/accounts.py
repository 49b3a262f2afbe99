"""What one customer owes, in words: open amounts, what is kept, terms, statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.days import day_text
from core.phones import mask_in_text
from customers.models import Customer
from orders.models import Account, Credit, Due, Order, Statement
from orders.queries.receivables import OwingOrder, kept_for_customers, owing_orders
from orders.rules.ageing import NOT_DUE, NOTHING, overdue_days


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """One open amount: of which order, since when, and what is said of it."""

    order_no: str
    order_url: str
    what: str
    due_on: str
    overdue: str
    is_overdue: bool
    amount: str
    disputed: str
    act_url: str
    act_label: str


@dataclass(frozen=True, kw_only=True)
class StatementRow:
    """One statement that was made."""

    period: str
    balance: str
    said: str
    url: str


@dataclass(frozen=True, kw_only=True)
class AccountShown:
    """The page of one customer's account."""

    stats: list[dict[str, str]]
    rows: list[OpenRow]
    terms: list[str]
    statements: list[StatementRow]


def shown_account(
    customer: Customer,
    orders: Sequence[Order],
    *,
    today: date,
    may_dispute: bool,
    sees_all: bool,
) -> AccountShown:
    """What this reader is shown of the orders within their reach, and, where they may know all of
    the customer (`sees_all`), of statements; six queries.
    """
    within = Order.objects.filter(pk__in=[order.pk for order in orders])
    owing = owing_orders(within, as_of=today, today=today)
    kept = kept_for_customers(Credit.objects.filter(order__in=within), as_of=today)
    account = Account.objects.filter(customer=customer).select_related("set_by").first()
    rows = _open_rows(owing, today=today, may_dispute=may_dispute)
    return AccountShown(
        stats=_stats(owing, kept.get(customer.pk, NOTHING), today=today),
        rows=rows,
        terms=_terms(account),
        statements=_statements(customer) if sees_all else [],
    )


def _stats(owing: Sequence[OwingOrder], kept: Decimal, *, today: date) -> list[dict[str, str]]:
    amounts = [one for order in owing for one in order.open]
    total = sum((one.amount for one in amounts), NOTHING)
    late = sum((one.amount for one in amounts if one.due_on < today), NOTHING)
    return [
        {"label": pgettext("money", "Open"), "value": money_text(total)},
        {"label": _("Overdue"), "value": money_text(late), "tone": "late" if late else ""},
        {"label": _("Kept for the customer"), "value": money_text(kept)},
    ]


def _open_rows(
    owing: Sequence[OwingOrder], *, today: date, may_dispute: bool
) -> list[OpenRow]:  # fmt: skip
    keys = [one.owed.key for order in owing for one in order.open]
    dues = Due.objects.in_bulk(keys)
    found = sorted(
        ((one, order) for order in owing for one in order.open), key=lambda pair: pair[0].due_on
    )
    rows = []
    for one, order in found:
        due, days = dues[one.owed.key], overdue_days(one.due_on, as_of=today)
        act = "end_dispute" if one.owed.is_disputed else "dispute"
        rows.append(
            OpenRow(
                order_no=order.number,
                order_url=reverse("orders:order", args=[order.order_id]),
                what=due.get_kind_display(),
                due_on=day_text(one.due_on, today=today),
                overdue=ngettext("%(days)s day overdue", "%(days)s days overdue", days)
                % {"days": days}
                if days
                else _("not due yet"),
                is_overdue=days > 0,
                amount=money_text(one.amount),
                disputed=mask_in_text(due.dispute_reason),
                act_url=reverse(f"orders:{act}", args=[due.pk]) if may_dispute else "",
                act_label=_("Settled") if one.owed.is_disputed else _("Disputed"),
            )
        )
    return rows


def _terms(account: Account | None) -> list[str]:
    """The terms in sentences; none where nothing was ever said."""
    if account is None:
        return []
    said = []
    if account.is_monthly:
        said.append(_("Buys on monthly terms."))
    if account.credit_limit is not None:
        said.append(_("Credit limit %(limit)s.") % {"limit": money_text(account.credit_limit)})
    if account.is_held:
        why = {"why": mask_in_text(account.reason)}
        said.append(_("All deliveries are held: %(why)s") % why)
    return said


def _statements(customer: Customer) -> list[StatementRow]:
    rows = Statement.objects.filter(customer=customer).order_by("-made_at")[:12]
    return [
        StatementRow(
            period=f"{row.starts_on:%Y-%m-%d} – {row.ends_on:%Y-%m-%d}",
            balance=money_text(row.balance),
            said=_("confirmed") if row.confirmed_at else _("not confirmed yet"),
            url=reverse("orders:statement", args=[row.pk]),
        )
        for row in rows
    ]


def bucket_label(bucket: str) -> str:
    """A bucket as a column is headed."""
    if bucket == NOT_DUE:
        return _("Not due")
    days = bucket.replace("-", "–").replace(">", "> ")
    return _("%(days)s days") % {"days": days}
