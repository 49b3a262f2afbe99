"""The main salesperson's book: a day as one wishes to show it, whatever day it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.calendars import add_months
from crm.demo.cards import Drafter
from crm.demo.company import ZONE, Seller
from crm.demo.drafts import Draft
from crm.demo.owners import owner
from crm.demo.prospects import CADENCE, followed, given_up, unwilling
from customers.states import Grade, NextKind

DAY = timedelta(days=1)
FILLERS = 30


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One customer of the main salesperson; what lies behind is `left` undone for up to 3 days."""

    draft: Draft
    is_left: bool = False


def book(d: Drafter, *, most: int) -> Iterator[Scene]:
    """The main salesperson's customers, those of today first; at most `most`."""
    seller = d.company.main
    scenes = [
        *_appointments(d),
        *_delivered_yesterday(d, seller),
        *_prospects_of_today(d),
        *_owners_of_today(d, seller),
        Scene(draft=unwilling(d, seller)),
        Scene(draft=_wechat_alone(d, seller)),
        *(Scene(draft=_filler(d, seller, number)) for number in range(FILLERS)),
    ]
    yield from scenes[:most]


def _named(draft: Draft, name: str, title: str) -> Draft:
    """The same draft under a name that one remembers from the demonstration."""
    draft.name, draft.title = name, title
    return draft


def _agreed(
    d: Drafter,
    person: tuple[str, str],
    *,
    grade: Grade,
    due_in: int,
    gap: int,
    text: str,
    kind: NextKind = NextKind.CALL,
    hour: time | None = None,
) -> Scene:
    """A prospect with a dated next step; `person` is a name to remember, and its title."""
    draft = followed(
        d,
        d.company.main,
        grade=grade,
        due_in=due_in,
        gap=gap,
        has_step=True,
        next_hour=hour,
        next_kind=kind,
        next_text=text,
    )
    return Scene(draft=_named(draft, *person))


def _by_occasion(d: Drafter, person: tuple[str, str], *, grade: Grade) -> Scene:
    """A prospect with whom nothing was agreed, to be met today by grade."""
    gap = CADENCE[grade]
    draft = followed(d, d.company.main, grade=grade, due_in=0, gap=gap, has_step=False)
    return Scene(draft=_named(draft, *person))


def _appointments(d: Drafter) -> Iterator[Scene]:
    """Two people have agreed on an hour."""
    visit = NextKind.STORE_VISIT
    first, second = time(10, 30), time(15, 0)
    yield _agreed(
        d, ("陈立群", "mr"), grade=Grade.A, due_in=0, gap=2, kind=visit, hour=first,
        text="试驾远山X5 四驱",
    )  # fmt: skip
    yield _agreed(
        d, ("赵敏", "ms"), grade=Grade.B1, due_in=0, gap=3, kind=visit, hour=second,
        text="带爱人来定颜色，谈置换价",
    )  # fmt: skip


def _delivered_yesterday(d: Drafter, seller: Seller) -> Iterator[Scene]:
    """Two cars went out yesterday: letters and the sales manager's calls within 24 hours."""
    yesterday = d.company.today - DAY
    for name, title, hour in (("马国强", "mr", time(11, 20)), ("周雅琴", "ms", time(16, 40))):
        draft = _named(owner(d, seller, delivered_on=yesterday), name, title)
        product = draft.bought[0]
        product.delivered_at = datetime.combine(yesterday, hour, ZONE)
        product.delivered_noted_at = product.delivered_at + timedelta(minutes=10)
        yield Scene(draft=draft)


def _prospects_of_today(d: Drafter) -> Iterator[Scene]:
    """Calls to A and to B and C, two of them overdue."""
    a, b = Grade.A, Grade.B1
    yield _agreed(
        d, ("刘思远", "mr"), grade=a, due_in=-2, gap=4, text="回复优惠能不能申请下来"
    )  # fmt: skip
    yield _agreed(d, ("孙佳怡", "ms"), grade=a, due_in=0, gap=3, text="约周末到店")
    yield _by_occasion(d, ("吴建军", "mr"), grade=a)
    yield _agreed(d, ("徐婷", "ms"), grade=b, due_in=-1, gap=4, text="确认贷款方案")
    yield _agreed(
        d, ("胡明辉", "mr"), grade=b, due_in=0, gap=4, kind=NextKind.WECHAT, text="发落地价明细"
    )  # fmt: skip
    yield _by_occasion(d, ("郑桂兰", "ms"), grade=Grade.C2)


def _owners_of_today(d: Drafter, seller: Seller) -> Iterator[Scene]:
    """After the sale: a 7-day call, two-month contacts, one of them overdue, and a visit soon."""
    today = d.company.today
    a_week = owner(d, seller, delivered_on=today - 7 * DAY)
    two_months = owner(d, seller, delivered_on=_whose_contact_falls_on(today))
    late = owner(d, seller, delivered_on=_whose_contact_falls_on(today - 2 * DAY))
    visit = owner(d, seller, delivered_on=add_months(today + 4 * DAY, -12))
    yield Scene(draft=_named(a_week, "高凯", "mr"))
    yield Scene(draft=_named(two_months, "何丽娜", "ms"))
    yield Scene(draft=_named(late, "罗永刚", "mr"), is_left=True)
    yield Scene(draft=_named(visit, "梁雪梅", "ms"))


def _whose_contact_falls_on(day: date) -> date:
    """A delivery whose two-month contact falls on `day` itself, whatever the months' lengths."""
    deliveries = (add_months(day, -months) for months in range(4, 60, 2))
    return next(
        delivered_on
        for months, delivered_on in zip(range(4, 60, 2), deliveries, strict=True)
        if add_months(delivered_on, months) == day
    )


def _wechat_alone(d: Drafter, seller: Seller) -> Draft:
    """Somebody without a number: a card, but not to be filed (decision 7)."""
    draft = followed(d, seller, grade=Grade.A, due_in=2, gap=5, has_step=True)
    draft.phones, draft.wechat = [], draft.wechat or "moli_2026"
    return draft


def _filler(d: Drafter, seller: Seller, number: int) -> Draft:
    """The rest of the book, none of it for today: the list above stays readable."""
    rng = d.rng
    kind = number % 5
    if kind == 0:
        # Its day of the month lies 10 to 20 days ahead, and so does its next contact or later.
        ahead = d.company.today + rng.randint(10, 20) * DAY
        return owner(d, seller, delivered_on=add_months(ahead, -rng.randint(4, 50)))
    if number == 4:
        return given_up(d, seller)
    grade, gap = ((Grade.A, 7), (Grade.A, 6), (Grade.B1, 5), (Grade.C2, 28))[kind - 1]
    return followed(d, seller, grade=grade, due_in=rng.randint(1, gap - 1), gap=gap, has_step=True)
