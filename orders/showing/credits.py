"""How credits read: whose, how they stand, where they went, what may be done (ORD-17)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.amounts import money_text
from core.days import day_text, moment_text
from core.phones import mask_in_text
from orders.models import Credit, CreditUse
from orders.queries.rights import may_write, name_of
from orders.rules.credits import is_refundable, standing
from orders.showing.acts import Act
from orders.showing.payments import Standing
from orders.states import CreditStanding, CreditUseKind
from staff.scope import MONEY_ROLES, ORDER_READERS, Reach
from staff.states import Role

TONES = {CreditStanding.OPEN: "plain", CreditStanding.OVERDUE: "late"}
ICONS = {CreditStanding.OPEN: "clock", CreditStanding.OVERDUE: "alert-triangle"}


@dataclass(frozen=True, kw_only=True)
class UseShown:
    """One way in which a credit, or a part of it, went."""

    amount: str
    what: str
    by: str
    order_no: str = ""
    order_url: str = ""
    words: str = ""
    tone: str = "plain"
    acts: list[Act]


@dataclass(frozen=True, kw_only=True)
class CreditShown:
    """A credit as its page and its order read it."""

    url: str
    customer: str
    order_no: str
    order_url: str
    kind: str
    changed: str
    before: str
    after: str
    amount: str
    left: str
    refundable: str
    handler: str
    standing: Standing
    contact: str
    is_contact_late: bool
    uses: list[UseShown]
    acts: list[Act]


def is_card_seen(credit: Credit, reach: Reach | None) -> bool:
    """Whether the reader knows the customer by the card's name; read from what is loaded."""
    if reach is None or reach.sees_all or reach.role == Role.FINANCE:
        return True
    customer = credit.order.customer
    return customer.owner_id in reach.acts_for or customer.store_id in reach.store_ids


def name_on_list(credit: Credit, reach: Reach | None) -> str:
    """The customer's name as this reader may know it."""
    return name_of(credit.order, is_card_seen=is_card_seen(credit, reach))


def standing_shown(credit: Any, *, today: date) -> Standing:
    """How a credit of `listed_credits` stands today, as a colour with its word."""
    found = standing(
        amount=credit.amount,
        offset=credit.offset,
        refunded=credit.refunded,
        refundable_from=credit.refundable_from,
        today=today,
    )
    text = str(found.label)
    if credit.is_asked:
        text = pgettext("credit", "Refund asked for")
    return Standing(text=text, tone=TONES.get(found, "good"), icon=ICONS.get(found, "circle-check"))


def credit_shown(credit: Any, *, reach: Reach, now: datetime) -> CreditShown:
    """One credit of `listed_credits` with all that became of it."""
    today = credit.order.store.today(now)
    uses = CreditUse.objects.filter(credit=credit).select_related(
        "order", "asked_by", "done_by", "refused_by"
    )
    contacted_on = credit.order.store.today(credit.contacted_at) if credit.contacted_at else None
    contact = ""
    if contacted_on is not None:
        who = credit.contacted_by.name
        words = mask_in_text(credit.contact_note)
        contact = f"{day_text(contacted_on, today=today)} · {who}: {words}"
    return CreditShown(
        url=reverse("orders:credit", args=[credit.pk]),
        customer=name_on_list(credit, reach),
        order_no=credit.order.number,
        order_url=reverse("orders:order", args=[credit.order_id]),
        kind=credit.get_kind_display(),
        changed=day_text(credit.changed_on, today=today),
        before=money_text(credit.before),
        after=money_text(credit.after),
        amount=money_text(credit.amount),
        left=money_text(credit.amount - credit.used),
        refundable=day_text(credit.refundable_from, today=today),
        handler=credit.handler.name,
        standing=standing_shown(credit, today=today),
        contact=contact,
        is_contact_late=contacted_on is not None and contacted_on >= credit.refundable_from,
        uses=[_use(use, credit, reach=reach, now=now) for use in uses.order_by("pk")],
        acts=acts_of(credit, reach=reach),
    )


def acts_of(credit: Credit, *, reach: Reach) -> list[Act]:
    """What this reader may do with what is left of a credit."""
    may_act = may_write(reach) or reach.has_role(MONEY_ROLES)
    acts = []
    if may_act and credit.contacted_at is None and credit.used < credit.amount:
        acts.append(
            Act(
                label=_("Note what the customer said"),
                url=reverse("orders:contact_credit", args=[credit.pk]),
                icon="message",
            )
        )
    if may_act and credit.used < credit.amount:
        acts.append(
            Act(
                label=_("Offset against another order"),
                url=reverse("orders:offset_credit", args=[credit.pk]),
                icon="arrows-exchange",
            )
        )
    if reach.has_role(ORDER_READERS) and credit.used < credit.amount:
        acts.append(
            Act(
                label=_("Ask for the refund"),
                url=reverse("orders:ask_refund", args=[credit.pk]),
                icon="send",
            )
        )
    return acts


def _use(use: CreditUse, credit: Credit, *, reach: Reach, now: datetime) -> UseShown:
    facts = {"amount": money_text(use.amount)}
    if use.kind == CreditUseKind.OFFSET and use.order is not None:
        is_back = use.order_id == credit.order_id
        what = _("Taken back: its money never came") if is_back else _("Offset")
        return UseShown(
            **facts,
            what=what,
            by=_said(use.done_by, use.done_at, now=now),
            order_no=use.order.number,
            order_url=reverse("orders:order", args=[use.order_id]),
            words=mask_in_text(use.consent),
            acts=[],
        )
    if use.refused_at is not None:
        return UseShown(
            **facts,
            what=_("Refund refused"),
            by=_said(use.refused_by, use.refused_at, now=now),
            words=mask_in_text(use.refuse_reason),
            acts=[],
        )
    if use.done_at is not None:
        return UseShown(
            **facts,
            what=_("Refunded"),
            by=_said(use.done_by, use.done_at, now=now),
            words=f"{use.get_method_display()} · {use.voucher}",
            tone="good",
            acts=[],
        )
    return UseShown(
        **facts,
        what=_("Refund asked for"),
        by=_said(use.asked_by, use.asked_at, now=now),
        tone="soon",
        acts=_decisions(use, credit, reach=reach, now=now),
    )


def _said(person: Any, at: datetime | None, *, now: datetime) -> str:
    return f"{person.name} · {moment_text(at, now=now)}" if person and at else ""


def _decisions(use: CreditUse, credit: Credit, *, reach: Reach, now: datetime) -> list[Act]:
    """Finance pays out what others asked for, once its day has come, or refuses it."""
    if not reach.has_role(MONEY_ROLES):
        return []
    acts = []
    has_come = is_refundable(credit.refundable_from, today=credit.order.store.today(now))
    if has_come and use.asked_by_id != reach.person_id:
        acts.append(
            Act(
                label=_("Pay it out"),
                url=reverse("orders:pay_refund", args=[use.pk]),
                icon="circle-check",
            )
        )
    acts.append(
        Act(label=_("Refuse"), url=reverse("orders:refuse_refund", args=[use.pk]), icon="x")
    )
    return acts
