"""An owner's products on the card, by thumb and by mouse, and the owner card on one sheet of A4."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from customers.models import Customer, HouseholdMember, OwnedProduct, ProductEvent
from customers.rules import NextStep
from customers.services import Happening, ProductDetails, set_replacement
from customers.states import Channel, NextKind, Outcome, ProductEventKind, Reason
from followups import services
from followups.states import Override
from staff.models import Person
from staff.states import Trade
from tests.factories.customers import CustomerFactory
from tests.followups.build import shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import SHOTS, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner():
    """A car owner of two years, cared for by plan, with a household, services and a referral."""
    place = shop(Trade.CARS)
    # As people are called; the factory's running number grows with every test before this one.
    Person.objects.filter(pk=place.seller.pk).update(name="林晓月")
    place.seller.refresh_from_db()
    now = timezone.now()
    today = timezone.localdate()
    delivered_on = today - timedelta(days=760)
    who = CustomerFactory(
        name="王建国", title="mr", phone="13911204476", owner=place.seller, grade="C1",
        address="望京花园 7幢3单元502", contact_time="12:00–13:00", wechat="wangjg_88",
        birth_year=1985, birth_month=8, birth_day=15, now=now - timedelta(days=780),
    )  # fmt: skip
    Customer.objects.filter(pk=who.pk).update(
        company="北京远大建材有限公司", job="经理", hobbies="钓鱼、羽毛球"
    )
    for relation, name in (("spouse", "李敏"), ("child", "王一诺")):
        HouseholdMember.objects.create(
            customer=who, relation=relation, name=name, birth_month=5, birth_day=3,
            added_by=place.seller, birthday_noted_at=now,
        )  # fmt: skip
    car = services.record_delivery(
        customer=who, product="远山X5 2.0T 四驱尊享版", serial="LSVNV133X22222222",
        sold_by=place.seller, purchased_on=delivered_on - timedelta(days=9),
        delivered_on=delivered_on, insurance_until=today + timedelta(days=40),
        details=ProductDetails(
            colour="珍珠白", plate="京A12345", engine_no="EA888-20931", price=Decimal("219800"),
            payment="贷款 36期", invoice_on=delivered_on, first_service_km=5000,
            warranty_until=delivered_on + timedelta(days=1095), insurer="平安产险",
        ),
        by=place.seller, now=now - timedelta(days=760), key=uuid4(),
    )  # fmt: skip
    for months in range(1, 19):
        talk_at = now - timedelta(days=760 - 41 * months)
        services.ask(now=talk_at, customers=[who.pk])
        services.log_contact(
            customer=who, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.CARE,
            note="车况良好，提醒保养" if months % 3 else "问候，家人都好，朋友想看车，下次带来店里",
            next_step=NextStep(kind=NextKind.NONE, none_reason="cared_for"),
            by=place.seller, now=talk_at, key=uuid4(), override=Override.CUSTOMER_ASKED,
        )  # fmt: skip
    happenings = (
        (700, ProductEventKind.FIRST_SERVICE, {"mileage": 4820}),
        (500, ProductEventKind.SERVICE, {"mileage": 15_210, "amount": Decimal(680)}),
        (300, ProductEventKind.COMPLAINT, {"text": "空调异响，已换滤芯"}),
    )
    for days, kind, told in happenings:
        services.record_product_event(
            product=car, told=Happening(kind=kind, on=today - timedelta(days=days), **told),
            by=place.seller, now=now - timedelta(days=days), key=uuid4(),
        )  # fmt: skip
    set_replacement(product=car, replacement="year", by=place.seller, now=now)
    CustomerFactory(name="陈浩", owner=place.seller, referrer=who, phone="13911204499")
    services.assign_keeper(customer=who, keeper=None, by=place.manager, now=now)
    services.assign_keeper(customer=who, keeper=place.seller, by=place.manager, now=now)
    return place, who, car


def test_an_owner_insures_anew_and_the_card_says_so(visit, owner):
    place, who, car = owner
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go(f"/customers/{who.pk}/?tab=products")
        shoot(page, "panel-390")
        page.click(f"a[href='/products/{car.pk}/events/new/'].quiet")
        page.locator("label:has(input[value=renewal])").click()
        shoot(page, "event-390")
        until = date(timezone.localdate().year + 2, 1, 31)
        page.fill("[name=insured_until]", until.isoformat())
        page.click("form.deliver button.act")
        page.wait_for_url("**tab=products**")
        car.refresh_from_db()
        assert car.insurance_until == until
        page.locator(f"a[href='/products/{car.pk}/replacement/?to=quarter']").click()
        shoot(page, "replacement-390")
        page.click("form button.act")
        page.wait_for_url("**tab=products**")
        assert OwnedProduct.objects.get().replacement == "quarter"
        someone.go(f"/products/{car.pk}/edit/")
        shoot(page, "change-390")
        someone.go(f"/products/{car.pk}/gone/")
        page.locator("label:has(input[value=sold])").click()
        shoot(page, "gone-390")
        someone.go(f"/customers/{who.pk}/deliveries/new/")
        shoot(page, "deliver-390")
        assert page.locator("[name=plate]").is_hidden()  # the quick act stays quick
    assert ProductEvent.objects.filter(kind=ProductEventKind.RENEWAL).count() == 1


def test_the_owner_card_of_a_typical_owner_is_one_sheet(visit, owner):
    place, who, car = owner
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go(f"/customers/{who.pk}/?tab=products")
        shoot(page, "panel-1440")
        someone.go(f"/products/{car.pk}/edit/")
        shoot(page, "change-1440")
        someone.go(f"/products/{car.pk}/events/new/")
        shoot(page, "event-1440")
        someone.go(f"/customers/{who.pk}/print/owner/")
        shoot(page, "sheet-1440")
        text = page.inner_text(".paper")
        for said in ("LSVNV133X22222222", "京A12345", "李敏", "平安产险", "陈浩", "139****4476"):
            assert said in text
        sheet = page.pdf(prefer_css_page_size=True, print_background=True)
        if SHOTS:
            (Path(SHOTS) / "sheet.pdf").write_bytes(sheet)
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 718, "height": 1047})  # A4 without its margins
            shoot(page, "sheet-a4")
            page.emulate_media(media="screen")
            page.set_viewport_size(PHONE)
            shoot(page, "sheet-390")
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
