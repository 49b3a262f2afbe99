"""Around the orders: quotes, targets, statements, and what is signed each evening."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.db.models import Exists, F, OuterRef

from crm.demo.baskets import CHAIRS, CORNER, FOAM, LATEX, SHELF, SOFA, SUV, TABLE
from crm.demo.cards import Drafter
from crm.demo.company import MAIN, ZONE
from crm.demo.filers import FINANCE, OPS
from crm.demo.order_stories import tell_of_orders
from crm.demo.order_turns import hold_an_account, month_before
from crm.demo.past_care import do_past_care
from crm.demo.stage import DAY, Stage, keeper_of, prospects
from crm.demo.traded import ALL, BANKS, Goods, Tale, Trader
from customers.models import Customer
from filings.services.prices import Line, ask_price, decide_price
from filings.states import LookUp
from followups.services import engine
from orders.models import Account, Order, Payment
from orders.queries.receivables import owing_orders
from orders.services.checking import check_order
from orders.services.confirming import confirm_payment
from orders.services.day_end import close_day
from orders.services.inquiring import known_as
from orders.services.letters import confirm_order, send_letter
from orders.services.lines import place_lines
from orders.services.quoting import NewQuote, QuoteNotMade, decline_quote, make_quote
from orders.services.slips import NewSlip, note_slip
from orders.services.statements import confirm_statement, make_statement
from orders.states import Method, OrderChannel, OrderState
from staff.models import Person, Store
from staff.services.targets import Whose, set_targets
from staff.states import SALES_ROLES, StoreKind, TargetKind, Trade

# One buyer in so many customers of the demonstration, and no more of them than are told here.
ONE_IN, MOST = 11, 38
# So many days after a deposit everybody knows what is ordered.
DETAILS_WITHIN = 5
# Quotes beside those that became orders.
QUOTES = 12
# Evenings that finance has signed.
SIGNED = 6
BASKETS: dict[str, tuple[tuple[Goods, ...], ...]] = {
    Trade.FURNITURE: ((SOFA, TABLE), (CORNER,), (SHELF, CHAIRS)),
    Trade.MATTRESSES: ((LATEX,), (FOAM,)),
    Trade.CARS: ((SUV,),),
}
TARGETS = {Trade.FURNITURE: 180_000, Trade.MATTRESSES: 60_000, Trade.CARS: 900_000}


def buyers_of(customers: int) -> int:
    """How many customers of a demonstration of this size come with an order of their own."""
    return min(customers // ONE_IN, MOST)


def trade(stage: Stage, drafter: Drafter, *, buyers: int) -> None:
    """Quotes and orders of three quarters of a year, by about so many new customers."""
    trader = Trader(stage=stage, drafter=drafter)
    tell_of_orders(trader, most=buyers)
    trader.play()
    _write_down(trader)
    _quote(trader)
    _pay_today(trader)
    _set_targets(stage)
    _state(trader)
    engine.touch_and_ask(customers=trader.buyers, now=stage.now)
    do_past_care(
        company=stage.company, rng=stage.rng, left=set(), told=set(), only=set(trader.buyers)
    )
    _sign_days(stage)


def _write_down(trader: Trader) -> None:
    """What was sold with a deposit some days ago has its lines by now, and is confirmed."""
    stage = trader.stage
    since = stage.today - DETAILS_WITHIN * DAY
    bare = Order.objects.filter(amount=None, paid__gt=0, ordered_on__lt=since)
    rows = bare.select_related("store", "seller", "customer").order_by("pk")
    for number, order in enumerate(rows):
        ago = (stage.today - order.ordered_on).days - 1
        baskets = BASKETS.get(order.store.trade, BASKETS[Trade.FURNITURE])
        chosen = (*baskets[number % len(baskets)], *baskets[0])
        lines = [trader.line(one) for one in chosen]
        on = stage.today + (5 + number * 7 % 30) * DAY
        Order.objects.filter(pk=order.pk).update(
            promised_on=on, current_on=on, address=order.customer.address
        )
        by = order.clerk or trader.person(OPS)
        place_lines(order=order, lines=lines, by=order.seller, now=stage.at(ago, 11))
        _confirm_money(trader, order, ago)
        check_order(order=order, looked_at=ALL, by=by, now=stage.at(ago, 15))
        send_letter(order=order, way=OrderChannel.WECHAT, by=order.seller, now=stage.at(ago, 16))
        confirm_order(order=order, by=order.seller, now=stage.at(ago, 19))


def _confirm_money(trader: Trader, order: Order, ago: int) -> None:
    """Each transfer of an order has its slip, and finance finds what was paid."""
    stage = trader.stage
    for payment in order.payments.filter(confirmed_at=None, returned_at=None).order_by("pk"):
        if payment.method == Method.TRANSFER:
            slip = NewSlip(payer=payment.payer, bank=BANKS[0], amount=payment.amount,
                           paid_on=order.ordered_on, payment=payment)  # fmt: skip
            note_slip(order=order, slip=slip, by=order.seller, key=stage.key(),
                      now=stage.at(ago, 12))  # fmt: skip
        confirm_payment(payment=payment, by=trader.person(FINANCE), now=stage.at(ago, 14))


def _quote(trader: Trader) -> None:
    """Quotes that are good still, that are past, that were declined, and one that won.

    To leads that are filed: what a quote files is filed on its day, and these days are past.
    """
    stage = trader.stage
    rows = stage.served("ZZ01", "ZZ02", "ZZ03", "XA01", "LY01").filter(prospects())
    rows = rows.exclude(owner__username=MAIN).exclude(pk__in=trader.buyers)
    for customer in stage.cast(rows.filter(store__trade=Trade.FURNITURE), 1, scene="quotes"):
        _win(trader, customer, keeper_of(customer))
    number = 0
    for customer in stage.cast(rows, rows.count(), scene="quotes"):
        known_for = (stage.today - customer.registered_at.astimezone(ZONE).date()).days
        ago = min(1 + number * 4, known_for - 1)
        seller, at = keeper_of(customer), stage.at(ago, 16)
        if ago < 1 or known_as(customer, by=seller, at=at) == LookUp.FREE:
            continue
        baskets = BASKETS[customer.store.trade]
        lines = [trader.line(one) for one in baskets[number % len(baskets)]]
        said = NewQuote(
            phone=None, customer=customer, name=customer.name, lines=lines,
            valid_until=at.date() + 14 * DAY,
        )  # fmt: skip
        try:
            quote = make_quote(said=said, by=seller, key=stage.key(), now=at).quote
        except QuoteNotMade:
            continue  # while their filing is reviewed
        if number % 5 == 2:
            decline_quote(quote=quote, reason="比别家贵，客户先不订", by=seller,
                          now=at + timedelta(hours=3))  # fmt: skip
        number += 1
        if number == QUOTES:
            break


def _win(trader: Trader, customer: Customer, seller: Person) -> None:
    """A special price is approved, quoted, and ordered the same day."""
    stage = trader.stage
    lines = [trader.line(SHELF)]
    style = lines[0].style
    if style is None:
        return
    at = stage.at(2, 10)
    wished = (style.tag_price * Decimal("0.8")).quantize(Decimal(1))
    asked = Line(product=lines[0].product, style=style, list_price=style.tag_price,
                 wished_price=wished, floor_price=style.floor_price)  # fmt: skip
    price = ask_price(customer=customer, lines=[asked], reason="同小区三户一起订", by=seller,
                      valid_until=stage.today + 20 * DAY, key=stage.key(), now=at)  # fmt: skip
    decide_price(price=price, is_approved=True, by=trader.person(OPS), now=at + timedelta(hours=1))
    goods = Goods(what=SHELF.what, off=int(style.tag_price - wished), special_no=price.number)
    said = NewQuote(phone=None, customer=customer, name=customer.name, lines=[trader.line(goods)],
                    valid_until=stage.today + 10 * DAY)  # fmt: skip
    quote = make_quote(said=said, by=seller, key=stage.key(), now=at + timedelta(hours=2)).quote
    tale = Tale(by=seller.username, goods=(), ago=2, wait=20, until=OrderState.CHECKED,
                pays=((0, 30, Method.WECHAT),))  # fmt: skip
    trader.tell(tale)
    tale.facts = {"quote": quote, "phone": None, "customer": customer, "lines": ()}
    tale.name = customer.name
    trader.play()


def _pay_today(trader: Trader) -> None:
    """This morning some paid; nobody has confirmed it yet."""
    running = Order.objects.filter(state=OrderState.CONFIRMED, paid__lt=F("amount"), unconfirmed=0)
    running = running.select_related("seller")
    methods = (Method.CASH, Method.WECHAT, Method.CARD)
    for order, method in zip(running.order_by("pk"), methods, strict=False):
        tale = Tale(by=order.seller.username, goods=(), ago=1, order=order, name=order.buyer)
        trader.today(partial(trader.pay, tale, 10, method))
    trader.play()


def _set_targets(stage: Stage) -> None:
    """This month's and last month's targets of each store and its people."""
    stores = Store.objects.filter(kind__in=[StoreKind.STORE, StoreKind.FIELD_TEAM])
    for store in stores.filter(trade__in=TARGETS, code__in=MANNED).order_by("pk"):
        people = Person.objects.filter(store=store, role__in=SALES_ROLES, is_active=True)
        amount = Decimal(TARGETS[Trade(store.trade)])
        share = (amount / max(people.count(), 1)).quantize(Decimal(1000))
        amounts: dict[Whose, Decimal | None] = {
            (None, TargetKind.ORDERS): amount,
            (None, TargetKind.DELIVERIES): amount,
        }
        amounts |= {(person.pk, TargetKind.ORDERS): share for person in people.order_by("pk")}
        first = stage.today.replace(day=1)
        for day in (first, month_before(stage.today)[0]):
            set_targets(store=store, first_day=day, amounts=amounts,
                        by=stage.people[OPS], now=stage.at(1, 9))  # fmt: skip


MANNED = ("ZZ01", "ZZ02", "ZZ03", "XA01", "LY01", "ZZYW")


def _state(trader: Trader) -> None:
    """Statements of the month before, one of them agreed to; one account is held."""
    stage = trader.stage
    begins, ends = month_before(stage.today)
    finance = trader.person(FINANCE)
    owing = owing_orders(Order.objects.all(), as_of=stage.today, today=stage.today)
    late = [one for one in owing if any(each.due_on < stage.today - 60 * DAY for each in one.open)]
    accounts = Account.objects.order_by("pk").values_list("customer", flat=True)
    customers = [*accounts, *(one.customer_id for one in late)][:3]
    for number, customer in enumerate(Customer.objects.filter(pk__in=customers).order_by("pk")):
        statement = make_statement(customer=customer, begins=begins, ends=ends, by=finance,
                                   now=stage.at(1, 10))  # fmt: skip
        if not number:
            confirm_statement(statement=statement, by=finance, now=stage.at(1, 16))
    if late:
        hold_an_account(trader, Order.objects.get(pk=late[-1].order_id))


def _sign_days(stage: Stage) -> None:
    """Each evening until yesterday, of each store that sold or was paid something."""
    sold = Order.objects.filter(store=OuterRef("pk"), ordered_on__gte=stage.today - SIGNED * DAY)
    paid = Payment.objects.filter(
        order__store=OuterRef("pk"), taken_at__date__gte=stage.today - SIGNED * DAY
    )
    stores = Store.objects.filter(Exists(sold) | Exists(paid)).order_by("pk")
    for store in stores:
        for ago in range(SIGNED, 0, -1):
            close_day(store=store, day=stage.today - ago * DAY, by=stage.people[FINANCE],
                      now=stage.at(ago, 22, 10))  # fmt: skip
