"""One card that knows everything: around a customer by thumb, and the card on one sheet."""

import os
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from core.phones import normalise
from customers.models import Attachment, HouseholdMember
from customers.rules import NextStep
from customers.services import record_contact, update_customer
from customers.services.interests import add_interest
from customers.services.people import add_key_person, add_member
from customers.services.phones import add_number
from customers.states import Channel, NextKind, Outcome, Reason
from staff.states import Trade
from tests.followups.build import customer, shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def photo(size=(1600, 1200), colour=(180, 150, 120)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def whole():
    """A customer of a furniture store of whom nearly everything is known."""
    place, now = shop(Trade.FURNITURE), timezone.now()
    who = customer(place, now=now - timedelta(days=60), grade="A")
    by = {"by": place.seller, "now": now}
    update_customer(
        customer=who, name="周雅琴", title="ms", need="客厅沙发，想要浅色布艺",
        budget="3–5 万",
        address="望京花园 7幢3单元502", contact_time="12:00–13:00", wechat="zumuzumu14",
        email="zhou@example.com", company="北辰设计院", job="建筑师", hobbies="登山，摄影",
        home_area="118.5", home_layout="三室两厅", home_style="现代", decoration="paint",
        services_wanted=["home_visit", "long_term"], source="walk_in",
        expected_purchase="month", competitor="林氏", note="周末才有空", **by,
    )  # fmt: skip
    add_number(customer=who, phone=normalise("13811112222"), **by)
    for relation, name, month in (("spouse", "王磊", 8), ("child", "王小米", 3)):
        add_member(
            customer=who, relation=relation, name=name, phone=normalise(f"1370000000{month}"),
            birth_month=month, birth_day=15, birth_is_lunar=month == 8, key=uuid4(), **by,
        )  # fmt: skip
    add_key_person(
        customer=who, name="李总", position="采购经理", role="economic_buyer", note="只看交期",
        key=uuid4(), **by,
    )  # fmt: skip
    for text in ("真皮沙发 B-201", "岩板餐桌"):
        add_interest(customer=who, text=text, key=uuid4(), **by)
    for days in range(14):
        at = now - timedelta(days=days * 3, hours=1)
        record_contact(
            customer=who, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.PRICE,
            note="嫌真皮超预算，想看布艺样板，周末和先生一起到店再谈一次，另外问了送货时间和旧沙发回收的事",
            next_step=NextStep(
                kind=NextKind.STORE_VISIT, on=timezone.localdate() + timedelta(days=3),
                text="定浅色布艺样板",
            ),
            retry_on=None, by=place.seller, now=at, today=timezone.localdate(at),
        )  # fmt: skip
    customer(place, now=now - timedelta(days=3), grade="B1")
    return place, who


def has_no_sideways_scroll(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("size", "name"), [(PHONE, "390"), (DESK, "1440")])
def test_every_part_of_the_card_fits_its_window(visit, whole, size, name):
    place, who = whole
    card = f"/customers/{who.pk}/"
    with visit(size) as someone:
        someone.sign_in(place.seller.username)
        for part in (
            "", "?tab=household", "?tab=files", "edit/", "numbers/", "interests/", "print/",
            "household/new/", "key-people/new/", "pictures/new/",
        ):  # fmt: skip
            someone.go(card + part)
            shoot(someone.page, f"{re.sub('[^a-z-]', '', part) or 'card'}-{name}")
            assert has_no_sideways_scroll(someone.page), part
        someone.go("/customers/to-complete/")
        shoot(someone.page, f"to-complete-{name}")
        assert has_no_sideways_scroll(someone.page)


def test_a_wife_and_a_floor_plan_by_thumb(visit, whole, tmp_path):
    place, who = whole
    plan = tmp_path / "plan.jpg"
    plan.write_bytes(photo())
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go(f"/customers/{who.pk}/household/new/")
        page.locator("label:has(input[name=relation][value=parent])").click()
        page.fill("[name=name]", "周母")
        page.fill("[name=birth_month]", "9")
        page.fill("[name=birth_day]", "9")
        page.check("[name=birth_is_lunar]")
        page.click("button[form=somebody]")
        page.wait_for_url("**tab=household")
        assert HouseholdMember.objects.get(name="周母").birth_is_lunar

        someone.go(f"/customers/{who.pk}/pictures/new/")
        page.set_input_files("[name=pictures]", [plan, plan])
        page.locator("label:has(input[name=kind][value=floor_plan])").click()
        page.click("button[form=attach]")
        page.wait_for_url("**tab=files")
        assert Attachment.objects.count() == 2
        page.locator(".gallery img").first.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.gallery img').naturalWidth === 320")
        shoot(page, "gallery-390")
        page.locator(".gallery a").first.click()
        page.wait_for_url("**/pictures/*/")
        page.wait_for_function("document.querySelector('.picture img').naturalWidth === 1600")
        assert has_no_sideways_scroll(page)
        shoot(page, "picture-390")


def test_the_card_prints_on_one_sheet(visit, whole):
    place, who = whole
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        someone.go(f"/customers/{who.pk}/print/")
        pdf = someone.page.pdf(prefer_css_page_size=True)
        if folder := os.environ.get("SHOTS"):
            (Path(folder) / "card.pdf").write_bytes(pdf)
        assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1
        shown = someone.page.inner_text(".sheet")
        assert "13811112222" not in shown
        assert "138****2222" in shown
