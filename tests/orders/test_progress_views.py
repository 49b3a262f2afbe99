"""The pages of how an order goes on: letter, goods, days, deliveries, what went wrong, the end."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from customers.models import OwnedProduct
from followups.models import AnchorDay
from followups.states import Anchor
from orders.models import Delivery, Incident, Milestone, OrderEvent
from orders.rules.checklists import checklist
from orders.services.incidents import Mishap, note_incident
from orders.states import EventKind, LineState, MilestoneKind, OrderState
from orders.wording.events import sentence
from staff.models import Store
from staff.states import DutyKind, Role, Trade
from tests.factories.customers import CustomerFactory
from tests.factories.orders import date_change, delivery, due, incident, order, payment
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


WHOLE = ["complete", "undamaged", "installed", "explained"]


def today():
    return timezone.localdate()


def made(seller=None, *, state=OrderState.CONFIRMED, lines=None, **said):
    seller = seller or PersonFactory()
    customer = CustomerFactory(owner=seller, name="李先生")
    days = {"promised_on": today() + timedelta(days=20), "current_on": today() + timedelta(days=20)}
    facts = {"on": today() - timedelta(days=5), "lines": lines or [{"state": LineState.READY}]}
    return order(seller=seller, customer=customer, state=state, **facts | days | said)


def acts(of):
    """Every page of an act on this order: its address and what is sent."""
    line = of.lines.first()
    day = str(today() + timedelta(days=30))
    return {
        "allocate": (f"/orders/{of.pk}/allocate/", {}),
        "move": (f"/orders/{of.pk}/move/",
                 {"lines": [line.pk], "to": "shipped", "on": str(today())}),
        "back": (f"/orders/lines/{line.pk}/back/", {"seen": line.state, "reason": "点错"}),
        "arrival": (f"/orders/lines/{line.pk}/arrival/", {"on": day, "cause": "supplier"}),
        "plan": (f"/orders/{of.pk}/plan/", {"on": day, "cause": "site", "preparation": ["lift"]}),
        "wish": (f"/orders/{of.pk}/wish/", {"on": day, "cause": "customer"}),
        "deliver": (f"/orders/{of.pk}/deliver/", {}),
        "incident": (f"/orders/{of.pk}/incident/",
                     {"kind": "damaged", "note": "破损", "key": str(uuid4())}),
        "letter_sent": (f"/orders/{of.pk}/letter/sent/", {"way": "wechat"}),
        "confirm": (f"/orders/{of.pk}/confirm/", {}),
    }  # fmt: skip


def hand_over(of, **said):
    sent = {f"qty_{line.pk}": line.qty - line.delivered_qty for line in of.lines.all()}
    return sent | {"delivered_on": str(today()), "delivered_time": "", "signed_by": "李先生",
                   "checked": WHOLE, "note": "", "key": str(uuid4())} | said  # fmt: skip


# --- Who may.


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("sales_store", 200), ("stranger", 404), ("sales_field", 404), ("store_manager", 200),
        ("field_supervisor", 404), ("ops_manager", 200), ("marketing_manager", 403),
        ("merchandiser", 403), ("finance", 403), ("admin", 403),
    ],
)  # fmt: skip
def test_who_moves_goods(company, as_, role, status):
    of = made(company.sales_store)
    browser = as_(getattr(company, role))
    for address, _sent in acts(of).values():
        assert browser.get(address).status_code == status, address
    assert browser.get("/orders/999999/move/").status_code in (404, 403)


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 403), ("stranger", 404), ("store_manager", 403), ("ops_manager", 403),
     ("finance", 200), ("merchandiser", 403)],
)  # fmt: skip
def test_finance_alone_closes(company, as_, role, status):
    of = made(company.sales_store)
    browser = as_(getattr(company, role))
    for name in ("settle", "archive"):
        assert browser.get(f"/orders/{of.pk}/{name}/").status_code == status


@pytest.mark.parametrize("duty", [DutyKind.DELIVERY, DutyKind.ORDER_DESK])
def test_a_duty_opens_the_orders_of_its_store_alone(company, as_, duty):
    of, elsewhere = made(company.sales_store), made()
    DutyFactory(person=company.merchandiser, kind=duty, store=company.store)
    browser = as_(company.merchandiser)
    assert browser.get(f"/orders/{of.pk}/deliver/").status_code == 200
    assert browser.get(f"/orders/{elsewhere.pk}/deliver/").status_code == 404
    assert browser.post(f"/orders/{of.pk}/deliver/", hand_over(of)).status_code == 302


# --- The letter (M08).


def test_the_letter_has_all_six_and_its_way_to_the_promise(as_):
    of = made(state=OrderState.CHECKED, promised_on=None)
    browser = as_(of.seller)
    page = browser.get(f"/orders/{of.pk}/letter/").content.decode()
    day = of.current_on
    for item in (of.number, "李先生", "三人沙发", ">1<", "¥5,000", str(day.year)):
        assert item in page
    assert browser.post(f"/orders/{of.pk}/confirm/").status_code == 200  # not sent yet
    assert browser.post(f"/orders/{of.pk}/letter/sent/", {"way": "mail"}).status_code == 302
    assert browser.post(f"/orders/{of.pk}/confirm/").status_code == 302
    of.refresh_from_db()
    assert (of.state, of.promised_on, of.letter_way) == ("confirmed", day, "mail")
    assert of.letter_sent_at is not None
    assert of.confirmed_at is not None


def test_a_letter_that_lacks_something_says_what(as_):
    of = made(state=OrderState.CHECKED, promised_on=None, current_on=None)
    browser = as_(of.seller)
    for address in (f"/orders/{of.pk}/letter/", f"/orders/{of.pk}/letter/sent/",
                    f"/orders/{of.pk}/confirm/"):  # fmt: skip
        assert "lacks the delivery date" in browser.get(address).content.decode()
    page = browser.post(f"/orders/{of.pk}/letter/sent/", {"way": "mail"}).content.decode()
    assert "lacks the delivery date" in page


# --- Goods and days (M09).


def test_every_act_is_done_from_its_page(as_):
    of = made(lines=[{"state": LineState.READY}, {"state": LineState.OPEN}])
    browser = as_(of.seller)
    sent = acts(of)
    for name in ("move", "plan", "wish", "incident"):
        address, said = sent[name]
        answer = browser.post(address, said)
        assert (answer.status_code, answer.url.split("#")[0]) == (302, f"/orders/{of.pk}/"), name
    line = of.lines.order_by("position").first()
    assert line.state == "shipped"
    address = sent["back"][0]
    assert browser.post(address, {"seen": "shipped", "reason": ""}).status_code == 200
    assert browser.post(address, {"seen": "shipped", "reason": "点错"}).status_code == 302
    other = of.lines.order_by("position").last()
    said = {"lines": [other.pk], "supply": "purchase", "po_no": "PO-1",
            "arrives_on": str(today() + timedelta(days=3))}  # fmt: skip
    assert browser.post(sent["allocate"][0], said).status_code == 302
    other.refresh_from_db()
    assert (other.supply, other.po_no, other.state) == ("purchase", "PO-1", "allocated")


def test_a_later_arrival_moves_the_delivery_and_puts_the_call_on_the_list(as_):
    at = today() + timedelta(days=10)
    of = made(lines=[{"state": LineState.SUBMITTED, "arrives_on": at}], current_on=at)
    browser = as_(of.seller)
    later = at + timedelta(days=14)
    said = {"on": str(later), "cause": "supplier", "note": "停电", "delivery": "along"}
    address = f"/orders/lines/{of.lines.get().pk}/arrival/"
    assert browser.post(address, said | {"delivery": "other"}).status_code == 200  # which day?
    assert browser.post(address, said).status_code == 302
    of.refresh_from_db()
    assert of.current_on == later
    assert of.promised_on == today() + timedelta(days=20)
    text = f"{of.number} · {at:%m-%d} → {later:%m-%d}"
    assert AnchorDay.objects.get(anchor=Anchor.ORDER_NEWS).text == text
    assert text in browser.get("/today/").content.decode()
    page = browser.get(f"/orders/{of.pk}/").content.decode()
    assert "停电" in page


def test_a_first_arrival_after_the_planned_delivery_is_pointed_out(as_):
    at = today() + timedelta(days=10)
    of = made(lines=[{"state": LineState.SUBMITTED, "arrives_on": at}],
              current_on=at - timedelta(days=1))  # fmt: skip
    page = as_(of.seller).get(f"/orders/{of.pk}/").content.decode()
    assert f"/orders/{of.pk}/plan/?on={at}" in page


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("move", {"lines": []}), ("move", {"to": "arrived"}), ("move", {"on": "morgen"}),
        ("plan", {"cause": ""}), ("plan", {"on": "2020-01-01"}), ("wish", {"cause": "x"}),
        ("incident", {"note": ""}), ("incident", {"kind": ""}),
    ],
)  # fmt: skip
def test_what_is_wrong_stays_on_the_page(as_, name, wrong):
    of = made()
    address, said = acts(of)[name]
    answer = as_(of.seller).post(address, said | wrong)
    assert answer.status_code == 200
    assert re.search('class="wrong|is-error', answer.content.decode())
    assert not OrderEvent.objects.exists()


# --- Deliveries.


def test_goods_are_handed_over_and_mended_from_their_pages(as_):
    of = made(lines=[{"state": LineState.READY, "qty": 2}])
    browser = as_(of.seller)
    address = f"/orders/{of.pk}/deliver/"
    page = browser.post(address, hand_over(of, checked=["complete"], note="六楼")).content.decode()
    assert "Undamaged" in page
    assert "六楼" in page
    sent = hand_over(of, delivered_time="00:01")
    assert browser.post(address, sent).status_code == 302
    assert browser.post(address, sent).status_code == 302
    row = Delivery.objects.get()
    assert row.delivered_at is not None
    assert OwnedProduct.objects.get(customer=of.customer) == row.product
    page = browser.get(f"/orders/{of.pk}/").content.decode()
    for act in ("correct", "void"):
        assert f"/orders/deliveries/{row.pk}/{act}/" in page
    yesterday = str(today() - timedelta(days=1))
    said = {"delivered_on": yesterday, "delivered_time": "", "reason": "昨天送的"}
    assert browser.post(f"/orders/deliveries/{row.pk}/correct/", said).status_code == 302
    row.refresh_from_db()
    assert str(row.delivered_on) == yesterday
    address = f"/orders/deliveries/{row.pk}/void/"
    assert browser.post(address, {"reason": ""}).status_code == 200
    assert browser.post(address, {"reason": "送错"}).status_code == 302
    page = browser.get(f"/orders/{of.pk}/").content.decode()
    assert "送错" in page
    assert f"/orders/deliveries/{row.pk}/void/" not in page


def test_some_of_the_goods_sent_twice_are_handed_over_once(as_):
    """What the first sending took is not missed by the second."""
    of = made(lines=[{"state": LineState.READY, "qty": 6}])
    browser, address = as_(of.seller), f"/orders/{of.pk}/deliver/"
    sent = hand_over(of) | {f"qty_{of.lines.get().pk}": 4}
    assert browser.post(address, sent).status_code == 302
    assert browser.post(address, sent).status_code == 302
    assert of.lines.get().delivered_qty == 4
    other = sent | {f"qty_{of.lines.get().pk}": 2}
    assert "already sent with other contents" in browser.post(address, other).content.decode()
    again = browser.post(address, sent | {"key": str(uuid4())})
    assert "2 are left" in again.content.decode()


def test_a_vin_that_looks_mistyped_is_kept_and_pointed_out(as_):
    seller = PersonFactory(store=StoreFactory(trade=Trade.CARS))
    of = made(seller)
    checked = [item.value for item in checklist(Trade.CARS)]
    sent = hand_over(of, checked=checked, **{f"serial_{of.lines.get().pk}": "LSV123"})
    page = as_(seller).post(f"/orders/{of.pk}/deliver/", sent, follow=True).content.decode()
    assert "The VIN has 6 characters instead of 17." in page
    assert OwnedProduct.objects.get().serial == "LSV123"


def test_goods_of_two_deliveries_are_whole_since_the_last_whichever_is_corrected(as_):
    of = made(lines=[{"state": LineState.READY, "qty": 6}], on=today() - timedelta(days=20))
    browser, line = as_(of.seller), of.lines.get()
    for days, qty in ((9, 4), (2, 2)):
        said = {f"qty_{line.pk}": qty, "delivered_on": str(today() - timedelta(days=days))}
        browser.post(f"/orders/{of.pk}/deliver/", hand_over(of) | said)
    first = of.deliveries.order_by("delivered_on").first()
    earlier = {"delivered_on": str(today() - timedelta(days=12)), "delivered_time": ""}
    address = f"/orders/deliveries/{first.pk}/correct/"
    assert browser.post(address, earlier | {"reason": "记错"}).status_code == 302
    reached = Milestone.objects.get(line=line, kind=MilestoneKind.DELIVERED).reached_on
    assert reached == today() - timedelta(days=2)


def test_what_is_left_to_come_is_not_handed_over_and_has_its_day(as_):
    """Delivered goods are no goods that are here; an arrival that nobody knew can be said."""
    of = made(lines=[{"state": LineState.READY}, {"state": LineState.SUBMITTED}])
    browser, page = as_(of.seller), f"/orders/{of.pk}/"
    assert "Goods are here" in browser.get(page).content.decode()
    first, awaited = of.lines.order_by("position")
    browser.post(f"{page}deliver/", hand_over(of) | {f"qty_{awaited.pk}": ""})
    first.refresh_from_db()
    assert first.state == LineState.DELIVERED
    shown = browser.get(page).content.decode()
    assert "Goods are here" not in shown
    assert f"/orders/lines/{awaited.pk}/arrival/" in shown


def test_the_hour_of_a_delivery_is_that_of_its_store(as_):
    of = made(on=today() - timedelta(days=5))
    Store.objects.filter(pk=of.store_id).update(zone="Asia/Urumqi")
    browser, day = as_(of.seller), str(today() - timedelta(days=1))
    said = hand_over(of, delivered_on=day, delivered_time="10:05")
    assert browser.post(f"/orders/{of.pk}/deliver/", said).status_code == 302
    assert " 10:05" in browser.get(f"/orders/{of.pk}/").content.decode()


def test_installed_another_day_from_its_page(as_):
    of = made()
    browser = as_(of.seller)
    browser.post(f"/orders/{of.pk}/deliver/", hand_over(of, checked=[*WHOLE[:2], WHOLE[3]]))
    row = Delivery.objects.get()
    address = f"/orders/deliveries/{row.pk}/installed/"
    assert address in browser.get(f"/orders/{of.pk}/").content.decode()
    assert browser.post(address, {"on": str(today())}).status_code == 302


def test_what_holds_a_delivery_stands_there_in_place_of_the_form(as_):
    of = made()
    due(of, 5000)
    browser = as_(of.seller)
    page = browser.get(f"/orders/{of.pk}/deliver/").content.decode()
    assert "¥5,000" in page
    assert f"qty_{of.lines.get().pk}" not in page
    assert browser.post(f"/orders/{of.pk}/deliver/", hand_over(of)).status_code == 200
    assert not Delivery.objects.exists()


def test_a_photo_of_the_signed_note_is_kept_with_the_papers(as_):
    of = made()
    out = BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "PNG")
    browser = as_(of.seller)
    wrong = hand_over(of, photo=SimpleUploadedFile("x.jpg", b"no picture"))
    assert browser.post(f"/orders/{of.pk}/deliver/", wrong).status_code == 200
    right = hand_over(of, photo=SimpleUploadedFile("x.png", out.getvalue()))
    assert browser.post(f"/orders/{of.pk}/deliver/", right).status_code == 302
    assert of.files.get().file == Delivery.objects.get().photo


# --- What went wrong, and the end.


def test_what_went_wrong_is_mended_and_has_its_case(as_):
    of = made()
    told = Mishap(kind="damaged", note="桌面破损", line=of.lines.get())
    row = note_incident(order=of, told=told, by=of.seller, key=uuid4())
    browser = as_(of.seller)
    assert "桌面破损" in browser.get(f"/orders/{of.pk}/").content.decode()
    address = f"/orders/incidents/{row.pk}/case/"
    assert browser.post(address, {"kind": "repair"}).status_code == 302
    assert browser.post(address, {"kind": "repair"}).status_code == 200
    address = f"/orders/incidents/{row.pk}/solve/"
    assert browser.post(address, {"remedy": ""}).status_code == 200
    assert browser.post(address, {"remedy": "换新"}).status_code == 302
    assert Incident.objects.get().solved_at is not None
    assert "换新" in browser.get(f"/orders/{of.pk}/").content.decode()


def test_a_balance_of_12_is_said_on_the_page_and_nothing_is_settled(as_):
    finance = PersonFactory(role=Role.FINANCE)
    lines = [{"state": LineState.DELIVERED, "delivered_qty": 1}]
    of = made(state=OrderState.DELIVERED, lines=lines)
    payment(of, 4988, confirmed_by=finance)
    browser = as_(finance)
    page = browser.get(f"/orders/{of.pk}/settle/").content.decode()
    assert "12.00" in page
    assert "12.00" in browser.post(f"/orders/{of.pk}/settle/").content.decode()
    payment(of, 12, confirmed_by=finance)
    assert browser.post(f"/orders/{of.pk}/settle/").status_code == 302
    assert browser.post(f"/orders/{of.pk}/archive/").status_code == 302
    of.refresh_from_db()
    assert of.state == "archived"
    page = as_(of.seller).get(f"/orders/{of.pk}/").content.decode()
    for act in ("move", "plan", "deliver", "incident", "allocate", "wish"):
        assert f"/orders/{of.pk}/{act}/" not in page
    assert as_(of.seller).post(*acts(of)["plan"]).status_code == 200


# --- The order page.


def counted(browser, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_the_page_asks_as_much_for_one_line_as_for_twelve(as_):
    seller = PersonFactory()
    one, many = (
        made(seller, lines=[{"state": LineState.READY, "qty": 2}] * count) for count in (1, 12)
    )
    for of in (one, many):
        for line in of.lines.all():
            delivery(of, today(), pieces={line.pk: 1})
            incident(of, line=line)
            date_change(of, today() + timedelta(days=line.pk), line=line)
            for kind in (EventKind.READY, EventKind.DELIVERED):
                OrderEvent.objects.create(order=of, line=line, kind=kind, by=seller)
    browser = as_(seller)
    assert counted(browser, f"/orders/{many.pk}/") <= counted(browser, f"/orders/{one.pk}/")


def test_every_kind_of_event_has_its_sentence():
    of = made()
    for kind in EventKind:
        bare = sentence(OrderEvent(order=of, kind=kind, by=of.seller, params={}))
        assert bare
        assert "%" not in bare


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        ("shipped", {"on": "2026-03-19", "carrier": "德邦", "tracking_no": "DB1"},
         "三人沙发 shipped on 19 Mar with 德邦, DB1"),
        ("shipped", {"on": "2026-03-19", "carrier": "", "tracking_no": ""},
         "三人沙发 shipped on 19 Mar"),
        ("date_changed", {"which": "eta", "before": "2026-05-10", "after": "2026-05-24",
                          "cause": "supplier"},
         "三人沙发, Expected arrival: 10 May → 24 May (Supplier)"),
        ("taken_back", {"before": "ready", "after": "allocated"},
         "三人沙发: “Ready” taken back to “Allocated”"),
        ("paid", {"amount": "5000.00", "of": "deposit", "method": "wechat"},
         "Deposit of ¥5,000 recorded (WeChat Pay)"),
        ("line_changed", {"before": "5000.00", "after": "4500.00"},
         "三人沙发 changed: ¥5,000 → ¥4,500"),
    ],
)  # fmt: skip
def test_what_happened_reads_as_a_sentence(kind, params, said):
    of = made()
    line = of.lines.get()
    assert sentence(OrderEvent(order=of, line=line, kind=kind, by=of.seller, params=params)) == said
