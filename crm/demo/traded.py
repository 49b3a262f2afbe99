"""Orders of three quarters of a year, told through the services: what people do with one, a verb
each. `crm.demo.order_stories` says which orders there were and how far they went.

All moments of all orders are played in the order of time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from core.phones import Phone, normalise
from crm.demo import talk
from crm.demo.cards import Drafter
from crm.demo.company import ZONE
from crm.demo.filers import FINANCE, REVIEWER, city
from crm.demo.goods import MASTER, vin
from crm.demo.names import customer_name
from crm.demo.places import BY_NAME, address
from crm.demo.stage import DAY, Moment, Stage, play
from customers.models import Customer
from customers.rules import NextStep
from customers.states import Channel, Grade, NextKind, NoStepReason, Outcome, Reason
from followups import services as followups
from followups.states import Override
from orders.models import Delivery, Order, OrderLine, Payment
from orders.rules.checklists import checklist
from orders.rules.moves import next_steps
from orders.services.allocating import Source, allocate_lines
from orders.services.checking import check_order
from orders.services.closing import archive_order, settle_order
from orders.services.confirming import confirm_payment
from orders.services.dates import Planned, plan_delivery
from orders.services.delivering import Handed, NewDelivery, deliver_goods
from orders.services.delivery_mistakes import note_installation
from orders.services.letters import confirm_order, send_letter
from orders.services.lines import NewLine
from orders.services.moving import Step, move_lines
from orders.services.ordering import NewOrder, place_order
from orders.services.payments import NewBill, NewPayment, take_payment
from orders.services.slips import NewSlip, note_slip
from orders.states import (
    BILL_METHODS,
    Checked,
    Checks,
    LineState,
    Method,
    OrderChannel,
    OrderState,
    Preparation,
    Supply,
    Terms,
)
from staff.models import Person
from staff.states import Trade
from stock.models import Style

MANAGERS = REVIEWER | {"sunpeng": "zhouliqiang", "guojing": "zhouliqiang",
                       "songbo": "yuhaitao", "fengtao": "yuhaitao"}  # fmt: skip
CITIES = {"songbo": "洛阳", "fengtao": "洛阳"}
CREWS = ("一组 张师傅、老马", "二组 陈师傅、小武", "三组 郭师傅")
BANKS = ("工商银行郑州花园路支行", "建设银行商都路支行", "中原银行金水支行")
CALLS = (
    "送货安装都满意，保养说明再发一遍。", "回访：用着很好，问了五金件保修。",
    "货都收到了，抽屉滑轨调过，没问题。", "客户说颜色比店里看到的还好看。",
)  # fmt: skip
WAITING = (
    "跟客户确认送货前再联系。",
    "排产单已发客户，下周报进度。",
    "约好量电梯尺寸，怕转不进去。",
)
ALL = frozenset(check.value for check in Checks)


@dataclass(frozen=True, kw_only=True)
class Goods:
    """One line of an order: a number of the style master, or something free with its price."""

    what: str
    qty: int = 1
    price: int = 0
    off: int = 0
    supply: Supply = Supply.PURCHASE
    is_accessory: bool = False
    remark: str = ""
    special_no: str = ""


@dataclass(kw_only=True)
class Tale:
    """One order on its way: `ago` days since it was placed, `wait` days from then to its delivery.

    `until` is how far it goes. `pays` are (days after the order, percent of it, method).
    """

    by: str
    goods: tuple[Goods, ...]
    ago: int
    wait: int = 20
    until: LineState | OrderState | str = OrderState.ARCHIVED
    terms: Terms = Terms.PREPAID
    channel: OrderChannel = OrderChannel.IN_STORE
    pays: tuple[tuple[int, int, Method], ...] = ((0, 30, Method.WECHAT), (8, 70, Method.CARD))
    remark: str = ""
    parts: int = 1
    order: Order | None = None
    name: str = ""
    phone: Phone | None = None
    address: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    and_then: Callable[["Trader", "Tale"], None] | None = None

    @property
    def now(self) -> Order:
        """The order as it is now."""
        if self.order is None:
            raise LookupError("not placed yet")
        return Order.objects.select_related("store", "customer", "seller", "clerk").get(
            pk=self.order.pk
        )

    @property
    def lines(self) -> list[OrderLine]:
        return list(self.now.lines.order_by("position"))


@dataclass(kw_only=True)
class Trader:
    """Collects the moments of orders, and plays them in the order of time."""

    stage: Stage
    drafter: Drafter
    moments: list[Moment] = field(default_factory=list)
    styles: dict[str, Style] = field(default_factory=dict)
    buyers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.styles = {row.number: row for row in Style.objects.all()}

    def person(self, username: str) -> Person:
        return self.stage.people[username]

    def manager(self, tale: Tale) -> Person:
        return self.person(MANAGERS[tale.by])

    def then(self, ago: float, hour: int, act: Callable[[datetime], Any]) -> None:
        """Play this so many days ago; yesterday at the latest."""
        at = self.stage.at(max(int(ago), 1), hour)
        self.moments.append((at, len(self.moments), act))

    def today(self, act: Callable[[datetime], Any]) -> None:
        """Play this just before the demonstration was made, in the morning at the latest."""
        morning = datetime.combine(self.stage.today, time(8, 40), ZONE)
        at = min(morning, self.stage.now - timedelta(minutes=5))
        self.moments.append((at, len(self.moments), act))

    def play(self) -> None:
        play(self.moments)
        self.moments.clear()

    def tell(self, tale: Tale) -> None:
        """Collect the moments of one order."""
        self._name(tale)
        self.then(tale.ago, 11, partial(self._place, tale))
        for after, percent, method in tale.pays:
            ago = tale.ago - after
            if ago > 0:
                self.then(ago, 15, partial(self.pay, tale, percent, method))
        if self._reaches(tale, OrderState.CHECKED):
            self.then(tale.ago, 14, partial(self._check, tale))
        if self._reaches(tale, OrderState.CONFIRMED):
            self.then(tale.ago, 16, partial(self._send, tale))
            self.then(tale.ago - 1, 10, partial(self._confirm, tale))
        self._move(tale)
        if tale.and_then is not None:
            tale.and_then(self, tale)

    def _name(self, tale: Tale) -> None:
        rng = self.stage.rng
        place = BY_NAME[CITIES.get(tale.by) or city(tale.by)]
        home = address(rng, place)
        if place.name not in home:
            home = f"{place.name}市{home}"
        tale.name, tale.address = customer_name(rng)[0], home
        tale.phone = normalise(self.drafter.number())

    def _reaches(self, tale: Tale, state: OrderState | LineState) -> bool:
        return WAY.index(tale.until) >= WAY.index(state)

    def _move(self, tale: Tale) -> None:
        """Allocated the day after the order, then evenly on its way until the delivery."""
        steps = (LineState.ALLOCATED, *(step for step, _share in ON_THE_WAY))
        if not self._reaches(tale, LineState.ALLOCATED):
            return
        self.then(tale.ago - 1, 15, partial(self._allocate, tale))
        for step, share in ON_THE_WAY:
            if step in steps and self._reaches(tale, step):
                ago = tale.ago - 1 - (tale.wait - 2) * share
                self.then(ago, 16, partial(self._step, tale, step))
        if self._reaches(tale, OrderState.DELIVERED):
            for part in range(tale.parts):
                ago = tale.ago - tale.wait - 6 * part
                self.then(ago, 17, partial(self.deliver, tale, part))
            last = tale.ago - tale.wait - 6 * (tale.parts - 1)
            self.then(last - 1, 11, partial(self._call, tale))
            if self._reaches(tale, OrderState.SETTLED):
                self.then(last - 4, 10, partial(self._settle, tale))
            if self._reaches(tale, OrderState.ARCHIVED):
                self.then(last - 9, 10, partial(self._archive, tale))

    # What people do, each through the service that a screen would call

    def line(self, goods: Goods) -> NewLine:
        """As the clerk types it."""
        style = self.styles.get(goods.what)
        name, price = MASTER[goods.what] if style else (goods.what, goods.price)
        return NewLine(
            product=name, qty=goods.qty, agreed_price=Decimal(price - goods.off), style=style,
            list_price=Decimal(price), supply=goods.supply, is_accessory=goods.is_accessory,
            colour="" if goods.is_accessory else self.stage.rng.choice(COLOURS),
            remark=goods.remark, special_no=goods.special_no,
        )  # fmt: skip

    def _place(self, tale: Tale, now: datetime) -> None:
        seller = self.person(tale.by)
        said = NewOrder(
            phone=tale.phone, name=tale.name, address=tale.address,
            lines=[self.line(each) for each in tale.goods], channel=tale.channel,
            terms=Terms.PREPAID if tale.terms == Terms.INSTALMENTS else tale.terms,
            promised_on=now.date() + tale.wait * DAY, remark=tale.remark,
        )  # fmt: skip
        said = replace(said, **tale.facts)
        is_new = said.quote is None
        tale.order = place_order(said=said, by=seller, key=self.stage.key(), now=now)
        if is_new:
            self.buyers.append(tale.order.customer_id)
            Customer.objects.filter(pk=tale.order.customer_id).update(
                need=talk.say(self.stage.rng, talk.NEEDS[tale.order.store.trade])
            )

    def pay(self, tale: Tale, percent: int, method: Method, now: datetime) -> Payment | None:
        """So many percent of it, or what is left; finance counts it the same evening."""
        order = tale.now
        left = (order.amount or Decimal(0)) - order.paid
        amount = min(((order.amount or Decimal(0)) * percent / 100).quantize(Decimal(1)), left)
        if percent + 1 >= 100 * left / (order.amount or 1):
            amount = left
        if amount <= 0 or order.state == OrderState.CANCELLED:
            return None
        bill = None
        if method in BILL_METHODS:
            number = f"{self.stage.rng.randint(10**7, 10**8 - 1)}"
            due_on = self.stage.today + self.stage.rng.randint(6, 40) * DAY
            bill = NewBill(number=number, bank=self.stage.rng.choice(BANKS), due_on=due_on)
        taken = NewPayment(amount=amount, method=method, payer=tale.name, bill=bill)
        payment = take_payment(
            order=order, taken=taken, by=self.person(tale.by), key=self.stage.key(), now=now
        )
        if method == Method.TRANSFER:
            slip = NewSlip(payer=tale.name, bank=self.stage.rng.choice(BANKS), amount=amount,
                           paid_on=now.date(), payment=payment)  # fmt: skip
            note_slip(order=tale.now, slip=slip, by=order.seller, key=self.stage.key(),
                      now=now + timedelta(minutes=9))  # fmt: skip
        if now.date() < self.stage.today - DAY:
            confirm_payment(
                payment=payment, by=self.person(FINANCE), now=now + timedelta(minutes=75)
            )
        return payment

    def _check(self, tale: Tale, now: datetime) -> None:
        order = tale.now
        by = order.clerk or self.manager(tale)
        check_order(order=order, looked_at=ALL, by=by, now=now)

    def _send(self, tale: Tale, now: datetime) -> None:
        way = OrderChannel.WECHAT if tale.channel == OrderChannel.IN_STORE else tale.channel
        send_letter(order=tale.now, way=way, by=self.person(tale.by), now=now)

    def _confirm(self, tale: Tale, now: datetime) -> None:
        order = confirm_order(order=tale.now, by=self.person(tale.by), now=now)
        self._agree(tale, order.customer, now + timedelta(minutes=5))

    def _agree(self, tale: Tale, customer: Customer, now: datetime) -> None:
        """The next talk lies ahead for whoever still waits for goods."""
        is_over = self._reaches(tale, OrderState.DELIVERED)
        step = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.CARED_FOR)
        if not is_over:
            on = self.stage.today + self.stage.rng.randint(1, 8) * DAY
            step = NextStep(kind=NextKind.CALL, on=on, text=self.stage.rng.choice(WAITING))
        self.talk(tale, customer, now, note="订单确认函已发，客户确认无误。", step=step)

    def talk(
        self, tale: Tale, customer: Customer, now: datetime, *, note: str, step: NextStep, **said
    ) -> None:
        followups.log_contact(
            customer=customer, channel=Channel.CALL, outcome=Outcome.CONNECTED,
            reason=Reason.CARE, note=note, next_step=step, by=self.person(tale.by), now=now,
            key=self.stage.key(), override=Override.NEEDED, **said,
        )  # fmt: skip

    def _call(self, tale: Tale, now: datetime) -> None:
        """The call after the delivery: the prospect is an owner now."""
        customer = tale.now.customer
        step = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.CARED_FOR)
        note = self.stage.rng.choice(CALLS)
        self.talk(tale, customer, now, note=note, step=step, grade=Grade.B2)

    def _allocate(self, tale: Tale, now: datetime) -> None:
        order, by = tale.now, self.manager(tale)
        arrives_on = now.date() + max(tale.wait - 5, 1) * DAY
        for supply in Supply:
            lines = [line.pk for line in tale.lines if line.supply == supply]
            if not lines:
                continue
            source = Source(supply=supply)
            if supply in (Supply.PURCHASE, Supply.PRODUCTION):
                po_no = f"CG{now:%y%m%d}{order.pk % 1000:03}"
                source = Source(supply=supply, po_no=po_no, arrives_on=arrives_on)
            allocate_lines(order=order, lines=lines, source=source, by=by, now=now)

    def _step(self, tale: Tale, to: LineState, now: datetime) -> None:
        """All lines that can take this step today."""
        lines = [line.pk for line in tale.lines if to in _next(line)]
        if to == LineState.ARRIVED and tale.parts > 1 and tale.until != OrderState.ARCHIVED:
            lines = lines[:1]
        if not lines or tale.now.state != OrderState.CONFIRMED:
            return
        step = Step(to=to, on=now.date())
        if to == LineState.SHIPPED:
            step = Step(to=to, on=now.date(), carrier="德邦快递",
                        tracking_no=f"DPK{self.stage.rng.randint(10**8, 10**9)}")  # fmt: skip
        move_lines(order=tale.now, lines=lines, step=step, by=self.manager(tale), now=now)

    def plan(self, tale: Tale, now: datetime, *, on: date, why: Any = None) -> None:
        """Crew, hours and what the delivery needs."""
        plan = Planned(
            crew=self.stage.rng.choice(CREWS), time_window=self.stage.rng.choice(WINDOWS),
            preparation=(Preparation.LOADING, self.stage.rng.choice([*Preparation])),
        )  # fmt: skip
        plan_delivery(order=tale.now, on=on, plan=plan, by=self.manager(tale), why=why, now=now)

    def deliver(self, tale: Tale, part: int, now: datetime) -> Delivery | None:
        """Hand over what is here: all of it, or the next part."""
        order = tale.now
        here = [line for line in tale.lines if line.state in HERE]
        if tale.parts > 1:
            here = here[:1] if part == 0 else here
        if not here:
            return None
        is_car = order.store.trade == Trade.CARS
        pieces = [
            Handed(line_id=line.pk, qty=line.qty - line.delivered_qty,
                   serial=vin(self.stage.rng, self.drafter.serial())
                   if is_car and not line.is_accessory else "")
            for line in here
        ]  # fmt: skip
        is_later = not is_car and self.stage.rng.random() < 0.3
        checked = [one for one in checklist(order.store.trade)
                   if not (is_later and one == Checked.INSTALLED)]  # fmt: skip
        told = NewDelivery(pieces=pieces, delivered_on=now.date(), delivered_at=now,
                           signed_by=tale.name, checked=checked)  # fmt: skip
        made = deliver_goods(order=order, told=told, by=self.person(tale.by),
                             key=self.stage.key(), now=now + timedelta(minutes=20))  # fmt: skip
        if is_later and now.date() < self.stage.today - DAY:
            note_installation(delivery=made, on=now.date() + DAY, by=self.manager(tale),
                              now=now + DAY)  # fmt: skip
        return made

    def _settle(self, tale: Tale, now: datetime) -> None:
        settle_order(order=tale.now, by=self.person(FINANCE), now=now)

    def _archive(self, tale: Tale, now: datetime) -> None:
        archive_order(order=tale.now, by=self.person(FINANCE), now=now)


COLOURS = ("米灰", "深咖", "原木色", "雾霾蓝", "珍珠白", "曜石黑")
WINDOWS = ("09:00–11:00", "14:00–16:00", "下午，到前半小时电话")
HERE = (LineState.ARRIVED, LineState.READY, LineState.SHIPPED, LineState.ALLOCATED)
# How far an order goes, in order; and when its goods take their steps on the way, as a share of it.
WAY: Sequence[str] = (
    OrderState.RECEIVED, OrderState.CHECKED, OrderState.CONFIRMED, LineState.ALLOCATED,
    LineState.SUBMITTED, LineState.IN_PRODUCTION, LineState.ARRIVED, LineState.READY,
    LineState.SHIPPED, OrderState.DELIVERED, OrderState.SETTLED, OrderState.ARCHIVED,
)  # fmt: skip
ON_THE_WAY = (
    (LineState.SUBMITTED, 0.1), (LineState.IN_PRODUCTION, 0.3), (LineState.ARRIVED, 0.7),
    (LineState.READY, 0.85), (LineState.SHIPPED, 1.0),
)  # fmt: skip


def _next(line: OrderLine) -> list[LineState]:
    return next_steps(line.state, supply=line.supply)
