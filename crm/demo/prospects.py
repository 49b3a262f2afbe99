"""Prospects: where each stands, what was said, and what was agreed on next."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from crm.demo import talk
from crm.demo.cards import Drafter
from crm.demo.company import ZONE, Seller
from crm.demo.drafts import Draft, Talk
from crm.demo.owners import owner
from customers.states import Channel, Grade, NextKind, NoStepReason, Outcome, Quiet, Reason
from staff.states import Trade

DAY = timedelta(days=1)
# Days from one contact to the next agreed one, never beyond the grade's own cadence.
GAPS = {Grade.A: (2, 7), Grade.B1: (2, 5), Grade.C2: (12, 30)}
CADENCE = {Grade.A: 7, Grade.B1: 5, Grade.C2: 30}
OWNER_SHARE = 0.34
LEFT_BEHIND, NOBODYS = 12, 6
REACHED = {Channel.CALL: Outcome.CONNECTED, Channel.WECHAT: Outcome.REPLIED}


def crowd(d: Drafter, count: int) -> Iterator[Draft]:
    """`count` customers of everybody but the main salesperson; some wait for a keeper."""
    rng, sellers = d.rng, d.company.sellers
    for number in range(count):
        seller = rng.choice(sellers)
        chance = rng.random()
        if number < min(LEFT_BEHIND, count // 20):
            yield of_leaver(d, d.company.leaver)
        elif number < min(LEFT_BEHIND + NOBODYS, count // 10):
            yield unkept(d, seller, days=7 + number % 3)
        elif chance < 0.01:
            yield unkept(d, seller, days=rng.randint(1, 7))
        elif chance < 0.01 + OWNER_SHARE:
            yield owner(d, seller)
        else:
            yield prospect(d, seller)


def prospect(d: Drafter, seller: Seller) -> Draft:
    """Somebody who may buy, with the contacts so far and, for most, a dated next step."""
    rng = d.rng
    grade = rng.choices((Grade.A, Grade.B1, Grade.C2, Grade.D), (34, 21, 36, 9))[0]
    if grade == Grade.D:
        return given_up(d, seller)
    if rng.random() < 0.03:
        return unwilling(d, seller)
    gap = rng.randint(*GAPS[grade])
    chance = rng.random()
    if chance < 0.05:
        due_in = -rng.randint(1, 3)
    elif chance < 0.14:
        due_in = 0
    else:
        due_in = rng.randint(1, gap - 1)
    return followed(d, seller, grade=grade, due_in=due_in, gap=gap)


def followed(
    d: Drafter,
    seller: Seller,
    *,
    grade: Grade,
    due_in: int,
    gap: int,
    next_hour: time | None = None,
    next_kind: NextKind | None = None,
    next_text: str = "",
    has_step: bool | None = None,
) -> Draft:
    """A prospect last met `gap` days before what falls due `due_in` days from today.

    Without a step the grade's own cadence falls due then, so that `gap` is the cadence's.
    """
    rng, today = d.rng, d.company.today
    has_step = rng.random() < 0.85 if has_step is None else has_step
    if not has_step:
        gap = CADENCE[grade]
        due_in = min(due_in, gap - 1)
    due_on = today + due_in * DAY
    draft = _with_talks(d, seller, grade=grade, last_on=due_on - gap * DAY)
    last = draft.talks[-1]
    if not has_step:
        last.next_kind = NextKind.NONE
        last.none_reason = rng.choice((NoStepReason.NO_NEED, NoStepReason.BUDGET))
        return draft
    last.next_kind = next_kind or _next_kind(d, seller)
    last.next_on = due_on
    last.next_text = next_text or talk.say(rng, talk.steps(seller.trade, last.next_kind))
    if next_hour is not None:
        last.next_at = datetime.combine(due_on, next_hour, ZONE)
    return draft


def _next_kind(d: Drafter, seller: Seller) -> NextKind:
    kinds = [NextKind.CALL] * 6 + [NextKind.WECHAT] * 2 + [NextKind.STORE_VISIT] * 2
    if seller.trade == Trade.FURNITURE:
        kinds += [NextKind.MEASURING, NextKind.HOME_VISIT]
    return d.rng.choice(kinds)


def _with_talks(d: Drafter, seller: Seller, *, grade: Grade, last_on: date) -> Draft:
    """A prospect whose contacts end on `last_on`; each but the last agreed on the next."""
    rng = d.rng
    days = _days_of_talks(d, grade, last_on)
    first_at = d.at(days[0])
    draft = d.card(seller, grade=grade, registered_at=first_at)
    was = rng.choice((Grade.C2, Grade.A)) if len(days) > 1 and rng.random() < 0.3 else grade
    for index, day in enumerate(days):
        is_last = index == len(days) - 1
        shown = grade if index else was
        told = _talk(d, seller, day, first_at if index == 0 else None, shown, grade)
        if index == 1 and was != grade:
            draft.grades.append((told.at, was, grade))
        draft.talks.append(told)
        if is_last:
            break
        following = days[index + 1]
        told.next_kind = _next_kind(d, seller)
        told.next_text = talk.say(rng, talk.steps(seller.trade, told.next_kind))
        told.next_on = following - rng.choice((0, 0, 0, 0, 1)) * DAY
        if (following - day).days >= 2 and rng.random() < 0.25:
            draft.talks.append(_attempt(d, seller, following, shown))
            told.next_on = draft.talks[-1].at.date()
    if grade == Grade.C2 and rng.random() < 0.25:
        _bring_in(d, draft, seller)
    return draft


def _days_of_talks(d: Drafter, grade: Grade, last_on: date) -> list[date]:
    rng = d.rng
    days = [last_on]
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3) if grade != Grade.C2 else (0, 0, 1))):
        earlier = days[0] - rng.randint(*GAPS[grade]) * DAY
        if earlier <= d.company.went_live_on:
            break
        days.insert(0, earlier)
    return days


def _talk(
    d: Drafter, seller: Seller, day: date, at: datetime | None, grade: Grade, grade_now: Grade
) -> Talk:
    """One contact that reached the customer; the first is the reception."""
    rng = d.rng
    if grade_now == Grade.C2 and rng.random() < 0.6:
        is_car = seller.trade == Trade.CARS
        note = talk.say(rng, talk.LATER_OF_CARS if is_car else talk.LATER)
    elif at is None:
        note = talk.say(rng, talk.FOLLOW[seller.trade])
    else:
        note = talk.say(rng, _first_words(seller))
    channel = _channel_of(note, seller) if at is None else _reception(seller)
    return Talk(
        at=at or d.at(day),
        by_id=seller.person_id,
        channel=channel,
        outcome=REACHED.get(channel, Outcome.MET),
        reason=rng.choice((Reason.DESIGN, Reason.PRICE, Reason.EVENT, Reason.PROGRESS)),
        note=note,
        grade=grade,
    )


def _first_words(seller: Seller) -> tuple[str, ...]:
    if not seller.is_field:
        return talk.FIRST[seller.trade]
    return talk.FIRST_OUTSIDE_OF_CARS if seller.trade == Trade.CARS else talk.FIRST_OUTSIDE


def _reception(seller: Seller) -> Channel:
    return Channel.HOME_VISIT if seller.is_field else Channel.STORE_VISIT


def _channel_of(note: str, seller: Seller) -> Channel:
    """The way of a contact that goes with what is told of it."""
    if "到店" in note[:4]:
        return _reception(seller)
    return Channel.WECHAT if "微信" in note or note.startswith("发了") else Channel.CALL


def _attempt(d: Drafter, seller: Seller, before: date, grade: Grade) -> Talk:
    """Nobody answered the day before, and it was tried again on `before`."""
    outcome = d.rng.choice((Outcome.UNANSWERED, Outcome.UNANSWERED, Outcome.SWITCHED_OFF))
    return Talk(
        at=d.at(before - DAY),
        by_id=seller.person_id,
        outcome=outcome,
        reason="",
        note=d.rng.choice(talk.ATTEMPTS),
        grade=grade,
        next_on=before,
    )


def _bring_in(d: Drafter, draft: Draft, seller: Seller) -> None:
    """This card stood in the store's old sheet, which was brought in on the first day."""
    went_live = d.company.went_live_at
    seen_at = d.at(went_live.date() - d.rng.randint(15, 260) * DAY)
    draft.first_seen_at, draft.registered_at = seen_at, went_live
    draft.talks.insert(
        0,
        Talk(
            at=seen_at,
            by_id=seller.person_id,
            channel=_reception(seller),
            outcome=Outcome.MET,
            note=talk.say(d.rng, _first_words(seller)),
            grade=draft.talks[0].grade,
            is_imported=True,
            logged_at=went_live,
        ),
    )


def given_up(d: Drafter, seller: Seller) -> Draft:
    """Grade D: two contacts in a row without a next step."""
    rng = d.rng
    last_on = d.company.today - rng.randint(4, 80) * DAY
    draft = _with_talks(d, seller, grade=Grade.C2, last_on=last_on)
    draft.grade = Grade.D
    last = draft.talks[-1]
    last.grade, last.next_kind = Grade.D, NextKind.NONE
    last.none_reason = rng.choice((NoStepReason.BOUGHT_ELSEWHERE, NoStepReason.NO_NEED))
    last.note = talk.say(rng, talk.GIVEN_UP)
    draft.grades.append((last.at, Grade.C2, Grade.D))
    draft.expected_purchase = ""
    return draft


def unwilling(d: Drafter, seller: Seller) -> Draft:
    """Somebody who asked not to be contacted (FUP-24)."""
    draft = followed(d, seller, grade=Grade.C2, due_in=1, gap=12, has_step=False)
    draft.quiet = Quiet.ALL
    draft.talks[-1].none_reason = NoStepReason.UNWILLING
    draft.talks[-1].note = "客户明确表示不要再打电话。"
    return draft


def unkept(d: Drafter, seller: Seller, *, days: int) -> Draft:
    """Registered by the manager so many days ago, and given to nobody yet."""
    registered_at = d.at(d.company.today - days * DAY)
    draft = d.card(seller, grade=Grade.A, registered_at=registered_at)
    draft.owner_id, draft.registered_by_id = None, seller.manager_id
    return draft


def of_leaver(d: Drafter, seller: Seller) -> Draft:
    """A customer of somebody who has left: what was agreed for later waits."""
    rng = d.rng
    if rng.random() < OWNER_SHARE:
        return owner(d, seller, delivered_on=d.company.today - rng.randint(20, 1500) * DAY)
    grade = rng.choice((Grade.A, Grade.B1, Grade.C2))
    gap = rng.randint(*GAPS[grade])
    last_on = d.company.left_on - rng.randint(0, 3) * DAY
    due_in = (last_on + gap * DAY - d.company.today).days
    return followed(d, seller, grade=grade, due_in=due_in, gap=gap, has_step=True)
