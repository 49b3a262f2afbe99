"""The timeline in full: every kind of row, by chips, masked, each part by an index."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import StoredFile
from customers import services as customers
from customers.models import (
    Appointment,
    Arrival,
    Attachment,
    GradeProposal,
    HouseholdMember,
    KeyPerson,
    Lead,
    LeadSource,
    Merge,
    Opportunity,
    ProductEvent,
    Stage,
    StageMove,
)
from customers.queries import TimelineKind
from desk import timeline
from desk.timeline import FILTERS, PARTS, filter_named, timeline_of
from filings.models import Deal, Measuring
from followups import services as followups
from followups.models import (
    Campaign,
    Case,
    CaseEvent,
    Escalation,
    Greeting,
    Invitation,
    Obligation,
    Step,
    Survey,
    SurveyResult,
    SurveyVersion,
    Task,
)
from followups.naming import occurrence_name
from orders.models import OrderEvent, Quote
from orders.queries.on_card import ALL_PAPERS
from tests.factories import orders as papers
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db

NUMBER, TYPED = "13800138000", "138 0013 8000"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def lived(company, now, monkeypatch):
    """A customer with a row of every kind on one page; every typed text holds a number."""
    monkeypatch.setattr(timeline, "PAGE_SIZE", 50)
    seller = company.sales_store
    seller.name = "导购 1350"  # a figure before a number must not hide where it begins
    seller.save(update_fields=["name"])
    who = CustomerFactory(owner=seller, now=now - timedelta(days=30))
    other = CustomerFactory(owner=seller, name=f"双胞胎{TYPED}")
    at = now - timedelta(days=5)
    contact = customers.record_contact(
        customer=who, channel="measuring", outcome="not_met", by=seller, now=at,
        today=at.date(), retry_on=at.date(), note=TYPED,
    )  # fmt: skip
    followups.regrade(customer=who, grade="B1", by=seller, now=at, reason=TYPED)
    GradeProposal.objects.create(
        customer=who, before="B1", after="D", because="silent", basis="x", state="declined",
        decided_at=at, decided_by=seller, reason=TYPED,
    )  # fmt: skip
    customers.set_intent(customer=who, intent="H", by=seller, now=at)
    followups.assign_keeper(customer=who, keeper=None, by=seller, now=at, reason=TYPED)
    followups.set_quiet(customer=who, quiet="visits", by=seller, now=at, reason="asked", note=TYPED)
    customers.update_customer(customer=who, by=seller, now=at, job="老师")
    Arrival.objects.create(customer=who, source="online", campaign=TYPED, at=at, by=seller)
    origin = LeadSource.objects.create(code="p", name="P", secret=b"x")
    Lead.objects.create(
        origin=origin, platform_id="1", way="hand", wechat="w", need=TYPED, state="accepted",
        customer=who, closed_at=at, closed_by=seller, received_at=at,
    )  # fmt: skip
    Merge.objects.create(kept=who, merged=other, by=seller, at=at, reason=TYPED)
    HouseholdMember.objects.create(
        customer=who, relation="spouse", name=TYPED, added_by=seller, added_at=at
    )
    KeyPerson.objects.create(customer=who, name=TYPED, added_by=seller, added_at=at)
    stage = Stage.objects.order_by("pk").first()
    sale = Opportunity.objects.create(
        customer=who, store=who.store, stage=stage, product=TYPED, opened_by=seller
    )
    StageMove.objects.create(opportunity=sale, after=stage, at=at, by=seller)
    Appointment.objects.create(
        customer=who, kind="store_visit", starts_at=now, ends_at=now + timedelta(hours=1),
        person=seller, place=TYPED, state="missed", result=TYPED, made_by=seller, made_at=at,
        closed_at=at, closed_by=seller,
    )  # fmt: skip
    product = customers.record_product(
        customer=who, product=f"Sofa {TYPED}", by=seller, now=at, today=at.date(),
        delivered_on=at.date(),
    )  # fmt: skip
    customers.change_product(
        product=product, seen=customers.version_of_product(product), name=product.product,
        serial="", sold_by=None, purchased_on=None, delivered_on=at.date() - timedelta(days=1),
        delivered_at=None, insurance_until=None, details=customers.ProductDetails(), by=seller,
        now=at, today=at.date(), reason=TYPED,
    )  # fmt: skip
    ProductEvent.objects.create(
        product=product, kind="repair", on=at.date(), text=TYPED, noted_by=seller
    )
    stored = StoredFile.objects.create(
        name="p.jpg", content_type="image/jpeg", size=1, sha256=b"x" * 32, content=b"x"
    )
    picture = Attachment.objects.create(
        customer=who, kind="photo", file=stored, thumbnail=stored, width=1, height=1,
        caption=TYPED, added_by=seller, added_at=at,
    )  # fmt: skip
    Measuring.objects.create(
        customer=who, contact=contact, picture=picture, by=seller, at=at, note=TYPED
    )
    Task.objects.create(
        customer=who, assignee=seller, day=at.date(), shown_on=at.date(), due_at=at,
        state="skipped", skip_reason="other", closed_at=at, closed_by=seller,
    )  # fmt: skip
    cared_for(who, contact=contact, at=at)
    Deal.objects.create(
        customer=who, project=who.projects.get(), closer=seller, store=who.store, order_no="D-1",
        amount=5000, at=at, undone_at=at, undone_by=seller, undone_reason=TYPED,
    )  # fmt: skip
    Quote.objects.create(
        number="Q-1", customer=who, store=who.store, seller=seller, quoted_at=at, amount=5000,
        valid_until=at.date(), state="declined", declined_reason=TYPED, key=uuid4(),
    )  # fmt: skip
    order = papers.order(customer=who, seller=seller, lines=({"product": TYPED},))
    OrderEvent.objects.create(
        order=order, line=order.lines.get(), kind="return_asked", at=at, by=seller, note=TYPED,
        params={"pieces": 1, "return": "return", "why": "quality"},
    )  # fmt: skip
    return who


def cared_for(who, *, contact, at):
    """A survey, a case, a greeting, an invitation, and something reported up."""
    seller = who.owner
    survey = Survey.objects.create(code="t", name_en="T", name_zh="T")
    SurveyResult.objects.create(
        version=SurveyVersion.objects.create(survey=survey, number=1), customer=who,
        contact=contact, store=who.store, asked_by=seller, asked_at=at, remarks=TYPED, score=4,
    )  # fmt: skip
    case = Case.objects.create(
        customer=who, store=who.store, kind="problem", channel="call", text=TYPED,
        opened_by=seller, opened_at=at, due_at=at,
    )  # fmt: skip
    CaseEvent.objects.create(case=case, act="opened", by=seller, at=at)
    Greeting.objects.create(
        customer=who, occasion="friday", on=at.date(), text=TYPED, way="sms", sent_by=seller,
        sent_at=at,
    )  # fmt: skip
    campaign = Campaign.objects.create(
        name=TYPED, kind="event", starts_at=at, ends_at=at, text=TYPED, made_by=seller
    )
    Invitation.objects.create(
        campaign=campaign, customer=who, ticket="t", invited_by=seller, sent_at=at,
        sent_by=seller, answer="coming", answered_at=at, attended_at=at,
    )  # fmt: skip
    obligation = Obligation.objects.create(
        step=Step.objects.get(code="next_step"), subject_id=who.pk, occurrence=1, customer=who,
        assignee=seller, due_on=at.date(), due_at=at, shown_on=at.date(),
    )  # fmt: skip
    Escalation.objects.create(obligation=obligation, to=seller, at=at, note=TYPED)


def test_every_kind_of_row_stands_on_the_timeline_and_has_its_words(lived, now):
    rows = timeline.rows_before(lived, None)
    assert {row.kind for row in rows} == set(TimelineKind.values)
    assert set(PARTS) == set(TimelineKind) == {kind for each in FILTERS for kind in each.kinds}


def test_no_kind_says_a_number_that_was_typed(lived, company, as_):
    for each in FILTERS:
        page = as_(company.ops_manager).get(f"/customers/{lived.pk}/?show={each.name}")
        text = page.content.decode()
        assert page.status_code == 200
        assert not any(digits in text for digits in (NUMBER, TYPED, "0013 8000")), each.name
        assert "138****8000" in text or each.name == "?"


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("contacts", 3),
        ("grades", 3),
        ("care", 8),
        ("products", 3),
        ("sales", 3),
        ("orders", 2),
        ("appointments", 3),
        ("pictures", 1),
        ("card", 7),
        ("nonsense", 33),
    ],
)
def test_a_chip_shows_its_kinds_and_reads_no_others(lived, reach_of_ops, name, count):
    only = filter_named(name, reach_of_ops)
    with CaptureQueriesContext(connection) as queries:
        rows = timeline.rows_before(lived, None, only=only)
    assert len(rows) == count
    assert len(queries) == 1
    assert ("customers_attachment" in queries[0]["sql"]) == (name in ("pictures", "nonsense"))


def test_a_narrowed_timeline_goes_back_page_by_page_and_keeps_its_chip(
    lived, company, as_, monkeypatch
):
    monkeypatch.setattr(timeline, "PAGE_SIZE", 1)
    address, browser, titles = f"/customers/{lived.pk}/?show=card", as_(company.ops_manager), []
    while True:
        page = browser.get(address)
        titles += [entry.title for entry in page.context["timeline"]]
        if not page.context["more_url"]:
            break
        assert "show=card" in page.context["more_url"]
        address = f"/customers/{lived.pk}/{page.context['more_url']}"
    assert len(titles) == len(set(titles)) == 7


def test_who_may_not_see_pictures_or_orders_is_told_of_none(lived, company, as_):
    browser = as_(company.marketing_manager)
    for address in (f"/customers/{lived.pk}/", f"/customers/{lived.pk}/?show=pictures"):
        page = browser.get(address)
        assert not {"?show=pictures", "?show=orders"} & {
            chip["url"] for chip in page.context["chips"]
        }
        assert len(page.context["timeline"]) == 30


def test_a_chip_without_rows_says_so(company, as_):
    fresh = CustomerFactory(owner=company.sales_store)
    page = as_(company.sales_store).get(f"/customers/{fresh.pk}/?show=pictures")
    assert page.context["timeline"] == []
    assert page.context["empty_title"] in page.content.decode()


def test_the_timeline_costs_one_query_whatever_happened(lived, company, now, reach_of_ops):
    with CaptureQueriesContext(connection) as queries:
        timeline_of(lived, reader=reach_of_ops, earlier="", now=now)
    assert len(queries) == 1


def test_what_was_reported_up_is_named_as_everywhere(company, now, reach_of_ops, monkeypatch):
    """The month in SQL is the month by the rule, for each step and several occurrences."""
    seller = company.sales_store
    who = CustomerFactory(owner=seller)
    wanted = set()
    for step, number in product(Step.objects.all(), (1, 2, 12)):
        row = Obligation.objects.create(
            step=step, subject_id=who.pk, occurrence=number, customer=who,
            assignee=seller, due_on=now.date(), due_at=now, shown_on=now.date(),
        )  # fmt: skip
        Escalation.objects.create(obligation=row, to=seller, at=now)
        wanted.add(occurrence_name(step, number))
    monkeypatch.setattr(timeline, "PAGE_SIZE", 1000)
    found = timeline_of(who, reader=reach_of_ops, earlier="", now=now, show="care")
    titles = {entry.title for entry in found.entries}
    assert titles == {_("Overdue and reported up: %(step)s") % {"step": name} for name in wanted}
    assert len(wanted) > Step.objects.count(), "repeated steps name their month"
    assert {entry.aside for entry in found.entries} == {f"→ {seller.name}"}


@pytest.mark.parametrize(
    ("by", "to", "wanted"),
    [("sales_store", "store_manager", "{by} → {to}"), ("sales_store", "sales_store", "{by}"),
     ("sales_store", None, "{by}")],
)  # fmt: skip
def test_a_case_given_to_somebody_names_the_receiver(company, now, reach_of_ops, by, to, wanted):
    """Who sees to it is nobody on whose behalf something was done."""
    who = CustomerFactory(owner=company.sales_store)
    case = Case.objects.create(
        customer=who, store=who.store, kind="problem", channel="call", text="x",
        opened_by=who.owner, opened_at=now, due_at=now,
    )  # fmt: skip
    person, receiver = getattr(company, by), getattr(company, to) if to else None
    CaseEvent.objects.create(case=case, act="assigned", by=person, to=receiver, at=now)
    found = timeline_of(who, reader=reach_of_ops, earlier="", now=now, show="care")
    names = {"by": person.name, "to": receiver.name if receiver else ""}
    assert [entry.aside for entry in found.entries] == [wanted.format(**names)]


@pytest.fixture
def reach_of_ops(company, now):
    from staff.scope import reach_of

    return reach_of(company.ops_manager, today=now.date())


@pytest.mark.parametrize("kind", list(PARTS))
def test_each_part_finds_a_customers_rows_by_an_index(lived, kind):
    """With tables read in sequence made dear, nothing of the customer's own is read so."""
    params = {"customer": lived.pk, "zone": "Asia/Shanghai", "zh": False, **ALL_PAPERS.params}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (COSTS OFF) {PARTS[kind]}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "customer_id =" in plan or "object_id =" in plan or "kept_id =" in plan or (
        kind == TimelineKind.REGISTERED
    )  # fmt: skip
