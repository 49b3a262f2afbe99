"""A number typed into every text there is: no page that can be reached by a link says it."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from core.phones import normalise
from customers.models import Customer, HandOver, Resource, Stage
from customers.services import Happening, ProductDetails, attachments, opportunities, people
from customers.services.designers import add_designer, log_designer_contact
from customers.services.interests import add_interest
from customers.services.pictures import read_picture
from customers.states import Channel, ProductEventKind, StageKind
from desk.services import merge_cards, version_of_cards
from followups import services as followups
from tests.factories.customers import CustomerFactory
from tests.factories.leads import lead, on_duty, source

NUMBER, TYPED = "13800138000", "138 0013 8000"
MOST_PAGES, MOST_OF_ONE = 170, 4
NOT_FOLLOWED = ("/export", "/sheet/", "/static/", "/jobs/", "/language", "/sign")


@pytest.fixture
def everything(company):
    """A customer of whom everything is known, each text with a number in it."""
    by, now = company.sales_store, timezone.now()
    boss = company.store_manager
    designer = add_designer(
        name=f"林工{TYPED}", phone=normalise(NUMBER), store=company.store, keeper=by, by=by,
        now=now, key=uuid4(), company=f"林 {TYPED}", note=TYPED, agreement_no=NUMBER,
    )  # fmt: skip
    log_designer_contact(
        designer=designer, channel=Channel.CALL, note=TYPED, next_step=TYPED, next_on=None,
        by=by, now=now, key=uuid4(),
    )  # fmt: skip
    mine = CustomerFactory(
        name=f"周雅琴{TYPED}", phone="13911204476", owner=by, designer=designer,
        need=f"沙发 {TYPED}", address=f"望京花园 {TYPED}", budget=f"5万 {TYPED}",
        contact_time=f"晚上 {TYPED}", wechat=NUMBER, note=f"老婆 {TYPED}", company=f"北 {TYPED}",
        referrer_text=f"老王 {TYPED}", email=f"{NUMBER}@qq.com", job=f"店主 {TYPED}",
        hobbies=f"登山 {TYPED}", campaign=f"618 {TYPED}", home_layout=f"3室 {TYPED}",
        home_style=f"新 {TYPED}", competitor=f"某 {TYPED}", expected_on=now.date(),
    )  # fmt: skip
    known = {"by": by, "now": now}
    for add, told in ((people.add_member, {"relation": "spouse"}), (people.add_key_person, {})):
        add(
            customer=mine, name=f"王{TYPED}", note=TYPED, phone=normalise(NUMBER), key=uuid4(),
            **known, **told,
        )  # fmt: skip
    add_interest(customer=mine, text=f"床 {TYPED}", key=uuid4(), **known)
    _sold(mine, known)
    _wanted(mine, known)
    _pictured(mine, known)
    other = CustomerFactory(name=f"周{NUMBER}", owner=by, wechat=NUMBER, note=NUMBER, need=NUMBER)
    for card in (mine, other):
        card.refresh_from_db()
    merge_cards(
        kept=mine, merged=other, choices={}, keeper=by, main_number="kept", reason=f"同 {TYPED}",
        seen=version_of_cards(mine, other), by=boss, now=now,
    )  # fmt: skip
    CustomerFactory(name=f"周{NUMBER}", owner=by, wechat=NUMBER)
    on_duty(company.store, by, on=company.store.today(now))
    lead(
        origin=source("douyin", store=company.store), now=now, phone="13712345678",
        name=f"许{NUMBER}", need=NUMBER, campaign=NUMBER, place=NUMBER, address=NUMBER,
        wechat=NUMBER, platform_id=f"id-{NUMBER}",
    )  # fmt: skip
    HandOver.objects.create(
        leaver=by, by=boss, reason=f"走 {TYPED}", moved={"is_done": True, "to": {}}
    )
    return mine


def _sold(mine: Customer, known) -> None:
    now = known["now"]
    details = ProductDetails(
        colour=NUMBER, engine_no=NUMBER, payment=TYPED, insurer=TYPED, policy_no=NUMBER, note=TYPED
    )
    product = followups.record_delivery(
        customer=mine, product=f"沙发 {TYPED}", serial=NUMBER, key=uuid4(), details=details,
        delivered_on=now.date() - timedelta(days=9), **known,
    )  # fmt: skip
    told = Happening(kind=ProductEventKind.COMPLAINT, on=now.date(), text=TYPED)
    followups.record_product_event(product=product, told=told, key=uuid4(), **known)


def _wanted(mine: Customer, known) -> None:
    begins = known["now"] + timedelta(days=1)
    Resource.objects.create(store=mine.store, kind="crew", name="甲组")
    stage = Stage.objects.filter(
        stage_set__trades__contains=[mine.store.trade], kind=StageKind.OPEN
    ).first()
    for is_lost in (True, False):
        sale = opportunities.open_opportunity(
            customer=mine, stage=stage, product=f"床 {TYPED}", competitor=TYPED, note=TYPED,
            new_project=f"家 {TYPED}", key=uuid4(), **known,
        )  # fmt: skip
        if is_lost:
            opportunities.lose(opportunity=sale, lost_reason="price", lost_note=TYPED, **known)
        row = followups.book_appointment(
            customer=mine, kind="store_visit", starts_at=begins, person=mine.owner, place=TYPED,
            ends_at=begins + timedelta(hours=1), note=TYPED, key=uuid4(), opportunity=sale,
            anyway=True, **known,
        )  # fmt: skip
        if is_lost:
            followups.cancel_appointment(appointment=row, reason=TYPED, **known)


def _pictured(mine: Customer, known) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    attachments.add_attachments(
        customer=mine, pictures=[read_picture(out.getvalue())], kind="photo", caption=TYPED,
        key=uuid4(), **known,
    )  # fmt: skip


def walk(browser, *begins: str):
    """Every page that can be reached by links, each with its text; a few of each address."""
    waiting, seen, often = list(begins), set(), {}
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if address in seen or often.get(path, 0) >= MOST_OF_ONE or path.startswith(NOT_FOLLOWED):
            continue
        seen.add(address)
        often[path] = often.get(path, 0) + ("tab=" not in address)
        answer = browser.get(address)
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = answer.content.decode()
        yield address, text
        for link in re.findall(r'(?:href|hx-get)="([^"]+)"', text):
            found = urljoin(address, unescape(link)).partition("#")[0]
            if found.startswith("/"):
                waiting.append(found)


@pytest.mark.parametrize("role", ["sales_store", "store_manager", "marketing_manager"])
def test_no_page_says_a_number_that_somebody_typed(everything, company, as_, role):
    browser = as_(getattr(company, role))
    tabs = ("products", "household", "opportunities", "referrals", "files", "calendar")
    card = f"/customers/{everything.pk}/"
    pages = dict(
        walk(
            browser,
            card,
            *(f"{card}?tab={tab}" for tab in tabs),
            "/opportunities/",
            "/opportunities/list/",
            "/designers/",
            "/appointments/",
            "/leads/",
            "/customers/merges/",
            "/customers/suspicions/",
            "/customers/?cols=name,company,designer,need,address,budget",
        )
    )
    assert len(pages) > 40
    telling = {
        address: text[max(at - 60, 0) : at + 40]
        for address, text in pages.items()
        for digits in (NUMBER, TYPED, "0013 8000")
        if (at := text.find(digits)) >= 0
    }
    assert not telling
