"""The stories of filed leads: what becomes of one, from the draft to the appeal."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle

from crm.demo.cards import Drafter
from crm.demo.disputed import (
    appealed,
    bought_before,
    circumstances,
    contested,
    other_region,
    ruled,
    same_second,
    second_home,
    shared,
    silent_too_long,
    two_numbers,
)
from crm.demo.filed import Teller
from crm.demo.filers import FIELD, FINANCE, GUIDES, OPS, REVIEWER, approved, asks, city, rival_of
from crm.demo.stage import Stage
from customers.states import Grade
from filings import services as filings
from filings.models import Filing
from filings.services import CrossRegion
from filings.services import reviews as reviewing
from filings.states import (
    CrossReason,
)
from orders.services import return_payment

Story = Callable[[Teller, str, int], None]


def tell_of_leads(stage: Stage, drafter: Drafter, *, most: int) -> int:
    """Play a quarter of leads with about `most` customers; answers with how many were new."""
    teller = Teller(stage=stage, drafter=drafter)
    for story, person, ago in _programme():
        if teller.cards + CARDS.get(story, 1) > most:
            continue
        story(teller, person, ago)
    teller.play()
    return teller.cards


def _programme() -> Iterator[tuple[Story, str, int]]:
    """Each story once, then the everyday ones over the quarter, until there are enough."""
    yield from ONCE
    guides, field, plain = cycle(GUIDES), cycle(FIELD), cycle(EVERY_DAY)
    for number in range(200):
        story = next(plain)
        person = next(field) if number % 3 == 2 or story in FIELD_ONLY else next(guides)
        yield story, person, 2 + (number * 7) % 85


# Everyday


def standing(teller: Teller, person: str, ago: int) -> None:
    """Filed some days ago, kept up since."""
    ago = min(ago, 9)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10), grade=Grade.A)
    approved(teller, card, person, ago)
    teller.keep_up(card, person, since=max(ago - 1, 1))


def waits_for_review(teller: Teller, person: str, ago: int) -> None:
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(1 + ago % 2, 15), grade=Grade.B1)


def lapsed(teller: Teller, person: str, ago: int) -> None:
    """Met once or twice and then forgotten: free since day eleven."""
    ago = max(ago, 16)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 11))
    approved(teller, card, person, ago)
    teller.meet(card, person, teller.at(ago - 2, 14))


def void_without_measuring(teller: Teller, person: str, ago: int) -> None:
    """A field filing kept up with calls alone: void after fifteen days (FIL-16)."""
    ago = max(ago, 20)
    card = teller.card()
    teller.enter(card, person, teller.at(ago, 9))
    approved(teller, card, person, ago)
    teller.keep_up(card, person, since=ago - 2, until=ago - 14, every=4)


def measured(teller: Teller, person: str, ago: int) -> None:
    """Measured within the fifteen days, and kept up since."""
    ago = min(max(ago, 8), 24)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 9), grade=Grade.A)
    approved(teller, card, person, ago)
    teller.measure(card, person, teller.at(ago - 3, 14))
    teller.keep_up(card, person, since=max(ago - 6, 1))


def refused(teller: Teller, person: str, ago: int) -> None:
    """A colleague files what is protected, and is told so (FIL-10)."""
    ago = max(ago, 4)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))
    approved(teller, card, person, ago)
    teller.file(card, rival_of(person), teller.at(ago - 1, 16))
    teller.meet(card, person, teller.at(ago - 2, 11), next_in=min(ago + 2, 20))


def own_deal(teller: Teller, person: str, ago: int) -> None:
    """Filed, followed up, sold by the filer."""
    ago = max(ago, 12)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10), grade=Grade.A)
    approved(teller, card, person, ago)
    teller.keep_up(card, person, since=ago - 2, until=ago - 6)
    teller.sell(card, person, teller.at(ago - 8, 16), amount=8000)


def sold_by_a_colleague(teller: Teller, person: str, ago: int) -> None:
    """A colleague serves the customer; the filer has the credit (FIL-41)."""
    ago = max(ago, 8)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))
    approved(teller, card, person, ago)
    teller.meet(card, person, teller.at(ago - 3, 15), next_in=ago)
    teller.sell(card, rival_of(person), teller.at(ago - 5, 17), amount=6000)


# Once each


def draft(teller: Teller, person: str, ago: int) -> None:
    """Without an address it is a draft, and protects nobody (FIL-09)."""
    card = teller.card(city(person), home="")
    teller.enter(card, person, teller.at(ago, 10), grade=Grade.B1)


def too_late(teller: Teller, person: str, ago: int) -> None:
    """Thirty hours with the number in the pocket (FIL-26)."""
    card = teller.card(city(person))
    at = teller.at(ago, 15)
    teller.register(card, person, at)
    teller.file(card, person, at + timedelta(minutes=4), had_at=at - timedelta(hours=30))


def revived(teller: Teller, person: str, ago: int) -> None:
    """Forgotten for twelve days, and met again before anybody else came (FIL-15)."""
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))
    approved(teller, card, person, ago)
    teller.meet(card, person, teller.at(ago - 1, 11))
    teller.keep_up(card, person, since=ago - 14)


def given_up(teller: Teller, person: str, ago: int) -> None:
    """Released by the filer (FIL-34)."""
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))

    def act(now: datetime) -> None:
        by = teller.person(person)
        filings.release(filing=card.filing, by=by, is_manager=False, now=now)

    teller.then(teller.at(ago - 2, 17), act)


def by_mistake(teller: Teller, person: str, ago: int) -> None:
    card = teller.card(city(person))
    at = teller.at(ago, 10)
    teller.enter(card, person, at)

    def act(now: datetime) -> None:
        filings.void_filing(
            filing=card.filing, reason="报错客户，重新登记", by=teller.person(person),
            is_manager=False, now=now,
        )  # fmt: skip

    teller.then(at + timedelta(minutes=8), act)


def proof_demanded(teller: Teller, person: str, ago: int) -> None:
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10), grade=Grade.A)

    def act(now: datetime) -> None:
        reviewing.demand_proof(
            filing=card.filing, note="请补接待照片或聊天截图", by=teller.person(REVIEWER[person]),
            now=now,
        )  # fmt: skip

    teller.then(teller.at(max(ago - 1, 1), 9), act)
    teller.keep_up(card, person, since=max(ago - 1, 1))


def rejected(teller: Teller, person: str, ago: int) -> None:
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))

    def act(now: datetime) -> None:
        reviewing.reject(
            filing=card.filing, note="电话为空号，查无此人", by=teller.person(REVIEWER[person]),
            now=now,
        )  # fmt: skip

    teller.then(teller.at(ago - 1, 11), act)


def _extension(granted: bool | None) -> Story:
    def story(teller: Teller, person: str, ago: int) -> None:
        card = teller.card()
        teller.enter(card, person, teller.at(ago, 9), grade=Grade.A)
        approved(teller, card, person, ago)
        teller.keep_up(card, person, since=ago - 1, until=2, every=4)
        asks(teller, card, person, teller.at(1 if granted is None else 2, 15), granted=granted)

    return story


def _across(is_approved: bool | None) -> Story:
    """Filed for another region with one of the three reasons (XRG-03)."""

    def story(teller: Teller, person: str, ago: int) -> None:
        card = teller.card("西安")
        at = teller.at(ago, 10)
        teller.register(card, person, at)
        reason = CrossRegion(reason=CrossReason.TENDER)
        teller.file(card, person, at + timedelta(minutes=5), cross_region=reason)
        if is_approved is None:
            return

        def act(now: datetime) -> None:
            proof = teller.attach(card, person, now, "总部招标通知")
            Filing.objects.filter(pk=card.filing.pk).update(proof=proof)
            reviewing.decide_cross_region(
                filing=card.filing, is_approved=is_approved, by=teller.person(OPS),
                note="总部统一招标，分店采购" if is_approved else "未附招标文件", now=now,
            )  # fmt: skip
            filings.complete_drafts(customer=card.who, by=teller.person(person), now=now)

        teller.then(at + timedelta(hours=5), act)

    return story


def returned(teller: Teller, person: str, ago: int) -> None:
    """Sold, and the deposit given back a week later (FIL-22)."""
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))
    teller.sell(card, person, teller.at(ago - 3, 15), amount=3000)

    def act(now: datetime) -> None:
        return_payment(
            payment=card.deposits[0], reason="客户买房合同解除，全额退定",
            by=teller.person(FINANCE), now=now,
        )  # fmt: skip

    teller.then(teller.at(ago - 9, 11), act)


def sold_after_lapse(teller: Teller, person: str, ago: int) -> None:
    """Forgotten, and sold by a colleague: theirs (FIL-14, FIL-42)."""
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))
    teller.meet(card, person, teller.at(ago - 1, 15))
    teller.sell(card, rival_of(person), teller.at(ago - 14, 16), amount=9000)


CARDS: dict[Story, int] = {two_numbers: 2, bought_before: 0}
FIELD_ONLY = (void_without_measuring,)
EVERY_DAY: tuple[Story, ...] = (
    standing, lapsed, own_deal, standing, refused, measured, sold_by_a_colleague,
    void_without_measuring, standing, lapsed, waits_for_review,
)  # fmt: skip
# Story, who files, how many days ago; the first are those of the smallest demonstration.
ONCE: tuple[tuple[Story, str, int], ...] = (
    (silent_too_long, "liangkai", 26), (contested, "lina", 9),
    (standing, "lina", 6), (waits_for_review, "dengjie", 1),
    (two_numbers, "jiangxue", 9), (lapsed, "tianyu", 22), (second_home, "tangqian", 8),
    (measured, "liangkai", 12), (same_second, "dengjie", 7), (bought_before, "tianyu", 1),
    (bought_before, "duanmin", 1), (other_region, "dengjie", 3), (draft, "qinlei", 2),
    (circumstances, "liangkai", 12), (silent_too_long, "tangqian", 28), (own_deal, "lina", 20),
    (sold_by_a_colleague, "liangkai", 9), (refused, "dengjie", 5), (revived, "tianyu", 24),
    (void_without_measuring, "tangqian", 25), (too_late, "duanmin", 6), (rejected, "lina", 15),
    (proof_demanded, "jiangxue", 3), (_extension(None), "tangqian", 11),
    (_extension(True), "liangkai", 13), (_extension(False), "tangqian", 12),
    (_across(True), "lina", 11), (_across(None), "dengjie", 2), (_across(False), "tianyu", 30),
    (given_up, "qinlei", 8), (ruled, "liangkai", 48), (shared, "lina", 33),
    (appealed, "liangkai", 31),
    (by_mistake, "duanmin", 12), (returned, "jiangxue", 28),
    (sold_after_lapse, "dengjie", 40), (other_region, "jiangxue", 6), (contested, "qinlei", 7),
)  # fmt: skip
