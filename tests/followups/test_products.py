"""What becomes of an owned product, and of the care that counts from it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.models import AuditEntry
from customers import services as customers
from customers.models import Access, OwnedProduct, ProductEvent
from customers.services import EventNotRecorded, Happening, ProductDetails, ProductNotRecorded
from customers.states import GoneReason, ProductEventKind
from followups import services
from followups.models import Course, Obligation
from followups.services import engine
from followups.states import State
from followups.verification import (
    empty_task_differences,
    obligation_differences,
    task_differences,
)
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups import oracle
from tests.followups.build import at, customer, dues, shop

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")
WHY = "交车单写错了日子"
TOLD = ProductDetails(colour="白", insurer="平安", policy_no="P1", price=Decimal("219800"))


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def car(place):
    """Delivered on 1 March, insured until the end of February, with its care under way."""
    who = customer(place, now=at("2026-03-01 09:00"), grade="B2")
    return services.record_delivery(
        customer=who, product="远山X5", serial="lsvnv133x22222222", sold_by=place.seller,
        delivered_on=date(2026, 3, 1), insurance_until=date(2027, 2, 28), details=TOLD,
        by=place.seller, now=at("2026-03-01 18:00"), key=uuid4(),
    )  # fmt: skip


def whole(product, **changes):
    """All that the form of a change sends."""
    product.refresh_from_db()
    details = {name: getattr(product, name) for name in ProductDetails.__dataclass_fields__}
    told = {
        "seen": customers.version_of_product(product),
        "name": product.product,
        **{
            name: getattr(product, name)
            for name in (
                "serial", "sold_by", "purchased_on", "delivered_on", "delivered_at",
                "insurance_until",
            )
        },
    }  # fmt: skip
    more = {name: changes.pop(name) for name in list(changes) if name in details}
    return told | changes | {"details": ProductDetails(**details | more)}


def change(product, *, by=None, now=NOW, **changes):
    told = whole(product, **changes)
    services.change_delivery(product=product, by=by or product.sold_by, now=now, **told)
    product.refresh_from_db()


def verified(now=NOW) -> list:
    found = [obligation_differences(now=now), task_differences(), empty_task_differences()]
    return [difference for differences in found for difference in differences]


def codes(refusal) -> tuple[str, ...]:
    return refusal.value.codes


def owed(product, *, on, noted_on, last_run_on):
    return oracle.owed(on=on, at=None, noted_on=noted_on, last_run_on=last_run_on, horizon=60)


def standing(product, *states):
    rows = Obligation.objects.filter(subject_id=product.pk, step__plan__code="dealer")
    rows = rows.filter(state__in=states or [State.OPEN, State.DONE])
    return set(rows.values_list("step__code", "occurrence", "due_on", "due_at"))


def test_a_delivery_takes_the_further_details_and_normal_spellings(car):
    assert (car.serial, car.colour, car.insurer) == ("LSVNV133X22222222", "白", "平安")
    assert car.customer.__class__.objects.get().bought_total == Decimal("219800")


def test_correcting_a_name_opens_the_card_to_no_former_seller(place, car):
    heir, other = (PersonFactory(role="sales_store", store=place.store) for _ in range(2))
    services.assign_keeper(customer=car.customer, keeper=heir, by=place.manager, now=NOW)
    Access.objects.filter(customer=car.customer).delete()
    change(car, by=heir, name="远山X5 plus")
    assert not Access.objects.filter(customer=car.customer).exists()
    change(car, by=heir, sold_by=other)
    assert Access.objects.get(customer=car.customer).person == other


def test_a_corrected_delivery_moves_what_is_open_and_leaves_what_is_done(car, place):
    done = Obligation.objects.get(step__code="dealer_7d")
    Obligation.objects.filter(pk=done.pk).update(state=State.DONE, closed_at=NOW)
    change(car, delivered_on=date(2026, 3, 5), by=place.manager, reason=WHY)
    assert car.delivered_noted_at == at("2026-03-01 18:00")
    as_owed = owed(car, on=date(2026, 3, 5), noted_on=date(2026, 3, 1), last_run_on=NOW.date())
    stands = standing(car)
    assert {row for row in stands if row[0] != "dealer_7d"} == {
        row for row in as_owed if row[0] != "dealer_7d"
    }
    done.refresh_from_db()
    assert (done.state, done.due_on) == (State.DONE, date(2026, 3, 8))
    assert verified() == []
    entry = AuditEntry.objects.get(verb="change_product")
    assert entry.detail["days"]["delivered_on"] == ["2026-03-01", "2026-03-05"]
    assert entry.reason == WHY


@pytest.mark.parametrize(
    ("who", "minutes", "reason", "code"),
    [
        ("seller", 10, "", ""),
        ("seller", 11, WHY, "delivery_stands"),
        ("colleague", 1, WHY, "delivery_stands"),
        ("manager", 11, " ", "redelivery_needs_a_reason"),
        ("manager", 9999, WHY, ""),
    ],
)
def test_who_says_that_the_delivery_was_on_another_day(car, place, who, minutes, reason, code):
    by = {
        "seller": place.seller,
        "manager": place.manager,
        "colleague": PersonFactory(role=Role.SALES_STORE, store=place.store),
    }[who]
    now = at("2026-03-01 18:00") + timedelta(minutes=minutes)
    told = {"by": by, "now": now, "reason": reason}
    if not code:
        change(car, delivered_on=date(2026, 2, 27), **told)
        assert car.delivered_on == date(2026, 2, 27)
        return
    with pytest.raises(customers.ProductNotRecorded) as refusal:
        change(car, delivered_on=date(2026, 2, 27), **told)
    assert refusal.value.codes == (code,)
    change(car, colour="黑", **told)
    assert (car.colour, car.delivered_on) == ("黑", date(2026, 3, 1))


def test_a_delivery_taken_away_ends_its_care_and_given_again_brings_it_back(car, place):
    before = standing(car)
    taken = {"delivered_on": None, "purchased_on": date(2026, 2, 20)}
    change(car, **taken, by=place.manager, reason=WHY)
    assert (standing(car), car.delivered_noted_at) == (set(), None)
    assert verified() == []
    change(car, delivered_on=date(2026, 3, 1), now=at("2026-03-02 09:00"))
    assert before <= standing(car)
    assert verified(now=at("2026-03-02 09:00")) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "product_missing"),
        ({"delivered_on": date(2026, 3, 13)}, "delivered_in_future"),
        ({"purchased_on": date(2026, 3, 13)}, "purchased_in_future"),
        ({"purchased_on": date(2026, 3, 2)}, "delivered_before_purchase"),
        ({"delivered_on": None}, "no_date"),
        ({"seen": "what it said yesterday"}, "changed_meanwhile"),
        ({"serial": "LSVNV133X33333333"}, "serial_is_taken"),
    ],
)
def test_a_change_is_refused_in_words(car, place, changes, code):
    other = customer(place, now=NOW)
    services.record_delivery(
        customer=other, product="X3", serial="LSVNV133X33333333", delivered_on=NOW.date(),
        by=place.seller, now=NOW, key=uuid4(),
    )  # fmt: skip
    before = dues(car.customer)
    with pytest.raises(ProductNotRecorded) as refusal:
        change(car, **changes)
    assert code in codes(refusal)
    assert str(refusal.value)
    assert dues(car.customer) == before


def test_a_change_of_nothing_leaves_no_trace(car):
    change(car)
    assert not AuditEntry.objects.filter(verb="change_product").exists()


@pytest.mark.parametrize("because", [GoneReason.SOLD, GoneReason.SCRAPPED, GoneReason.RETURNED])
def test_what_is_gone_ends_its_care_and_comes_back_with_it(car, place, because):
    before = standing(car)
    services.end_product(
        product=car, gone_on=date(2026, 3, 11), because=because, note="置换", by=place.seller,
        now=NOW,
    )  # fmt: skip
    assert standing(car) == set()
    assert verified() == []
    assert Course.objects.get(product=car).ends_on is None
    engine.ask(now=at("2026-05-01 10:00"))
    assert standing(car) == set()
    assert verified(now=at("2026-05-01 10:00")) == []

    services.restore_product(product=car, reason="搞错了", by=place.manager, now=NOW)
    engine.touch_and_ask(customers=[car.customer_id], now=NOW)
    assert before <= standing(car)
    assert verified() == []
    assert not ProductEvent.objects.filter(voided_at=None).exists()


def test_the_oracle_would_notice_care_for_what_is_gone(car):
    """The control: the mark alone, without asking the engine, is found by verify."""
    OwnedProduct.objects.update(gone_on=NOW.date(), gone_reason=GoneReason.SCRAPPED)
    assert {difference.check for difference in verified()} == {"obligation_too_many"}


def test_a_wrong_delivery_is_voided_by_a_manager_with_a_reason(car, place):
    with pytest.raises(ProductNotRecorded) as refusal:
        services.remove_product(product=car, reason="x", by=place.seller, now=NOW)
    assert codes(refusal) == ("too_late_to_take_back",)
    with pytest.raises(ProductNotRecorded) as refusal:
        services.remove_product(product=car, reason=" ", by=place.manager, now=NOW)
    assert codes(refusal) == ("reason_missing",)

    services.remove_product(product=car, reason="记到别人卡上", by=place.manager, now=NOW)
    car.refresh_from_db()
    assert (car.gone_reason, car.gone_note) == (GoneReason.MISTAKE, "记到别人卡上")
    assert standing(car) == set()
    assert verified() == []
    owner = car.customer
    owner.refresh_from_db()
    assert (owner.bought_count, owner.bought_total, owner.last_bought_on) == (0, 0, None)
    with pytest.raises(ProductNotRecorded) as refusal:
        services.remove_product(product=car, reason="again", by=place.manager, now=NOW)
    assert codes(refusal) == ("product_is_gone",)


def test_whoever_recorded_it_takes_it_back_within_ten_minutes(car, place):
    colleague = PersonFactory(store=place.store)
    soon = at("2026-03-01 18:10")
    with pytest.raises(ProductNotRecorded) as refusal:
        services.remove_product(product=car, reason="x", by=colleague, now=soon)
    assert codes(refusal) == ("not_yours_to_take_back",)
    services.remove_product(product=car, reason="写错", by=place.seller, now=soon)
    assert OwnedProduct.objects.get().gone_reason == GoneReason.MISTAKE


def test_a_number_recorded_on_a_wrong_card_is_free_for_the_right_one(car, place):
    services.remove_product(product=car, reason="记错", by=place.manager, now=NOW)
    right = customer(place, now=NOW)
    there = services.record_delivery(
        customer=right, product="远山X5", serial=car.serial, delivered_on=date(2026, 3, 1),
        by=place.seller, now=NOW, key=uuid4(),
    )  # fmt: skip
    assert there.serial == car.serial
    with pytest.raises(ProductNotRecorded) as refusal:
        services.restore_product(product=car, reason="不对", by=place.manager, now=NOW)
    assert codes(refusal) == ("serial_is_taken",)


def test_a_car_sold_on_to_another_customer_stands_on_their_card(car, place):
    buyer = customer(place, now=NOW)
    there = services.end_product(
        product=car, gone_on=date(2026, 3, 11), because=GoneReason.SOLD, note="", to=buyer,
        by=place.seller, now=NOW,
    )  # fmt: skip
    assert (there.customer, there.serial, there.colour) == (buyer, car.serial, "白")
    assert (there.delivered_on, there.purchased_on, there.price) == (None, None, None)
    assert [event.kind for event in there.events.all()] == [ProductEventKind.TRANSFER]
    assert (standing(car), standing(there), verified()) == (set(), set(), [])
    buyer.refresh_from_db()
    assert buyer.bought_count == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"gone_on": date(2026, 3, 13)}, "gone_in_future"),
        ({"gone_on": date(2026, 2, 28)}, "gone_before_delivery"),
        ({"to": "self"}, "given_to_the_same"),
    ],
)
def test_an_end_is_refused_in_words(car, place, changes, code):
    if changes.get("to"):
        changes = {"to": car.customer}
    told = {"gone_on": NOW.date(), "because": GoneReason.SOLD, "note": ""} | changes
    with pytest.raises(ProductNotRecorded) as refusal:
        services.end_product(product=car, by=place.seller, now=NOW, **told)
    assert codes(refusal) == (code,)


def happened(product, kind, *, on=date(2026, 3, 11), by=None, now=NOW, key=None, **told):
    return services.record_product_event(
        product=product, told=Happening(kind=kind, on=on, **told), by=by or product.sold_by,
        now=now, key=key or uuid4(),
    )  # fmt: skip


def insured(product):
    product.refresh_from_db()
    return product.insurance_until, product.insurer, product.policy_no


def test_a_renewal_moves_the_insurance_on_and_voided_gives_it_back(car, place):
    event = happened(
        car, ProductEventKind.RENEWAL, insured_until=date(2028, 2, 29), insurer="人保",
        policy_no="P2",
    )  # fmt: skip
    assert insured(car) == (date(2028, 2, 29), "人保", "P2")
    services.void_product_event(event=event, reason="没付款", by=place.manager, now=NOW)
    assert insured(car) == (date(2027, 2, 28), "平安", "P1")
    event.refresh_from_db()
    assert (event.voided_by, event.void_reason) == (place.manager, "没付款")
    with pytest.raises(EventNotRecorded) as refusal:
        services.void_product_event(event=event, reason="x", by=place.manager, now=NOW)
    assert codes(refusal) == ("already_voided",)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_renewals_voided_in_any_order_give_the_first_insurance_back(car, place, order):
    events = [
        happened(car, ProductEventKind.RENEWAL, insured_until=date(year, 2, 28), insurer=name)
        for year, name in ((2028, "人保"), (2029, "太保"))
    ]
    for index in order:
        services.void_product_event(event=events[index], reason="x", by=place.manager, now=NOW)
    assert insured(car) == (date(2027, 2, 28), "平安", "P1")


def test_what_was_corrected_after_a_renewal_stays_when_it_is_voided(car, place):
    event = happened(car, ProductEventKind.RENEWAL, insured_until=date(2028, 2, 29))
    change(car, insurance_until=date(2028, 3, 31))
    services.void_product_event(event=event, reason="x", by=place.manager, now=NOW)
    assert insured(car)[0] == date(2028, 3, 31)


@pytest.mark.parametrize(
    ("kind", "told", "code"),
    [
        ("renewal", {}, "renewal_needs_its_end"),
        ("renewal", {"insured_until": date(2027, 2, 28)}, "renewal_is_not_later"),
        ("renewal", {"insured_until": date(2026, 3, 11)}, "renewal_is_over"),
        ("renewal", {"insured_until": date(2062, 3, 11)}, "renewal_is_too_long"),
        ("service", {"on": date(2026, 3, 13)}, "event_in_future"),
        ("service", {"on": date(2026, 2, 27)}, "event_before_delivery"),
        ("complaint", {"text": " "}, "complaint_has_no_words"),
    ],
)
def test_an_event_is_refused_in_words(car, kind, told, code):
    with pytest.raises(EventNotRecorded) as refusal:
        happened(car, ProductEventKind(kind), **told)
    assert codes(refusal) == (code,)
    assert str(refusal.value)
    assert not ProductEvent.objects.exists()


def test_the_first_service_is_done_once(car, place):
    first = happened(car, ProductEventKind.FIRST_SERVICE, mileage=4800)
    with pytest.raises(EventNotRecorded) as refusal:
        happened(car, ProductEventKind.FIRST_SERVICE)
    assert codes(refusal) == ("first_service_is_done",)
    services.void_product_event(event=first, reason="x", by=place.manager, now=NOW)
    assert happened(car, ProductEventKind.FIRST_SERVICE).pk != first.pk


def test_an_event_is_recorded_once_and_taken_back_by_its_writer_in_time(car, place):
    key = uuid4()
    event = happened(car, ProductEventKind.REPAIR, key=key, text="换右后视镜")
    assert happened(car, ProductEventKind.REPAIR, key=key, text="换右后视镜") == event
    assert ProductEvent.objects.count() == 1
    for by, now, code in (
        (PersonFactory(store=place.store), NOW,
         "not_yours_to_take_back"),
        (place.seller, at("2026-03-12 10:11"), "too_late_to_take_back"),
    ):  # fmt: skip
        with pytest.raises(EventNotRecorded) as refusal:
            services.void_product_event(event=event, reason="x", by=by, now=now)
        assert codes(refusal) == (code,)
    services.void_product_event(
        event=event, reason="记错车", by=place.seller, now=at("2026-03-12 10:10")
    )
    assert ProductEvent.objects.get().voided_at == at("2026-03-12 10:10")


def test_a_gone_product_takes_nothing_more(car, place):
    services.end_product(
        product=car, gone_on=NOW.date(), because=GoneReason.SCRAPPED, note="", by=place.seller,
        now=NOW,
    )  # fmt: skip
    with pytest.raises(EventNotRecorded):
        happened(car, ProductEventKind.SERVICE)
    with pytest.raises(ProductNotRecorded):
        change(car, colour="黑")
    with pytest.raises(ProductNotRecorded):
        customers.set_replacement(product=car, replacement="year", by=place.seller, now=NOW)


def test_a_replacement_is_noted_once(car, place):
    for _again in range(2):
        customers.set_replacement(product=car, replacement="year", by=place.seller, now=NOW)
        car.refresh_from_db()
    assert car.replacement == "year"
    assert AuditEntry.objects.filter(verb="set_replacement").count() == 1
