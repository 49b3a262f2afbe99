"""Goods that come back, as pages say it: one return, those of an order, those of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.days import day_text, moment_text
from core.phones import mask_in_text
from orders.models import Order, Return
from orders.queries.returns import with_the_customer
from orders.queries.rights import may_move
from orders.showing.acts import Act
from orders.showing.reader import Reader
from orders.states import ReturnKind, ReturnState
from staff.scope import RELEASING_ROLES, Reach
from staff.states import DutyKind

TONES: Mapping[str, str] = {
    ReturnState.ASKED: "soon",
    ReturnState.AGREED: "soon",
    ReturnState.REFUSED: "plain",
    ReturnState.SETTLED: "good",
}
ICONS: Mapping[str, str] = {
    ReturnState.ASKED: "clock",
    ReturnState.AGREED: "check",
    ReturnState.REFUSED: "x",
    ReturnState.SETTLED: "circle-check",
}


def may_ask(order: Order, reach: Reach) -> bool:
    """Whether this person writes down that goods come back, and that they are here: whoever moves
    them, or leads the service.
    """
    return may_move(order, reach) or DutyKind.SERVICE_LEAD in reach.duties


def may_decide(row: Return, reach: Reach) -> bool:
    """Whether this person decides: a manager, never what they asked for themselves."""
    is_waiting = row.state == ReturnState.ASKED and row.asked_by_id != reach.person_id
    return is_waiting and reach.has_role(RELEASING_ROLES)


def days_to_settle(row: Return) -> int | None:
    """Calendar days from the asking to the settling; None while it is not settled."""
    return (row.settled_on - row.asked_on).days if row.settled_on else None


def days_text(row: Return) -> str:
    """The same in words."""
    days = days_to_settle(row)
    return "" if days is None else ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@dataclass(frozen=True, kw_only=True)
class Back:
    """One return in words."""

    url: str
    product: str
    qty: int
    kind: str
    cause: str
    amount: str
    state: str
    tone: str
    icon: str
    asked: str
    is_late: bool


def back_shown(row: Return, *, now: datetime) -> Back:
    """One return, read with its line, order and store, and with who asked for it."""
    today = row.order.store.today(now)
    return Back(
        url=reverse("orders:goods_back", args=[row.pk]),
        product=mask_in_text(row.line.product),
        qty=row.qty,
        kind=row.get_kind_display(),
        cause=row.get_cause_display(),
        amount=money_text(row.amount),
        state=row.get_state_display(),
        tone=TONES[row.state],
        icon=ICONS[row.state],
        asked=f"{day_text(row.asked_on, today=today)} · {row.asked_by.name}",
        is_late=not row.is_within,
    )


@dataclass(frozen=True, kw_only=True)
class Returns:
    """The section of an order: what came back or is to, and the act of asking."""

    rows: list[Back]
    acts: list[Act]


def returns_of(order: Order, *, reader: Reader, now: datetime) -> Returns | None:
    """The section; None where nothing came back and nothing may."""
    found = Return.objects.filter(order=order).select_related("line", "asked_by")
    rows = list(found.order_by("-asked_on", "-pk"))
    for row in rows:
        row.order = order
    acts = []
    if may_ask(order, reader.reach) and with_the_customer(order):
        url = reverse("orders:ask_return", args=[order.pk])
        acts.append(Act(label=_("Return or exchange"), url=url, icon="arrows-exchange"))
    if not rows and not acts:
        return None
    return Returns(rows=[back_shown(row, now=now) for row in rows], acts=acts)


def facts_of(row: Return, *, now: datetime) -> list[tuple[str, str]]:
    """All that is known of one return."""
    today = row.order.store.today(now)
    window = _("within the days of the policy") if row.is_within else _("beyond them")
    settled = day_text(row.settled_on, today=today) if row.settled_on else ""
    asked = f"{day_text(row.asked_on, today=today)} · {row.asked_by.name}"
    done = " · ".join(text for text in (settled, days_text(row)) if text)
    facts = [
        (_("Wanted"), row.get_kind_display()),
        (_("Why"), row.get_cause_display()),
        (_("Pieces"), str(row.qty)),
        (_("Amount"), money_text(row.amount)),
        (pgettext("return", "Asked on"), asked),
        (_("Window"), window),
        (_("What the customer says"), mask_in_text(row.note)),
        (pgettext("return", "Decided"), _decided(row, now=now)),
        (_("Reason"), mask_in_text(row.decision_note)),
        (pgettext("return", "Settled"), done),
        (pgettext("money", "Credit"), money_text(row.credit.amount) if row.credit else ""),
        (_("Comes instead"), mask_in_text(row.new_line.product) if row.new_line else ""),
    ]
    return [(label, text) for label, text in facts if text]


def _decided(row: Return, *, now: datetime) -> str:
    if row.decided_by is None or row.decided_at is None:
        return ""
    return f"{row.decided_by.name} · {moment_text(row.decided_at, now=now)}"


def acts_of(row: Return, *, reach: Reach) -> list[Act]:
    """What this reader may do with it, the next thing first."""
    acts = []
    if may_decide(row, reach):
        url = reverse("orders:decide_return", args=[row.pk])
        acts.append(Act(label=pgettext("return", "Decide"), url=url, icon="check"))
    is_serving = may_ask(row.order, reach)
    if row.state == ReturnState.AGREED and is_serving:
        is_exchange = row.kind == ReturnKind.EXCHANGE
        label = _("Goods are here: exchange") if is_exchange else _("Goods are here: settle")
        url = reverse("orders:settle_return", args=[row.pk])
        acts.append(Act(label=label, url=url, icon="circle-check"))
    if row.case_id is None and is_serving:
        url = reverse("orders:return_case", args=[row.pk])
        acts.append(Act(label=_("Open a service case"), url=url, icon="message-2"))
    return acts


def waits_for(row: Return) -> str:
    """Whom a return waits for; nothing once it is settled or refused."""
    if row.state == ReturnState.ASKED:
        return _("Waits for a manager who has not asked for it")
    return _("Waits for the goods") if row.state == ReturnState.AGREED else ""
