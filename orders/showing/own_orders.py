"""One's own orders as the weekly look shows them, and how far people are with theirs (FUP-27)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.amounts import money_text
from core.days import date_text, day_text
from core.time_left import TimeLeft, until_day
from followups.models import Chore
from orders.queries.completion import standing_of
from orders.queries.own_orders import OpenCount, OwnOrder
from orders.rules.looking import Watched, findings
from orders.showing.completion import Colour, colour_of
from orders.showing.rows import customer_of, goods_of
from orders.states import OrderState
from orders.wording.looking import finding_text


@dataclass(frozen=True, kw_only=True)
class OwnShown:
    """One open order: whose, how far, what is still to be paid, and what is wrong in words."""

    pk: int
    number: str
    url: str
    customer: str
    goods: str
    colour: Colour
    balance: str
    planned: str
    wrong: list[str]
    is_looked: bool


@dataclass(frozen=True, kw_only=True)
class LookShown:
    """How far one's look is: what is owed until when, or when it was done and by whom."""

    due: TimeLeft | None
    done: str


@dataclass(frozen=True, kw_only=True)
class PersonShown:
    """One person and how far they are with the look through their orders."""

    name: str
    store: str
    url: str
    orders: str
    red: str
    look: LookShown


def own_shown(order: OwnOrder, *, today: date) -> OwnShown:
    """One row of the look."""
    standing = standing_of(order, today=today)
    watched = Watched(
        state=OrderState(order.state),
        late_with=standing.late_with,
        current_on=order.current_on,
        # What comes in exchange later breaks no promise that was kept.
        promised_on=None if order.handed_on else order.promised_on,
        expected_on=order.expected_on,
        moved_on=order.store.today(order.moved_at),
        lines_all=order.lines_all,
        lines_submitted=order.lines_submitted,
    )
    colour = colour_of(standing)
    balance = None if order.amount is None else order.amount - order.paid
    return OwnShown(
        pk=order.pk,
        number=order.number,
        url=reverse("orders:order", args=[order.pk]),
        customer=customer_of(order),
        goods=goods_of(order),
        # What makes it red is said in words below.
        colour=Colour(value=colour.value, word=colour.word, icon=colour.icon),
        balance=_("%(amount)s open") % {"amount": money_text(balance)} if balance else "",
        planned=_planned(order, today=today),
        wrong=[finding_text(each) for each in findings(watched, today=today)],
        is_looked=order.is_looked,
    )


def _planned(order: OwnOrder, *, today: date) -> str:
    if order.delivered_on is not None:
        return _("delivered %(day)s") % {"day": date_text(order.delivered_on, today=today)}
    if order.current_on is None:
        return _("no day planned")
    return _("planned for %(day)s") % {"day": date_text(order.current_on, today=today)}


def look_shown(chore: Chore, *, today: date) -> LookShown:
    """How far this look is."""
    if chore.done_at is None or chore.done_by is None:
        return LookShown(due=until_day(chore.due_on, today=today), done="")
    day = day_text(chore.store.today(chore.done_at), today=today)
    return LookShown(due=None, done=_("%(who)s, %(day)s") % {"who": chore.done_by.name, "day": day})


def people_shown(
    looks: Sequence[Chore], *, counts: Mapping[int, OpenCount], now: datetime
) -> list[PersonShown]:
    """Whose look is open or done, as the list of who leads them."""
    return [_person_shown(look, counts.get(look.subject_id, OpenCount()), now) for look in looks]


def _person_shown(look: Chore, count: OpenCount, now: datetime) -> PersonShown:
    red = ngettext("%(count)s overdue", "%(count)s overdue", count.red) % {"count": count.red}
    return PersonShown(
        name=look.person.name if look.person else look.store.name,
        store=look.store.name,
        url=f"{reverse('orders:own')}?of={look.subject_id}",
        orders=ngettext("%(count)s open order", "%(count)s open orders", count.open)
        % {"count": count.open},
        red=red if count.red else "",
        look=look_shown(look, today=look.store.today(now)),
    )


def chosen_orders(ids: Sequence[str]) -> set[int]:
    """The orders that a form names; what is no number is left out."""
    return {int(each) for each in ids if each.isascii() and each.isdecimal() and len(each) < 19}
