"""Taking deposits and giving them back: the credit stands in the same transaction."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.phones import normalise
from core.services.once import FormOfSomebodyElse
from customers.models import Access, Customer, Project, Suspicion
from customers.states import SuspicionReason
from filings import services as filings
from filings.models import Deal, Dispute, Filing, FilingEvent, Policy, Ruling, Violation
from filings.queries import looked_up, protecting
from filings.services import DealNotMade
from filings.services.late_doubts import open_late_doubts
from filings.states import (
    CrossRegionSale,
    DisputeKind,
    Invalid,
    LapseBy,
    LookUp,
    ViolationKind,
)
from orders.models import Order, Payment
from orders.queries.deposits import credit_of
from orders.services import PaymentNotReturned, SaleNotMade, return_payment
from orders.wording.deposits import credited
from staff.models import Notice
from staff.services.notices import NoticeKind
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.orders.stage import (
    HOME,
    NOW,
    PHONE,
    SECOND_HOME,
    customer_of,
    deposit,
    file,
    filed,
    stage,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


@pytest.fixture
def cast():
    return stage()


def test_a_colleagues_deposit_credits_the_filer_and_changes_no_hands(cast):
    customer = customer_of(cast.filer)
    filing = filed(customer, cast.filer)
    taken = deposit(cast.closer)
    ruling = Ruling.objects.get()
    assert (ruling.credited_to, ruling.filing) == (cast.filer, filing)
    assert Deal.objects.get().credited_to == cast.filer
    assert taken.order.customer == customer
    assert taken.order.seller == cast.closer
    customer.refresh_from_db()
    assert customer.owner == cast.filer
    assert not Access.objects.exists()
    notice = Notice.objects.get(person=cast.filer, kind=NoticeKind.CREDIT)
    assert notice.params["order"] == taken.order.number


def test_a_number_nobody_knows_becomes_the_closers_customer(cast):
    taken = deposit(cast.closer, address=HOME)
    customer = Customer.objects.get()
    assert (customer.owner, customer.store) == (cast.closer, cast.other)
    assert Ruling.objects.get().credited_to == cast.closer
    assert taken.order.project == Project.objects.get()
    assert not Notice.objects.filter(kind=NoticeKind.CREDIT).exists()


def test_a_number_nobody_knows_says_its_home_in_trades_of_homes(cast):
    with pytest.raises(SaleNotMade) as refusal:
        deposit(cast.closer, address="")
    assert refusal.value.codes == ("address_missing",)
    assert not Customer.objects.exists()
    shop = StoreFactory(trade=Trade.CARS)
    seller = PersonFactory(store=shop, role=Role.SALES_STORE)
    assert deposit(seller, address="").order.store == shop


@pytest.mark.parametrize(("days", "is_asked"), [(1, True), (5, False)])
def test_who_is_suspected_after_the_deal_comes_before_a_person_in_time(cast, days, is_asked):
    theirs = customer_of(cast.filer)
    filed(theirs, cast.filer)
    deposit(cast.closer, phone=normalise("13900139000"), address=SECOND_HOME)
    assert Ruling.objects.get().credited_to == cast.closer
    bought = Deal.objects.get().customer
    at = LATER + timedelta(days=days)
    assert open_late_doubts(now=at) == 0
    first, second = sorted((theirs.pk, bought.pk))
    Suspicion.objects.create(
        first_id=first, second_id=second, because=SuspicionReason.WECHAT, raised_at=at
    )
    assert open_late_doubts(now=at) == is_asked
    assert open_late_doubts(now=at) == 0
    assert Dispute.objects.filter(kind=DisputeKind.SAME_PERSON).count() == is_asked
    if is_asked:
        people = Dispute.objects.get().parties.values_list("person", flat=True)
        assert set(people) == {cast.filer.pk, cast.closer.pk}


def suspected(one, other, *, at):
    first, second = sorted((one.pk, other.pk))
    Suspicion.objects.create(
        first_id=first, second_id=second, because=SuspicionReason.WECHAT, raised_at=at
    )


def test_a_further_deposit_of_what_waits_is_not_asked_about_again(cast):
    theirs = customer_of(cast.filer)
    filed(theirs, cast.filer)
    for later in (0, 1):
        deposit(
            cast.closer, phone=normalise("13900139000"), address=SECOND_HOME,
            now=LATER + timedelta(hours=later),
        )  # fmt: skip
    assert Deal.objects.values("project").distinct().count() == 1
    at = LATER + timedelta(days=1)
    suspected(theirs, Deal.objects.latest("pk").customer, at=at)
    assert [open_late_doubts(now=at) for _minute in range(3)] == [1, 0, 0]


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize(("days", "is_asked"), [(2, True), (12, False)])
def test_what_has_lapsed_on_another_card_raises_no_doubt(cast, is_before, days, is_asked):
    theirs, mine = (
        customer_of(cast.filer),
        customer_of(cast.closer, phone="13900139000", address=SECOND_HOME),
    )
    filed(theirs, cast.filer)
    at = NOW + timedelta(days=days)
    if is_before:
        suspected(theirs, mine, at=NOW)
    deposit(cast.closer, phone=normalise("13900139000"), address=SECOND_HOME, now=at)
    if not is_before:
        suspected(theirs, mine, at=at + timedelta(hours=1))
        open_late_doubts(now=at + timedelta(hours=2))
    assert Dispute.objects.filter(kind=DisputeKind.SAME_PERSON).exists() == is_asked


@pytest.mark.parametrize("how", ["protected", "sold", "oldest"])
def test_of_two_projects_of_one_home_the_protected_one_is_sold(cast, how):
    customer = customer_of(cast.filer)
    first = customer.projects.get()
    second = Project.objects.create(
        customer=customer, address=first.address, address_key=first.address_key or
        customer.address_key, opened_by=cast.filer, opened_at=NOW,
    )  # fmt: skip
    if how == "protected":
        filed(customer, cast.filer, project=second)
    if how == "sold":
        sale = filings.Sale(customer=customer, project=second, closer=cast.filer,
                            store=cast.store, amount=Decimal(1))  # fmt: skip
        filings.settle(sale, by=cast.filer, now=NOW)
    chosen = first if how == "oldest" else second
    assert deposit(cast.closer, address=HOME).order.project == chosen


def test_a_known_customer_whom_nobody_filed_is_the_closers_sale(cast):
    customer = customer_of(cast.filer)
    deposit(cast.closer)
    assert Ruling.objects.get().credited_to == cast.closer
    customer.refresh_from_db()
    assert customer.owner == cast.filer


def test_the_same_form_twice_is_one_deposit(cast):
    key = uuid4()
    first = deposit(cast.closer, key=key)
    assert deposit(cast.closer, key=key) == first
    assert (Payment.objects.count(), Order.objects.count(), Deal.objects.count()) == (1, 1, 1)
    with pytest.raises(FormOfSomebodyElse):
        deposit(cast.closer, key=key, amount=Decimal(1))


def test_a_second_home_is_a_project_of_its_own_that_a_person_looks_at(cast):
    customer = customer_of(cast.filer)
    filed(customer, cast.filer)
    taken = deposit(cast.closer, address=SECOND_HOME)
    assert taken.order.project.address == SECOND_HOME
    assert Deal.objects.get().is_new_project
    assert Dispute.objects.get().kind == DisputeKind.NEW_PROJECT
    assert Deal.objects.get().credited_to is None


def test_among_several_homes_the_address_says_which(cast):
    customer = customer_of(cast.filer)
    second = Project.objects.create(
        customer=customer, address=SECOND_HOME, address_key="西溪里|3|2|301",
        opened_by=cast.filer, opened_at=NOW,
    )  # fmt: skip
    filed(customer, cast.filer, project=second)
    with pytest.raises(SaleNotMade) as refusal:
        deposit(cast.closer, address="")
    assert refusal.value.codes == ("which_home",)
    assert not Order.objects.exists()
    taken = deposit(cast.closer, address="西溪里3幢2单元301")
    assert taken.order.project == second
    assert Ruling.objects.get().credited_to == cast.filer


def test_the_only_project_takes_the_address_it_lacked(cast):
    customer = customer_of(cast.filer, address="")
    taken = deposit(cast.closer, address=HOME)
    assert taken.order.project == customer.projects.get()
    assert taken.order.project.address == HOME


def test_elsewhere_a_further_purchase_is_said(cast):
    shop = StoreFactory(trade=Trade.CARS)
    closer = PersonFactory(store=shop, role=Role.SALES_STORE)
    customer_of(closer, address="")
    assert not deposit(closer, address=SECOND_HOME).order.project.address
    assert deposit(closer, is_new_purchase=True).order.project == Project.objects.latest("pk")


def test_a_further_deposit_on_an_order_is_one_deal(cast):
    customer_of(cast.closer)
    first = deposit(cast.closer, order_no="A-1")
    second = deposit(cast.closer, order_no="A-1", now=LATER + timedelta(days=1))
    assert second.order == first.order
    assert (Deal.objects.count(), Ruling.objects.count()) == (1, 1)


def test_an_order_number_of_somebody_else_is_refused(cast):
    deposit(cast.closer, order_no="A-1")
    customer_of(cast.filer, phone="13900139000")
    with pytest.raises(SaleNotMade) as refusal:
        deposit(cast.closer, order_no="A-1", phone=normalise("13900139000"))
    assert refusal.value.codes == ("number_taken",)


def test_deposits_make_a_deal_when_enough_is_paid(cast):
    Policy.objects.filter(trade=Trade.FURNITURE).update(min_deposit=6000)
    taken = deposit(cast.closer, order_no="A-1")
    assert not Deal.objects.exists()
    assert credited(credit_of(taken.order.number)).tone == "wait"
    deposit(cast.closer, order_no="A-1")
    assert Deal.objects.get().amount == 10_000


def test_filing_after_the_deal_is_void(cast):
    customer = customer_of(cast.filer)
    deposit(cast.closer, now=LATER)
    same = file(customer, cast.filer, now=LATER)
    assert same.invalid == Invalid.AFTER_DEAL


def test_a_deposit_in_another_region_credits_home_and_is_recorded(cast):
    far = StoreFactory(region=RegionFactory(name="宁波"))
    closer = PersonFactory(store=far, role=Role.SALES_STORE)
    customer_of(cast.filer)
    taken = deposit(closer)
    assert Ruling.objects.get().is_home_region
    assert Violation.objects.get().kind == ViolationKind.CROSS_REGION_SALE
    assert credited(credit_of(taken.order.number)).who.endswith("杭州")


def test_where_terms_block_it_a_manager_takes_the_order(cast):
    Policy.objects.filter(trade=Trade.FURNITURE).update(cross_region_sale=CrossRegionSale.BLOCK)
    far = StoreFactory(region=RegionFactory(name="宁波"))
    customer_of(cast.filer)
    with pytest.raises(DealNotMade):
        deposit(PersonFactory(store=far, role=Role.SALES_STORE))
    assert not Payment.objects.exists()
    assert not Order.objects.exists()
    deposit(PersonFactory(store=far, role=Role.STORE_MANAGER))
    assert Ruling.objects.get().is_home_region


def test_before_the_button_a_number_says_one_word(cast):
    def said(customer, *, by=cast.closer, now=LATER):
        return looked_up(customer, by=by, acting=[by.pk], is_filing=True, now=now)

    customer = customer_of(cast.filer)
    assert said(None) == said(customer) == LookUp.FREE
    filed(customer, cast.filer)
    assert said(customer) == LookUp.FILED
    assert said(customer, by=cast.filer) == LookUp.YOURS
    lapsed = NOW + timedelta(days=11)
    assert said(customer, now=lapsed) == LookUp.FREE
    Policy.objects.update(lapse_by=LapseBy.DEPOSIT)
    assert said(customer, now=lapsed) == LookUp.FILED
    assert said(customer, by=cast.filer, now=lapsed) == LookUp.FREE
    deposit(cast.closer, now=lapsed)
    assert said(customer, now=lapsed) == LookUp.OURS


def test_a_deposit_returned_in_full_is_no_deal_any_more(cast):
    customer = customer_of(cast.filer)
    filed(customer, cast.filer)
    taken = deposit(cast.closer)
    at = LATER + timedelta(days=1)
    returned = return_payment(payment=taken, reason="退定", by=cast.manager, now=at)
    assert returned.returned_at == at
    assert Deal.objects.get().undone_at == at
    assert [row.holder for row in protecting(customer=customer, now=at)] == [cast.filer]
    assert credited(credit_of(taken.order.number)).tone == "plain"
    assert Notice.objects.filter(person=cast.filer, kind=NoticeKind.CREDIT).count() == 2
    again = return_payment
    with pytest.raises(PaymentNotReturned):
        again(payment=taken, reason="退定", by=cast.manager, now=at)


@pytest.mark.parametrize(("reason", "code"), [(" ", "reason_missing"), ("退", "own_payment")])
def test_what_stops_a_return(cast, reason, code):
    taken = deposit(cast.closer)
    with pytest.raises(PaymentNotReturned) as refusal:
        return_payment(payment=taken, reason=reason, by=cast.closer, now=LATER)
    assert refusal.value.codes == (code,)
    assert Payment.objects.get().returned_at is None


def test_the_rest_of_an_order_keeps_its_deal(cast):
    first = deposit(cast.closer, order_no="A-1")
    deposit(cast.closer, order_no="A-1")
    return_payment(payment=first, reason="多收", by=cast.manager, now=LATER)
    assert Deal.objects.get().undone_at is None


FAILPOINTS = (
    "orders.services.deposits.bought",
    "orders.services.deposits._order",
    "orders.services.deposits._settle",
    "filings.services.settling._deal",
    "filings.services.settling.write_ruling",
    "filings.services.settling.credit",
    "filings.services.settling._dispute",
    "orders.services.settling.tell_whose",
)


class Killed(RuntimeError):
    """The process ends here."""


@pytest.mark.parametrize("step", FAILPOINTS)
@pytest.mark.parametrize("is_known", [True, False])
def test_whatever_dies_on_the_way_leaves_nothing(cast, monkeypatch, step, is_known):
    if is_known:
        filed(customer_of(cast.filer), cast.filer)
    seen = (Customer.objects.count(), FilingEvent.objects.count(), Project.objects.count())

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(step, die)
        with pytest.raises(Killed):
            deposit(cast.closer)
    assert not (Payment.objects.exists())
    assert not (Order.objects.exists())
    assert not (Deal.objects.exists())
    assert not (Ruling.objects.exists())
    assert not (Notice.objects.exists())
    assert seen == (
        Customer.objects.count(), FilingEvent.objects.count(), Project.objects.count()
    )  # fmt: skip
    deposit(cast.closer)
    assert Ruling.objects.get().credited_to == (cast.filer if is_known else cast.closer)


def test_a_handed_over_filing_credits_its_holder(cast):
    filing = filed(customer_of(cast.filer), cast.filer)
    colleague = PersonFactory(store=cast.store, role=Role.SALES_STORE)
    filings.hand_over(filing=filing, holder=colleague, reason="调岗", by=cast.manager,
                      now=NOW + timedelta(days=1))  # fmt: skip
    deposit(cast.closer)
    assert Ruling.objects.get().credited_to == colleague
    assert Filing.objects.get().filer == cast.filer


def test_no_number_of_the_customer_stands_in_what_is_kept(cast):
    deposit(cast.closer, payer=f"李 {PHONE}")
    assert PHONE not in str(Ruling.objects.get().facts)
