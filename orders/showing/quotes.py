"""A quote as it is read and printed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.days import day_text, moment_text
from core.phones import mask_in_text
from orders.models import Order, Quote, QuoteLine
from orders.queries.reviewing import filing_in_review
from orders.queries.rights import may_write_on, name_of, sees_card
from orders.showing.acts import Act
from orders.showing.lines import LineShown, line_shown
from orders.states import QuoteState
from staff.scope import ORDERING_ROLES, Reach


@dataclass(frozen=True, kw_only=True)
class QuoteShown:
    """One quote; `tone` belongs to the word of its state."""

    pk: int
    number: str
    name: str
    card_url: str
    store: str
    seller: str
    quoted: str
    quoted_on: str
    valid_until: str
    state: str
    tone: str
    review: str
    reason: str
    remark: str
    amount: str
    lines: list[LineShown]
    order_no: str
    order_url: str
    next: Act | None
    acts: list[Act]


def state_of(quote: Quote, *, today: date) -> tuple[str, str]:
    """The word of a quote's state and its tone; past its last day it is neither open nor over."""
    if quote.state == QuoteState.OPEN and quote.valid_until < today:
        return _("Past its last day"), "soon"
    tones = {QuoteState.ORDERED: "good", QuoteState.OPEN: "", QuoteState.DECLINED: "late"}
    return quote.get_state_display(), tones[QuoteState(quote.state)]


def quote_shown(quote: Quote, *, reach: Reach, now: datetime) -> QuoteShown:
    """The quote for this reader; whoever may not see the card reads the name they were told."""
    today = quote.store.today(now)
    is_card_seen = sees_card(quote, reach)
    state, tone = state_of(quote, today=today)
    lines = QuoteLine.objects.filter(quote=quote).order_by("position")
    order = Order.objects.filter(quote=quote).first()
    is_good = quote.state == QuoteState.OPEN and quote.valid_until >= today
    next_act = None
    if is_good and reach.has_role(ORDERING_ROLES) and may_write_on(quote, reach):
        url = reverse("orders:order_quote", args=[quote.pk])
        next_act = Act(label=_("Place the order"), url=url, icon="check")
    return QuoteShown(
        pk=quote.pk,
        number=quote.number,
        name=name_of(quote, is_card_seen=is_card_seen),
        card_url=reverse("desk:customer", args=[quote.customer_id]) if is_card_seen else "",
        store=quote.store.name,
        seller=quote.seller.name,
        quoted=moment_text(quote.quoted_at, now=now),
        quoted_on=day_text(quote.store.today(quote.quoted_at), today=today),
        valid_until=day_text(quote.valid_until, today=today),
        state=state,
        tone=tone,
        review=_review(quote, reach=reach, is_card_seen=is_card_seen),
        reason=mask_in_text(quote.declined_reason),
        remark=mask_in_text(quote.remark),
        amount=money_text(quote.amount),
        lines=[line_shown(each) for each in lines.select_related("special_price__application")],
        order_no=order.number if order else "",
        order_url=reverse("orders:order", args=[order.pk]) if order else "",
        next=next_act,
        acts=_acts(quote, reach=reach, is_card_seen=is_card_seen, is_good=is_good),
    )


def _review(quote: Quote, *, reach: Reach, is_card_seen: bool) -> str:
    """That the filing is still in review, to those who know of it (decision 13: 待审)."""
    holders = [quote.seller_id] if is_card_seen else reach.acts_for
    waiting = filing_in_review(quote.customer_id, holders=holders)
    return _("Filing in review") if waiting is not None else ""


def _acts(quote: Quote, *, reach: Reach, is_card_seen: bool, is_good: bool) -> list[Act]:
    acts = [Act(label=_("Print"), url=reverse("orders:print_quote", args=[quote.pk]),
                icon="printer")]  # fmt: skip
    if quote.state == QuoteState.OPEN and may_write_on(quote, reach):
        url = reverse("orders:decline_quote", args=[quote.pk])
        acts.append(Act(label=_("Declined by the customer"), url=url, icon="x"))
    if not is_good and quote.state != QuoteState.ORDERED and reach.has_role(ORDERING_ROLES):
        url = reverse("orders:new_quote")
        if is_card_seen:
            url = reverse("orders:quote_for", args=[quote.customer_id])
        acts.append(Act(label=_("Quote again"), url=f"{url}?like={quote.pk}", icon="copy"))
    return acts
