"""Owners: what they bought, since when it is known here, and the odd greeting."""

from datetime import date, datetime, timedelta

from core.calendars import add_months
from crm.demo import talk
from crm.demo.cards import Drafter
from crm.demo.company import Seller
from crm.demo.drafts import Bought, Draft, Talk
from crm.demo.goods import GOODS, vin
from customers.states import Channel, Grade, NextKind, NoStepReason, Outcome, Reason
from staff.states import Trade

DAY = timedelta(days=1)
PLAN_MONTHS: dict[str, int] = {Trade.CARS: 60, Trade.FURNITURE: 12, Trade.MATTRESSES: 12}
PLATES = {"郑州": "豫A", "洛阳": "豫C", "西安": "陕A"}
COLOURS = ("珍珠白", "曜石黑", "米灰", "深咖", "原木色", "海蓝")
INSURERS = ("平安保险", "人保财险", "太平洋保险")
SALES = (
    "交了定金，约好送货时间。",
    "合同签好，客户满意。",
    "下定，尾款提货前付清。",
    "谈妥下单，要开票。",
)


def owner(d: Drafter, seller: Seller, *, delivered_on: date | None = None) -> Draft:
    """Somebody who has bought, some of them before the company began with Genjin."""
    rng, company = d.rng, d.company
    if delivered_on is None:
        recent = rng.random() < 0.22
        days = rng.randint(1, 95) if recent else rng.randint(101, 1880)
        delivered_on = company.today - days * DAY
    grade = Grade.B2 if add_months(delivered_on, 12) > company.today else Grade.C1
    if delivered_on > company.went_live_on + 5 * DAY:
        return _sold_here(d, seller, grade, delivered_on)
    draft = d.card(seller, grade=grade, registered_at=company.went_live_at)
    draft.first_seen_at = d.at(delivered_on - rng.randint(5, 60) * DAY)
    draft.bought.append(_bought(d, seller, delivered_on, noted_at=company.went_live_at))
    if rng.random() < 0.06:
        again = min(delivered_on + rng.randint(60, 500) * DAY, company.went_live_on - DAY)
        draft.bought.append(_bought(d, seller, again, noted_at=company.went_live_at))
    _greet(d, draft, seller)
    return draft


def _sold_here(d: Drafter, seller: Seller, grade: Grade, delivered_on: date) -> Draft:
    """The sale and the delivery are in the system, with their hours and an order."""
    rng, company = d.rng, d.company
    wait = 0 if seller.trade == Trade.SHOES else rng.randint(3, 40)
    bought_on = max(delivered_on - wait * DAY, company.went_live_on + DAY)
    bought_at = d.at(bought_on, hour=rng.randint(9, 11))
    draft = d.card(seller, grade=grade, registered_at=bought_at)
    product = _bought(d, seller, delivered_on, purchased_on=bought_on, noted_at=bought_at)
    product.delivered_at = d.at(delivered_on, hour=rng.randint(12, 18))
    product.delivered_noted_at = product.delivered_at + timedelta(minutes=rng.randint(3, 40))
    product.order_number = f"{seller.store_code}{bought_on:%y%m%d}{d.serial() % 10**6:06d}"
    draft.bought.append(product)
    draft.grades.append((bought_at + timedelta(minutes=8), Grade.B1, Grade.B2))
    draft.talks.append(
        Talk(
            at=bought_at + timedelta(minutes=5),
            by_id=seller.person_id,
            channel=Channel.STORE_VISIT,
            outcome=Outcome.MET,
            reason=Reason.PRICE,
            note=rng.choice(SALES),
            grade=Grade.B2,
            next_kind=NextKind.NONE,
            none_reason=NoStepReason.CARED_FOR,
        )
    )
    return draft


def _bought(
    d: Drafter,
    seller: Seller,
    delivered_on: date,
    *,
    noted_at: datetime,
    purchased_on: date | None = None,
) -> Bought:
    rng = d.rng
    is_car = seller.trade == Trade.CARS
    good = rng.choice(GOODS[seller.trade])
    insured_until = _insured_until(d, delivered_on) if is_car else None
    return Bought(
        product=good.name,
        price=good.price,
        colour=rng.choice(COLOURS) if rng.random() < 0.5 else "",
        plate=_plate(d, seller) if is_car and rng.random() < 0.8 else "",
        insurer=rng.choice(INSURERS) if insured_until else "",
        warranty_until=add_months(delivered_on, 36 if is_car else 24) - DAY,
        serial=vin(rng, d.serial()) if is_car else "",
        sold_by_id=seller.person_id,
        purchased_on=purchased_on,
        purchased_noted_at=noted_at if purchased_on else None,
        delivered_on=delivered_on,
        delivered_noted_at=noted_at,
        insurance_until=insured_until,
    )


def _plate(d: Drafter, seller: Seller) -> str:
    letters = "".join(d.rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=2))
    return f"{PLATES.get(seller.city.name, '豫A')}{letters}{d.rng.randint(100, 999)}"


def _insured_until(d: Drafter, delivered_on: date) -> date | None:
    """The day before an anniversary of the delivery; a few have let it run out."""
    if d.rng.random() < 0.25:
        return None
    years = -(-max((d.company.today - delivered_on).days, 1) // 365)
    return add_months(delivered_on, 12 * (years - (d.rng.random() < 0.1))) - DAY


def _greet(d: Drafter, draft: Draft, seller: Seller) -> None:
    """Owners whose plan is over are met by occasion; others only now and then."""
    rng, today = d.rng, d.company.today
    months = PLAN_MONTHS.get(seller.trade, 0)
    ends_on = max(add_months(product.delivered_on, months) for product in draft.bought)
    if ends_on >= today and rng.random() < 0.7:
        return
    days = rng.randint(89, 92) if rng.random() < 0.06 else rng.randint(12, 88)
    if seller.person_id == d.company.main.person_id:
        days = rng.randint(12, 80)
    draft.talks.append(
        Talk(
            at=d.at(today - days * DAY),
            by_id=seller.person_id,
            channel=Channel.CALL,
            reason=Reason.CARE,
            note=talk.say(rng, talk.CARE[seller.trade]),
            grade=draft.grade,
            next_kind=NextKind.NONE,
            none_reason=NoStepReason.CARED_FOR,
        )
    )
