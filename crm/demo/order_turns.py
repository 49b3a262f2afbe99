"""What went otherwise than planned with orders, and what was arranged beside their goods."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from crm.demo.baskets import SHELF, TABLE
from crm.demo.filers import FINANCE, OPS
from crm.demo.stage import DAY
from crm.demo.traded import Tale, Trader
from customers.models import Designer
from orders.models import Credit, Due, Order, OrderLine
from orders.rules.terms import Instalment
from orders.services.accounts import NewTerms, dispute, set_account
from orders.services.cancelling import cancel_order
from orders.services.changing import Change, LineChange, change_order
from orders.services.commission import pay_commission
from orders.services.credits import ask_refund, note_contact, offset_credit, pay_refund
from orders.services.dates import Why
from orders.services.gate import release_delivery
from orders.services.goods_back import AskedReturn, ask_return, decide_return
from orders.services.incidents import Mishap, note_incident, solve_incident
from orders.services.introducing import name_designer
from orders.services.settling_returns import Instead, settle_return
from orders.services.signing import Signature, sign_order
from orders.services.slips import NewSlip, note_slip, settle_slip
from orders.services.terms import set_terms
from orders.states import (
    CreditKind,
    DelayCause,
    IncidentKind,
    LineState,
    Method,
    ReturnCause,
    ReturnKind,
    Terms,
)

After = Callable[[Trader, Tale], None]


def planned(ahead: int) -> After:
    """The delivery lies so many days ahead, with its crew."""

    def after(trader: Trader, tale: Tale) -> None:
        def act(now: datetime) -> None:
            why = Why(cause=DelayCause.CUSTOMER, note="客户要求改到家里有人的日子")
            trader.plan(tale, now, on=trader.stage.today + ahead * DAY, why=why)

        trader.then(1, 17, act)

    return after


def fewer(ago: int) -> After:
    """Some days ago the customer took less; what was paid is kept for them."""

    def after(trader: Trader, tale: Tale) -> None:
        def act(now: datetime) -> None:
            _less(trader, tale, now)
            if ago > 30:
                note_contact(
                    credit=_credit_of(tale), text="客户说月底来店里拿，或再看看柜子。",
                    by=trader.person(tale.by), now=trader.stage.at(3, 15),
                )  # fmt: skip

        trader.then(ago, 17, act)

    return after


def _less(trader: Trader, tale: Tale, now: datetime) -> None:
    """One piece fewer of what there are several of."""
    line = next(line for line in tale.lines if line.qty > 1)
    told = LineChange(line_id=line.pk, qty=line.qty - 1, price=line.agreed_price)
    change = Change(kind=CreditKind.FEWER, lines=[told], reason="餐椅少要一把，家里放不下")
    change_order(order=tale.now, change=change, by=trader.person(tale.by),
                 key=trader.stage.key(), now=now)  # fmt: skip


def _credit_of(tale: Tale) -> Credit:
    return Credit.objects.select_related("order", "customer").get(order=tale.now)


def offset(trader: Trader, tale: Tale) -> None:
    """What a change left over went into the next order of the same customer."""
    again = Tale(by=tale.by, goods=(SHELF,), ago=30, wait=40, until=LineState.SUBMITTED, pays=())
    trader.then(40, 17, lambda now: _less(trader, tale, now))
    trader.tell(again)
    again.phone, again.name, again.address = tale.phone, tale.name, tale.address

    def act(now: datetime) -> None:
        credit = _credit_of(tale)
        offset_credit(
            credit=credit, order=again.now, amount=credit.amount, consent="微信确认：余款抵书柜",
            by=trader.person(tale.by), key=trader.stage.key(), now=now,
        )  # fmt: skip

    trader.then(29, 10, act)


def refunded(trader: Trader, tale: Tale) -> None:
    """The price fell after it was paid; four weeks later finance paid the difference out."""

    def cheaper(now: datetime) -> None:
        line = tale.lines[0]
        told = LineChange(line_id=line.pk, qty=line.qty, price=line.agreed_price - 500)
        change = Change(kind=CreditKind.CHEAPER, lines=[told], reason="活动保价，补差价")
        change_order(order=tale.now, change=change, by=trader.person(tale.by),
                     key=trader.stage.key(), now=now)  # fmt: skip

    def ask(now: datetime) -> None:
        credit = _credit_of(tale)
        note_contact(credit=credit, text="客户要求原路退回", by=trader.person(tale.by), now=now)
        use = ask_refund(credit=credit, amount=credit.amount, by=trader.person(tale.by),
                         key=trader.stage.key(), now=now)  # fmt: skip
        pay_refund(use=use, method=Method.ALIPAY, voucher="TK-0412", by=trader.person(FINANCE),
                   now=now)  # fmt: skip

    trader.then(65, 16, cheaper)
    trader.then(35, 16, ask)


def cancelled(trader: Trader, tale: Tale) -> None:
    def act(now: datetime) -> None:
        cancel_order(order=tale.now, reason="客户房子卖了，不装了", by=trader.manager(tale),
                     now=now)  # fmt: skip

    trader.then(tale.ago - 9, 14, act)


def monthly(trader: Trader, tale: Tale) -> None:
    """A customer who buys on monthly terms, up to a limit."""

    def act(now: datetime) -> None:
        order = tale.now
        terms = NewTerms(is_monthly=True, credit_limit=Decimal(80_000), is_held=False,
                         reason="样板房项目，按月结算")  # fmt: skip
        set_account(customer=order.customer, terms=terms, by=trader.person(FINANCE), now=now)
        set_terms(order=tale.now, terms=Terms.MONTHLY, by=trader.person(tale.by), now=now)

    trader.then(tale.ago, 13, act)


def instalments(trader: Trader, tale: Tale) -> None:
    """A third at once, a third overdue by some days, the rest ahead."""

    def act(now: datetime) -> None:
        amount = tale.now.amount or Decimal(0)
        third = (amount / 3).quantize(Decimal(1))
        days = (now.date(), trader.stage.today - 4 * DAY, trader.stage.today + 25 * DAY)
        parts = (third, third, amount - 2 * third)
        rows = [Instalment(amount=part, on=on) for part, on in zip(parts, days, strict=True)]
        set_terms(order=tale.now, terms=Terms.INSTALMENTS, instalments=rows,
                  by=trader.person(tale.by), now=now)  # fmt: skip

    trader.then(tale.ago, 13, act)


def disputed(trader: Trader, tale: Tale) -> None:
    def act(now: datetime) -> None:
        due = Due.objects.filter(order=tale.now).select_related("order").latest("position")
        dispute(
            due=due, reason="客户称赠送的贴膜没做，尾款先不付", by=trader.manager(tale), now=now
        )

    trader.then(tale.ago - tale.wait - 6, 14, act)


def designed(*, pays: bool, returns: bool = False) -> After:
    """A designer brought the customer; the commission is paid once all is delivered and paid."""

    def after(trader: Trader, tale: Tale) -> None:
        def name(now: datetime) -> None:
            store = tale.now.store
            designer = Designer.objects.filter(store=store).order_by("pk")[int(returns)]
            name_designer(order=tale.now, designer=designer, by=trader.person(tale.by), now=now)

        def pay(now: datetime) -> None:
            order = tale.now
            pay_commission(
                order=order, amount=Decimal(1500), on=now.date(), voucher=f"YJ-{order.pk:04}",
                by=trader.person(FINANCE), key=trader.stage.key(), now=now,
            )  # fmt: skip

        trader.then(tale.ago, 12, name)
        if pays or returns:
            trader.then(tale.ago - tale.wait - 3, 15, pay)
        if returns:
            returned("settled")(trader, tale)

    return after


def returned(until: str) -> After:
    """The customer sends something back within the days of the policy."""

    def after(trader: Trader, tale: Tale) -> None:
        def act(now: datetime) -> None:
            asked = AskedReturn(kind=ReturnKind.RETURN, cause=ReturnCause.CUSTOMER, qty=1,
                                note="放不下，未拆封")  # fmt: skip
            row = ask_return(line=_delivered_line(tale), asked=asked, by=trader.person(tale.by),
                             key=trader.stage.key(), now=now)  # fmt: skip
            if until == "asked":
                return
            why = "包装已拆、有使用痕迹" if until == "refused" else ""
            row = decide_return(goods_back=row, is_agreed=until != "refused", reason=why,
                                by=trader.manager(tale), now=now)  # fmt: skip
            if until == "settled":
                settle_return(goods_back=row, by=trader.manager(tale), now=now)

        trader.then(tale.ago - tale.wait - 5, 10, act)

    return after


def _delivered_line(tale: Tale) -> OrderLine:
    return (
        tale.now.lines.select_related("order").filter(state=LineState.DELIVERED).latest("position")
    )


def exchanged(trader: Trader, tale: Tale) -> None:
    """Wrong colour: exchanged for another table, which is on its way."""

    def act(now: datetime) -> None:
        asked = AskedReturn(kind=ReturnKind.EXCHANGE, cause=ReturnCause.WRONG, qty=1,
                            note="台面颜色发错")  # fmt: skip
        row = ask_return(line=_delivered_line(tale), asked=asked, by=trader.person(tale.by),
                         key=trader.stage.key(), now=now)  # fmt: skip
        row = decide_return(goods_back=row, is_agreed=True, reason="", by=trader.manager(tale),
                            now=now)  # fmt: skip
        instead = Instead(line=trader.line(TABLE), promised_on=trader.stage.today + 12 * DAY)
        settle_return(goods_back=row, instead=instead, by=trader.manager(tale), now=now)

    trader.then(tale.ago - tale.wait - 4, 10, act)


def damaged(trader: Trader, tale: Tale) -> None:
    """Something arrived scratched, and was mended."""

    def act(now: datetime) -> None:
        told = Mishap(kind=IncidentKind.DAMAGED, note="桌角磕碰掉漆，拍照已存", line=tale.lines[0])
        incident = note_incident(order=tale.now, told=told, by=trader.person(tale.by),
                                 key=trader.stage.key(), now=now)  # fmt: skip
        solve_incident(incident=incident, remedy="厂家补发台面，师傅上门更换",
                       by=trader.manager(tale), now=now + 2 * DAY)  # fmt: skip

    trader.then(tale.ago - tale.wait + 3, 13, act)


def late(trader: Trader, tale: Tale) -> None:
    """The maker is late: another day, and the customer is to be told of it."""

    def tell(now: datetime) -> None:
        told = Mishap(kind=IncidentKind.DELAYED, note="工厂缺料，预计晚十天", line=tale.lines[0])
        note_incident(order=tale.now, told=told, by=trader.manager(tale),
                      key=trader.stage.key(), now=now)  # fmt: skip
        why = Why(cause=DelayCause.PRODUCTION, note="木料含水率返工")
        trader.plan(tale, now, on=trader.stage.today + 9 * DAY, why=why)

    trader.then(1, 16, tell)


def short_slip(*, settles: bool) -> After:
    """A slip says less than was asked."""

    def after(trader: Trader, tale: Tale) -> None:
        def act(now: datetime) -> None:
            order = tale.now
            amount = (order.amount or Decimal(0)) - order.paid - 50
            slip = NewSlip(payer=tale.name, bank="招商银行西安分行", amount=amount,
                           paid_on=now.date())  # fmt: skip
            noted = note_slip(order=order, slip=slip, by=trader.person(tale.by),
                              key=trader.stage.key(), now=now)  # fmt: skip
            if settles:
                settle_slip(slip=noted, text="手续费50元，客户补现金", by=trader.manager(tale),
                            now=now + DAY)  # fmt: skip

        trader.then(tale.ago - 6, 11, act)

    return after


def signed(trader: Trader, tale: Tale) -> None:
    """Signed without a deposit: the signature settles the credit."""

    def act(now: datetime) -> None:
        sign_order(order=tale.now, signature=Signature(on=now.date()), by=trader.person(tale.by),
                   key=trader.stage.key(), now=now)  # fmt: skip

    trader.then(tale.ago - 2, 15, act)


def released(trader: Trader, tale: Tale) -> None:
    """The manager let it go unpaid: the customer pays at the door."""

    def act(now: datetime) -> None:
        release_delivery(order=tale.now, reason="老客户，货到付清", by=trader.manager(tale),
                         now=now)  # fmt: skip

    trader.then(tale.ago - tale.wait + 1, 17, act)


def hold_an_account(trader: Trader, order: Order) -> None:
    """Nothing goes out to this customer until they have paid."""
    terms = NewTerms(is_monthly=False, credit_limit=None, is_held=True, reason="两笔尾款逾期未付")
    set_account(customer=order.customer, terms=terms, by=trader.person(OPS),
                now=trader.stage.at(2, 16))  # fmt: skip


def month_before(day: date) -> tuple[date, date]:
    """The first and the last day of the month before."""
    ends = day.replace(day=1) - DAY
    return ends.replace(day=1), ends
