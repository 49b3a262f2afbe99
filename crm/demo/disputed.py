"""Stories that end before the operations manager: ten disputes, with what each side has."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from crm.demo.filed import Card, Teller, known_card
from crm.demo.filers import OPS, approved, asks, city, rival_of
from crm.demo.stage import DAY, owners
from customers.states import Channel, Outcome
from filings.models import Evidence
from filings.rules.parties import Judgment
from filings.services.appealing import appeal
from filings.services.disputing import open_dispute
from filings.services.judging import decide_dispute
from filings.states import DisputeKind, EvidenceRank


def _disputed(
    teller: Teller, card: Card, at: datetime, evidence: tuple[tuple[str, str, str], ...]
) -> None:
    """Both sides lay before the decider what they have; the dispute is the card's."""

    def act(now: datetime) -> None:
        dispute = card.who.disputes.latest("pk")
        for who, rank, text in evidence:
            has_file = rank == EvidenceRank.DATED
            Evidence.objects.create(
                dispute=dispute, rank=rank, text=text, by=teller.person(who), at=now,
                attachment=teller.attach(card, who, now, text[:20]) if has_file else None,
                dated_at=now - 6 * DAY if has_file else None,
            )  # fmt: skip

    teller.then(at, act)


def contested(teller: Teller, person: str, ago: int) -> None:
    """Refused as the later one, and sure to have been there first."""
    contested_at(teller, person, ago, sold=2)


def contested_at(teller: Teller, person: str, ago: int, *, sold: int) -> None:
    """Sold `sold` days ago by whoever had been refused, who contests the next day."""
    rival = rival_of(person)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))
    approved(teller, card, person, ago)
    teller.file(card, rival, teller.at(ago - 1, 16))
    teller.meet(card, person, teller.at(ago - 3, 11), next_in=3)
    teller.meet(card, person, teller.at(ago - 6, 14), next_in=max(ago - 6, 0) + 3)
    teller.sell(card, rival, teller.at(sold, 15), amount=12000)

    def act(now: datetime) -> None:
        customer = card.who
        deal = customer.deals.latest("pk")
        open_dispute(
            kind=DisputeKind.CONTESTED, by=teller.person(rival), at=now, deal=deal,
            question="我先上门接触客户，对方只是电话登记，请裁定业绩归属。",
        )  # fmt: skip

    teller.then(teller.at(sold - 1, 10), act)
    _disputed(teller, card, teller.at(sold - 1, 11), (
        (rival, EvidenceRank.DATED, "小区门口合影，时间早于对方报备"),
        (rival, EvidenceRank.STATEMENT, "客户说一直是我在跟，对方没见过面。"),
        (person, EvidenceRank.STATEMENT, "系统里我的跟进记录有三条，均在保护期内。"),
    ))  # fmt: skip


def silent_too_long(teller: Teller, person: str, ago: int) -> None:
    """Measured, then ten days of unanswered calls: a guide files and sells, and what was written
    down too late is to hold the lead (FIL-14, FIL-30).
    """
    rival = rival_of(person)
    card = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10, 2))
    approved(teller, card, person, ago)
    teller.meet(card, person, teller.at(ago - 3, 10), next_in=3, note="电话约了上门量尺的时间。")
    teller.measure(card, person, teller.at(ago - 7, 15))
    teller.meet(card, person, teller.at(ago - 9, 19), note="微信发了方案，约好过几天复看。")
    for days in (12, 15, 18):
        teller.miss(card, person, teller.at(ago - days, 11 + days % 7))
    filed_on = ago - 20
    shop = (Channel.STORE_VISIT, Outcome.MET)
    had_at = teller.at(filed_on, 14, 8)
    teller.file(card, rival, teller.at(filed_on, 14, 31), had_at=had_at)
    late_for = teller.at(filed_on + 2, 10, 30)
    teller.meet(
        card, person, teller.at(filed_on - 1, 9, 12), occurred_at=late_for,
        way=(Channel.CALL, Outcome.CONNECTED), note="补记：前几天通过电话，客户说再看看。",
    )  # fmt: skip
    teller.meet(card, rival, teller.at(filed_on - 1, 11), way=(Channel.WECHAT, Outcome.REPLIED))
    teller.miss(card, rival, teller.at(filed_on - 2, 18))
    teller.meet(
        card, rival, teller.at(filed_on - 3, 15, 10), way=shop, note="再次到店，定客厅和主卧。"
    )
    teller.sell(card, rival, teller.at(filed_on - 3, 15, 42), amount=20000)

    def act(now: datetime) -> None:
        open_dispute(
            kind=DisputeKind.CONTESTED, by=teller.person(person), at=now,
            deal=card.who.deals.latest("pk"),
            question="我的报备在对方报备时是否仍受保护？量尺、方案都是我做的。",
        )  # fmt: skip

    teller.then(teller.at(filed_on - 4, 10, 15), act)
    _disputed(teller, card, teller.at(filed_on - 4, 11), (
        (person, EvidenceRank.DATED, "通话截图（呼出，未接）"),
        (person, EvidenceRank.STATEMENT, "一直在联系客户，只是没接电话。"),
        (rival, EvidenceRank.DATED, "微信聊天两屏：客户主动到店"),
    ))  # fmt: skip


def ruled(teller: Teller, person: str, ago: int) -> None:
    """The same last month, and decided: the guide had filed when nobody was protected."""
    silent_too_long(teller, person, ago)
    card = teller.last
    winner = rival_of(person)
    text = "量尺后十天内没有有效跟进，补记的通话超过24小时，只作证据；对方报备时客户已无人保护。"
    _decide(
        teller, card, teller.at(ago - 26, 10), text=text, clauses=("FIL-14", "FIL-30", "FIL-10"),
        says=lambda: {"owner": teller.person(winner).pk},
    )  # fmt: skip


def appealed(teller: Teller, person: str, ago: int) -> None:
    """The same again, and the loser asks the general manager to look at it once more (ADJ-01)."""
    ruled(teller, person, ago)
    card = teller.last

    def act(now: datetime) -> None:
        appeal(
            dispute=card.who.disputes.latest("pk"), by=teller.person(person), now=now,
            reason="补记的通话有通话截图为证，十天里我一直在联系客户，请总经理复核。",
        )  # fmt: skip

    teller.then(teller.at(ago - 28, 10), act)


def shared(teller: Teller, person: str, ago: int) -> None:
    """Both had a part in it: seven to three, with the reason (ADJ-02)."""
    contested_at(teller, person, ago, sold=ago - 5)
    rival = rival_of(person)
    text = "报备与前期跟进由先报者完成；对方在客户到店时接待并促成，酌情分成。"
    _decide(
        teller, teller.last, teller.at(ago - 8, 16), text=text, clauses=("FIL-41", "ADJ-02"),
        says=lambda: {"shares": {teller.person(person).pk: 70, teller.person(rival).pk: 30}},
    )  # fmt: skip


def _decide(
    teller: Teller,
    card: Card,
    at: datetime,
    *,
    text: str,
    clauses: tuple[str, ...],
    says: Callable[[], dict[str, Any]],
) -> None:
    def act(now: datetime) -> None:
        dispute = card.who.disputes.latest("pk")
        judgment = Judgment(text=text, clauses=clauses, **says())
        decide_dispute(
            dispute=dispute, judgment=judgment, seen=dispute.version, by=teller.person(OPS), now=now
        )

    teller.then(at, act)


def two_numbers(teller: Teller, person: str, ago: int) -> None:
    """Filed by the husband's number, sold by the wife's, one home (FIL-32)."""
    rival = rival_of(person)
    card = teller.card(city(person))
    wife = teller.card(city(person), home=card.address)
    teller.enter(card, person, teller.at(ago, 10))
    teller.meet(card, person, teller.at(ago - 3, 11), next_in=ago - 1)
    teller.register(wife, rival, teller.at(ago - 4, 15))
    teller.sell(wife, rival, teller.at(2, 16), amount=10000)
    _disputed(teller, wife, teller.at(1, 14), (
        (person, EvidenceRank.DATED, "户型图上的门牌与成交地址一致"),
        (rival, EvidenceRank.STATEMENT, "客户自己进店，没提过别人。"),
    ))  # fmt: skip


def second_home(teller: Teller, person: str, ago: int) -> None:
    """A deposit for another address of a filed customer: is it a home of its own? (FIL-33)"""
    rival = rival_of(person)
    card = teller.card(city(person))
    other = teller.card(city(person))
    teller.enter(card, person, teller.at(ago, 10))
    teller.meet(card, person, teller.at(ago - 2, 11), next_in=ago)
    teller.sell(card, rival, teller.at(2, 17), amount=15000, home=other.address)
    _disputed(teller, card, teller.at(1, 15), (
        (rival, EvidenceRank.DATED, "第二套房购房合同首页"),
        (person, EvidenceRank.PAPER, "手写便条：客户只有一套房"),
    ))  # fmt: skip


def same_second(teller: Teller, person: str, ago: int) -> None:
    """Two file in one second; the first inserted holds until it is ruled (decision 3)."""
    rival = rival_of(person)
    card = teller.card(city(person))
    at = teller.at(ago, 10, 20)
    teller.register(card, person, at)
    teller.file(card, person, at + timedelta(minutes=2, milliseconds=120))
    teller.file(card, rival, at + timedelta(minutes=2, milliseconds=480))
    teller.meet(card, person, teller.at(ago - 2, 15), next_in=ago)
    teller.sell(card, rival, teller.at(1, 12), amount=7000)
    _disputed(teller, card, teller.at(1, 16), (
        (person, EvidenceRank.STATEMENT, "客户到店是我接待的，早于双方报备。"),
        (rival, EvidenceRank.DATED, "前一天的微信聊天截图"),
    ))  # fmt: skip


def circumstances(teller: Teller, person: str, ago: int) -> None:
    """Sold while an extension is asked for (FIL-19)."""
    card = teller.card()
    teller.enter(card, person, teller.at(ago, 9))
    teller.keep_up(card, person, since=ago - 2, until=3, every=4)
    asks(teller, card, person, teller.at(1, 9), granted=None)
    teller.sell(card, rival_of(person), teller.at(1, 18), amount=6000)


def other_region(teller: Teller, person: str, ago: int) -> None:
    """Somebody of another region sells at home here without a filing (XRG-02)."""
    card = teller.card("西安")
    teller.register(card, "qinlei", teller.at(ago, 10))
    teller.sell(card, person, teller.at(1 + ago % 2, 16), amount=18000)
    _disputed(teller, card, teller.at(1, 17), (
        (person, EvidenceRank.STATEMENT, "客户在郑州上班，专程来我店下定。"),
    ))  # fmt: skip


def bought_before(teller: Teller, person: str, ago: int) -> None:
    """Somebody who has bought from us buys again with a colleague (FIL-05)."""
    able = teller.stage.served("ZZ02", "ZZ03", "XA01").filter(owners())
    able = able.filter(phones__is_primary=True).exclude(owner__username=person)
    for customer in teller.stage.cast(able, 1, scene="lead"):
        card = known_card(customer)
        teller.sell(card, person, teller.at(1, 13), amount=4000, home=customer.address)
