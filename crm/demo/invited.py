"""Campaigns: one to which people are being invited, one held last month, one looked back upon,
and a round of everyday care.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from crm.demo.goods import GOODS, Good
from crm.demo.stage import DAY, Stage, keeper_of, owners, prospects
from crm.demo.surveyed import WELL
from customers.models import Customer, Opportunity
from customers.services.opportunities import win
from customers.services.products import ProductDetails
from customers.states import Channel, Grade, Outcome, Reason, StageKind
from followups.models import Campaign, Invitation, Task
from followups.queries.campaigns import why_no_step
from followups.services import log_contact, record_delivery, regrade
from followups.services.campaigns import (
    CampaignTerms,
    move_campaign,
    plan_campaign,
    review_campaign,
    version_of_review,
)
from followups.services.invitations import (
    NotInvited,
    answer_invitation,
    invite,
    note_attended,
    send_invitation,
    walk_in,
)
from followups.states import Anchor, Answer, CampaignKind, CampaignState, Override, State
from followups.wording import signature_of, whole_text
from staff.models import Person, Store

HOUR = timedelta(hours=1)
SAID = {
    Answer.COMING: ("一定来，两个人", "可以，上午到", "来，顺便看看新款", "周末有空，给留个位置"),
    Answer.NOT_COMING: ("那天要加班", "回老家了，下次吧", "暂时不需要，谢谢", "孩子补课走不开"),
    Answer.UNDECIDED: ("看情况，过两天再问", "要和爱人商量一下", "不一定有空"),
}
AT_THE_EVENT = (
    "来了两口子，听得认真，拿了资料。",
    "到场，试用后问了价格和活动期限。",
    "带朋友一起来，气氛好，合影留念。",
    "全程参加，说比想象的有收获。",
)
REVIEW = (
    "到场 {came} 组，没到目标：天气不好，城东几家没来。\n"
    "做得好：试驾路线提前踩过点，签到不排队；老车主现身说法，比我们讲十句管用。\n"
    "要改：茶歇位置挡了展车；邀约晚了三天，下次提前十天开始打电话；"
    "当场没定的，三天内必须回访到人。"
)


def hold_campaigns(stage: Stage) -> None:
    """What was held; its deals are made before the care that follows them is told."""
    _salon(stage)
    _tour(stage)


def plan_campaigns(stage: Stage) -> None:
    """What lies ahead."""
    _tasting(stage)
    _care_round(stage)


def _plan(stage: Stage, by: Person, at: datetime, **terms) -> Campaign:
    return plan_campaign(terms=CampaignTerms(**terms), by=by, now=at, key=stage.key())


def _guests(stage: Stage, store: str, *, buyers: int, lookers: int) -> list[Customer]:
    """Owners and prospects of a store, who were there some time ago."""
    there = stage.served(store).filter(registered_at__lt=stage.at(14, 9))
    return [
        *stage.cast(there.filter(owners()), buyers, scene="tasting"),
        *stage.cast(there.filter(prospects()), lookers, scene="tasting"),
    ]


def _invite(campaign: Campaign, guests: Sequence[Customer], by: Person, at: datetime) -> None:
    if guests:
        invite(campaign=campaign, customers=[guest.pk for guest in guests], by=by, now=at)


def _invited(campaign: Campaign) -> list[Invitation]:
    rows = Invitation.objects.filter(campaign=campaign, withheld="")
    return list(rows.select_related("customer__store", "customer__owner").order_by("pk"))


def _ask(stage: Stage, row: Invitation, answer: Answer, at: datetime) -> None:
    channel = stage.rng.choice((Channel.CALL, Channel.CALL, Channel.CALL, Channel.WECHAT))
    row.refresh_from_db(fields=["contact"])
    goes_on = answer != Answer.NOT_COMING or why_no_step(row) is not None
    # A day that lies ahead: what was agreed for one behind would stand undone.
    then_on = None if goes_on else stage.today + stage.rng.randint(2, 12) * DAY
    answer_invitation(
        invitation=row,
        answer=answer,
        channel=channel,
        note=stage.rng.choice(SAID[answer]),
        override=Override.NEWS,
        by=keeper_of(row.customer),
        now=at,
        key=stage.key(),
        then_on=then_on,
    )


def _answer(stage: Stage) -> Answer:
    answers = (Answer.COMING, Answer.NOT_COMING, Answer.UNDECIDED)
    return stage.rng.choices(answers, (58, 28, 14))[0]


def _send(row: Invitation, at: datetime) -> None:
    """The invitation as a text of its own, signed by the keeper; the guard may keep it off."""
    keeper = keeper_of(row.customer)
    signature = signature_of(sender=keeper.name, store=row.customer.store)
    text = whole_text(row.campaign.text, customer=row.customer, signature=signature)
    with suppress(NotInvited):
        send_invitation(invitation=row, text=text, signature=signature, by=keeper, now=at)


def _tasting(stage: Stage) -> None:
    """On a Saturday after the next, half of the guests called."""
    by, store = stage.people["zhouliqiang"], Store.objects.get(code="ZZ01")
    starts_at = stage.at(_saturday(stage, -8), 14, 0)
    campaign = _plan(
        stage, by, stage.at(6, 10), name="老车主置换品鉴会", kind=CampaignKind.EVENT, store=store,
        place="花园路店展厅二楼", starts_at=starts_at, ends_at=starts_at + 3 * HOUR,
        text="本店将举办老车主置换品鉴会：旧车现场免费评估，新款远山X5四驱到店试驾，备有茶点。"
             "诚邀您携家人光临。",
        target_invited=24, target_attended=12, target_amount=Decimal(600_000),
    )  # fmt: skip
    _invite(campaign, _guests(stage, "ZZ01", buyers=11, lookers=11), by, stage.at(4, 11))
    rows = _invited(campaign)
    for row in rows[::2]:
        _send(row, stage.at(3, stage.rng.randint(10, 19)))
    for row in rows[: len(rows) // 2]:
        answer = _answer(stage)
        # Who is undecided is asked again in two days, and not today.
        ago = 1 if answer == Answer.UNDECIDED else stage.rng.choice((1, 2))
        _ask(stage, row, answer, stage.at(ago, _hour(stage)))


def _saturday(stage: Stage, ago: int) -> int:
    """How many days ago the first Saturday was that is not before `ago` days ago."""
    return ago - (5 - (stage.today - ago * DAY).weekday()) % 7


def _hour(stage: Stage) -> int:
    return stage.rng.randint(10, 19)


def _salon(stage: Stage) -> None:
    """Held last month in the furniture store, with deals in the weeks after."""
    by, store = stage.people["wangfang"], Store.objects.get(code="ZZ02")
    held = _saturday(stage, 30)
    starts_at = stage.at(held, 14, 30)
    campaign = _plan(
        stage, by, stage.at(48, 10), name="软装搭配沙龙", kind=CampaignKind.EVENT, store=store,
        place="商都路店二楼样板间", starts_at=starts_at, ends_at=starts_at + 3 * HOUR,
        text="周六下午两点半，设计师现场讲客厅搭配，带户型图来可免费出一套方案，到店即送收纳礼盒。",
        target_invited=18, target_attended=10, target_amount=Decimal(60_000),
    )  # fmt: skip
    there = stage.served("ZZ02").filter(registered_at__lt=stage.at(42, 9))
    guests = [
        *stage.cast(there.filter(prospects()), 10, scene="salon"),
        *stage.cast(there.filter(owners()), 14, scene="salon"),
    ]
    _invite(campaign, guests, by, stage.at(41, 10))
    came = _call_all(stage, campaign, first=40, last=33)
    _welcome(stage, campaign, came, by=stage.people["lina"])
    for guest in stage.cast(there.filter(prospects()), 2, scene="salon"):
        walk_in(campaign=campaign, customer=guest, by=stage.people["dengjie"], now=starts_at + HOUR)
    for number, row in enumerate(came[:4]):
        _buy(stage, row.customer, days_ago=held - 3 - 5 * number)
    _end(campaign, by, stage.at(held - 1, 10))


def _end(campaign: Campaign, by: Person, at: datetime) -> None:
    """Over; one to which nobody could be invited stays planned."""
    campaign.refresh_from_db()
    if campaign.state == CampaignState.INVITING:
        move_campaign(campaign=campaign, to=CampaignState.OVER, by=by, now=at)


def _call_all(stage: Stage, campaign: Campaign, *, first: int, last: int) -> list[Invitation]:
    """Everybody was written to on the day they were invited, and called; who said so came, but for
    a few. Answers with who came.
    """
    came = []
    for number, row in enumerate(_invited(campaign)):
        _send(row, stage.at(first + 1, 15, number % 60))
        answer, ago = _answer(stage), stage.rng.randint(last + 2, first)
        _ask(stage, row, answer, stage.at(ago, _hour(stage)))
        if answer == Answer.UNDECIDED:
            row.refresh_from_db()
            _ask(stage, row, Answer.NOT_COMING, stage.at(ago - 2, _hour(stage)))
        if answer == Answer.COMING and stage.rng.random() < 0.88:
            came.append(row)
    return came


def _welcome(stage: Stage, campaign: Campaign, came: Sequence[Invitation], *, by: Person) -> None:
    """Ticked at the door; the keepers wrote down the visit, or called who did not come."""
    for row in came:
        at = campaign.starts_at + timedelta(minutes=stage.rng.randint(-20, 50))
        note_attended(invitation=row, by=by, now=max(at, campaign.starts_at))
        _log(stage, row, campaign.ends_at, channel=Channel.STORE_VISIT,
             outcome=Outcome.MET, note=stage.rng.choice(AT_THE_EVENT))  # fmt: skip
    missed = Invitation.objects.filter(
        campaign=campaign, answer=Answer.COMING, attended_at=None
    ).select_related("customer__store", "customer__owner")
    for row in missed.order_by("pk"):
        _log(stage, row, campaign.ends_at + DAY, channel=Channel.CALL,
             outcome=Outcome.CONNECTED, note="临时有事没来成，下次活动再约。")  # fmt: skip


def _log(stage: Stage, row: Invitation, at: datetime, **said) -> None:
    """The visit that was agreed in the call was made, or spoken of."""
    keeper = keeper_of(row.customer)
    agreed = Task.objects.filter(
        customer=row.customer,
        assignee=keeper,
        state=State.OPEN,
        obligations__step__anchor=Anchor.NEXT_STEP,
        obligations__text=row.campaign.name,
    )
    log_contact(
        customer=row.customer, reason=Reason.EVENT, by=keeper, now=at, key=stage.key(),
        next_step=WELL, override=Override.CUSTOMER_ASKED, task=agreed.order_by("pk").first(),
        **said,
    )  # fmt: skip


def _buy(stage: Stage, customer: Customer, *, days_ago: int) -> None:
    """Bought after the event, and delivered a week later."""
    keeper, good = keeper_of(customer), stage.rng.choice(GOODS[customer.store.trade])
    at = stage.at(days_ago, 16)
    sell = partial(record_delivery, customer=customer, product=good.name, sold_by=keeper, by=keeper)
    details = ProductDetails(price=Decimal(good.price))
    sell(purchased_on=at.date(), details=details, now=at, key=stage.key())
    _win(customer, good, by=keeper, at=at + HOUR / 12)
    if customer.grade != Grade.C1:
        regrade(customer=customer, grade=Grade.B2, by=keeper, now=at + HOUR / 6)
    if days_ago > 8:
        delivered = at + 7 * DAY
        sell(delivered_on=delivered.date(), now=delivered, key=stage.key())


def _win(customer: Customer, good: Good, *, by: Person, at: datetime) -> None:
    """What was under way with them is won with it: nobody waits for what was bought."""
    rows = Opportunity.objects.filter(customer=customer, state=StageKind.OPEN)
    rows.update(product=good.name, amount=good.price)
    for row in rows.select_related("stage").order_by("pk"):
        win(opportunity=row, by=by, now=max(at, row.staged_at + HOUR / 60))


def _tour(stage: Stage) -> None:
    """Ten weeks ago, planned by marketing for the dealers, and looked back upon."""
    by = stage.people["masiyuan"]
    held = _saturday(stage, 70)
    starts_at = stage.at(held, 9, 0)
    campaign = _plan(
        stage, by, stage.at(90, 15), name="老车主自驾云台山", kind=CampaignKind.EVENT, store=None,
        place="花园路店集合，云台山", starts_at=starts_at, ends_at=starts_at + 9 * HOUR,
        text="周末车友自驾云台山，工程师随行，途中讲长途用车与胎压保养，午餐由我们安排。",
        target_invited=16, target_attended=10, target_amount=Decimal(300_000),
        deals_within_days=45,
    )  # fmt: skip
    old = stage.served("ZZ01", "LY01").filter(owners(), registered_at__lt=stage.at(88, 9))
    _invite(campaign, stage.cast(old, 14, scene="tour"), by, stage.at(82, 10))
    came = _call_all(stage, campaign, first=81, last=73)
    _welcome(stage, campaign, came, by=stage.people["gaozhiyuan"])
    _end(campaign, by, stage.at(held - 1, 9))
    text = REVIEW.format(came=len(came))
    seen = version_of_review(campaign)
    review_campaign(campaign=campaign, review=text, seen=seen, by=by, now=stage.at(held - 3, 17))


def _care_round(stage: Stage) -> None:
    """A round of care in the mattress store: a text each, some of them sent."""
    by, store = stage.people["penghui"], Store.objects.get(code="ZZ03")
    campaign = _plan(
        stage, by, stage.at(5, 9), name="换季床垫养护提醒", kind=CampaignKind.CARE, store=store,
        place="", starts_at=stage.at(5, 9), ends_at=stage.at(-8, 20),
        text="换季了，床垫记得翻面通风，床褥晒一晒。需要上门除螨的话告诉我，老客户免费一次。",
    )  # fmt: skip
    there = stage.served("ZZ03").filter(owners())
    _invite(campaign, stage.cast(there, 8, scene="care"), by, stage.at(5, 10))
    for row in _invited(campaign)[::2]:
        _send(row, stage.at(stage.rng.choice((2, 3, 4)), _hour(stage)))
