"""Grades on screens: changed, taken back, proposed and answered, explained, counted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import services as customers
from customers.forms.parameters import FIGURES
from customers.models import Customer, GradeChange, GradeProposal, Parameters
from customers.queries import parameters
from customers.queries.pyramid import pyramid
from customers.states import Grade, ProposalState
from followups.models import Obligation
from followups.services import confirm_proposals, regrade, touch_and_ask, undo_regrade
from followups.states import State
from staff.models import Person
from staff.scope import reach_of
from staff.states import Role, Trade
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory, StoreFactory

pytestmark = pytest.mark.django_db

NUMBER, TYPED = "13800138000", "138 0013 8000"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture(autouse=True)
def _in_english(company):
    Person.objects.update(language="en")


@pytest.fixture
def mine(company, now):
    return CustomerFactory(owner=company.sales_store, name=f"林晓 {TYPED}", now=now)


def buy(customer, now, *, days=0):
    customers.record_product(
        customer=customer, product="沙发", by=customer.owner, now=now,
        today=now.date(), purchased_on=now.date() - timedelta(days=days),
    )  # fmt: skip
    customers.propose_grades(customers=[customer.pk], now=now)
    return GradeProposal.objects.get(customer=customer, state=ProposalState.OPEN)


# another grade, and back


def test_a_grade_is_changed_with_a_reason_and_stands_on_the_timeline(mine, company, as_):
    browser, address = as_(company.sales_store), f"/customers/{mine.pk}/grade/"
    assert "Three ticks" in browser.get(address).content.decode()
    assert browser.post(address, {"grade": "B1"}).context["form"].errors["reason"]
    answer = browser.post(address, {"grade": "B1", "reason": f"要设计 {TYPED}"}, follow=True)
    entry = answer.context["timeline"][0]
    assert (entry.title, entry.text, entry.aside) == (
        "Grade A → B1", "要设计 138****8000", company.sales_store.name,
    )  # fmt: skip
    assert f"/customers/{mine.pk}/grade/undo/" in answer.content.decode()


def test_d_is_not_offered_to_who_has_bought_and_refused_when_sent(mine, company, as_, now):
    buy(mine, now)
    browser, address = as_(company.sales_store), f"/customers/{mine.pk}/grade/"
    assert "D is not offered" in browser.get(address).content.decode()
    answer = browser.post(address, {"grade": "D", "reason": "算了"})
    assert "has bought" in answer.content.decode()
    assert Customer.objects.get(pk=mine.pk).grade == Grade.A


def test_giving_up_is_taken_back_within_ten_minutes_with_the_work(mine, now):
    touch_and_ask(customers=[mine.pk], now=now)
    waiting = Obligation.objects.filter(customer=mine, state=State.OPEN)
    assert waiting.count() == 1
    regrade(customer=mine, grade=Grade.D, by=mine.owner, now=now, reason="联系不上")
    assert waiting.count() == 0
    later = now + timedelta(minutes=10)
    assert undo_regrade(customer=mine, by=mine.owner, now=later) == Grade.A
    assert waiting.count() == 1
    changes = GradeChange.objects.order_by("pk").values_list("before", "after")
    assert list(changes) == [("A", "D"), ("D", "A")]


def test_after_ten_minutes_the_page_says_that_it_is_too_late(mine, company, as_, now):
    regrade(
        customer=mine, grade=Grade.D, by=mine.owner, now=now - timedelta(minutes=11), reason="x"
    )
    browser, address = as_(company.sales_store), f"/customers/{mine.pk}/grade/undo/"
    assert "could take back" in browser.get(address).content.decode()
    assert "Ten minutes have passed" in browser.post(address).content.decode()


def test_a_manager_takes_back_what_a_salesperson_gave(mine, company, as_, now):
    regrade(customer=mine, grade=Grade.C2, by=mine.owner, now=now, reason="以后")
    answer = as_(company.store_manager).post(f"/customers/{mine.pk}/grade/undo/")
    assert answer.status_code == 302
    assert Customer.objects.get(pk=mine.pk).grade == Grade.A


# proposals


def test_the_card_says_what_the_rules_propose_and_it_is_confirmed(mine, company, as_, now):
    proposal = buy(mine, now)
    browser = as_(company.sales_store)
    card = browser.get(f"/customers/{mine.pk}/").content.decode()
    assert "The rules propose B2: has bought" in card
    address = f"/grades/proposals/{proposal.pk}/confirm/"
    assert address in card
    assert browser.post(address, {"words": ""}).context["form"].errors["why"]
    assert browser.post(address, {"why": "other"}).context["form"].errors["words"]
    browser.post(address, {"why": "so", "words": "定金已付"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("confirmed", "The facts are right: 定金已付")
    assert Customer.objects.get(pk=mine.pk).grade == Grade.B2
    assert browser.get(address).status_code == 404


def test_a_declined_proposal_stays_away_and_says_why_on_the_timeline(mine, company, as_, now):
    proposal = buy(mine, now)
    browser = as_(company.sales_store)
    browser.post(f"/grades/proposals/{proposal.pk}/decline/", {"why": "wrong"})
    card = browser.get(f"/customers/{mine.pk}/?show=grades")
    assert "The rules propose" not in card.content.decode()
    assert card.context["timeline"][0].title == "Grade B2 declined, A stays"
    assert customers.propose_grades(customers=[mine.pk], now=now) == 0


@pytest.mark.parametrize(
    ("role", "list_status", "confirm_status"),
    [
        ("sales_store", 200, 200), ("store_manager", 200, 200), ("ops_manager", 200, 403),
        ("marketing_manager", 200, 403), ("stranger", 200, 404), ("merchandiser", 403, 403),
        ("finance", 403, 403), ("admin", 403, 403),
    ],
)  # fmt: skip
def test_who_sees_and_answers_proposals(mine, company, as_, now, role, list_status, confirm_status):
    proposal = buy(mine, now)
    person = PersonFactory() if role == "stranger" else getattr(company, role)
    page = as_(person).get("/grades/proposals/")
    assert page.status_code == list_status
    if list_status == 200:
        assert len(page.context["rows"]) == (0 if role == "stranger" else 1)
        assert not any(digits in page.content.decode() for digits in (NUMBER, TYPED))
    for act in ("confirm", "decline"):
        answer = as_(person).get(f"/grades/proposals/{proposal.pk}/{act}/")
        assert answer.status_code == confirm_status


def test_ticked_ones_of_one_grade_are_confirmed_with_one_reason(company, as_, now):
    seller = company.sales_store
    two = [buy(CustomerFactory(owner=seller, now=now), now) for _index in range(2)]
    browser, address = as_(seller), "/grades/proposals/?to=B2"
    assert "Tick at least one" in browser.post(address, {"why": "so"}).content.decode()
    browser.post(address, {"why": "so", "proposal": [row.pk for row in two]})
    assert set(GradeProposal.objects.values_list("state", flat=True)) == {"confirmed"}
    assert GradeChange.objects.filter(after="B2").count() == 2


def test_proposals_of_different_grades_are_not_confirmed_together(company, now):
    seller = company.sales_store
    fresh = buy(CustomerFactory(owner=seller, now=now), now)
    old = buy(CustomerFactory(owner=seller, now=now), now, days=500)
    with pytest.raises(customers.GradeNotChanged) as refused:
        confirm_proposals(proposals=[fresh, old], reason="x", by=seller, now=now)
    assert refused.value.codes == ("several_grades",)


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_for_one_row_and_for_twelve(company, as_, now, count):
    for _index in range(count):
        buy(CustomerFactory(owner=company.sales_store, now=now), now)
    browser = as_(company.store_manager)
    browser.get("/grades/proposals/")
    with CaptureQueriesContext(connection) as queries:
        page = browser.get("/grades/proposals/")
    assert len(page.context["rows"]) == count
    assert len([q for q in queries if "customers_gradeproposal" in q["sql"]]) == 1
    assert len(queries) <= 8


# meaning, intent, pyramid


def test_the_grades_are_explained_with_what_follows(company, as_):
    text = as_(company.marketing_manager).get("/grades/").content.decode()
    assert "A contact every 7 days" in text
    assert "within 12 months" in text
    assert as_(company.finance).get("/grades/").status_code == 403


def test_the_intent_level_is_of_car_stores_alone(mine, company, as_, now):
    seller = PersonFactory(store=StoreFactory(trade=Trade.CARS), language="en")
    driver = CustomerFactory(owner=seller, now=now)
    assert as_(company.sales_store).get(f"/customers/{mine.pk}/intent/").status_code == 404
    browser, address = as_(seller), f"/customers/{driver.pk}/intent/"
    answer = browser.post(address, {"intent": "H"}, follow=True)
    assert "Intent H · within 7 days" in answer.content.decode()
    assert (answer.context["customer"].grade, driver.intent_changes.get().after) == ("A", "H")
    browser.post(address, {"intent": "none"})
    assert Customer.objects.get(pk=driver.pk).intent == ""


def test_the_pyramid_is_true_and_each_number_opens_whom_it_counts(company, as_, now):
    owners = (company.sales_store, company.store_manager)
    for owner in owners:
        for grade in ("A", "A", "B1", "D"):
            CustomerFactory(owner=owner, store=company.sales_store.store, grade=grade, now=now)
    CustomerFactory(now=now, grade="C2")
    for person in (company.sales_store, company.store_manager, company.ops_manager):
        reach = reach_of(person, today=now.date())
        found = pyramid(reach)
        assert found.everybody.total == sum(level.total for level in found.stores)
        browser = as_(person)
        page = browser.get("/grades/pyramid/")
        total = page.context["total"]
        assert total.total.count == found.everybody.total
        opened = [browser.get(f"/grades/pyramid/{line.url}") for line in page.context["lines"]]
        lines = [line for each in opened for line in each.context["lines"]]
        assert {owner.name for owner in owners} & {line.name for line in lines}
        for line in (*lines, total):
            for figure in (*line.figures, line.total):
                if figure.count and figure.url:
                    opened = browser.get(figure.url)
                    assert opened.context["list"].total == figure.count, figure.url
    assert any(figure.url for line in page.context["lines"] for figure in line.figures)


def test_the_pyramid_asks_four_times_however_many_stores(company, now):
    reach = reach_of(company.ops_manager, today=now.date())
    opened = CustomerFactory(now=now).store_id
    counted = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            pyramid(reach, opened=opened)
        counted.append(len(queries))
        for _index in range(6):
            CustomerFactory(now=now)
    assert counted == [4, 4]


def test_of_several_stores_one_is_opened_to_its_keepers(company, as_, now):
    for owner in (company.sales_store, company.stranger):
        CustomerFactory(owner=owner, store=owner.store, grade="A", now=now)
    browser = as_(company.ops_manager)

    def names(query=""):
        return [line.name for line in browser.get(f"/grades/pyramid/{query}").context["lines"]]

    stores = [person.store.name for person in (company.sales_store, company.stranger)]
    assert sorted(names()) == sorted(stores)
    assert sorted(names(f"?store={company.stranger.store_id}")) == sorted(
        [*stores, company.stranger.name]
    )
    assert names(f"?store={company.stranger.store_id}").index(company.stranger.name) > 0


@pytest.mark.parametrize("asked", ["0", "x", "99999999999", "\u0661"])
def test_a_store_that_is_not_there_is_not_opened(company, as_, asked):
    page = as_(company.ops_manager).get("/grades/pyramid/", {"store": asked})
    assert page.status_code == 404


def test_a_strangers_store_is_not_opened(company, as_, now):
    CustomerFactory(owner=company.stranger, now=now)
    browser, asked = as_(company.store_manager), {"store": company.stranger.store_id}
    assert browser.get("/grades/pyramid/", asked).status_code == 404


def test_strangers_rows_are_not_counted(company, as_, now):
    CustomerFactory(now=now)
    seller = PersonFactory(role=Role.SALES_STORE)
    page = as_(seller).get("/grades/pyramid/")
    assert page.context["total"].total.count == 0


# the figures


def test_operations_set_the_figures_from_tomorrow_and_others_read_them(company, as_, now):
    page = as_(company.sales_store).get("/figures/")
    assert (page.status_code, page.context["form"]) == (200, None)
    # Each figure stands under one of the headings.
    said = [row["label"] for group in page.context["groups"] for row in group["rows"]]
    assert sorted(said) == sorted(label for _name, label in FIGURES)
    assert as_(company.sales_store).post("/figures/", {"b2_months": 1}).status_code == 200
    assert not Parameters.objects.exists()
    browser = as_(company.ops_manager)
    form = browser.get("/figures/").context["form"]
    told = {name: field.initial for name, field in form.fields.items()}
    assert browser.post("/figures/", {**told, "b2_months": 0}).context["form"].errors
    browser.post("/figures/", {**told, "b2_months": 6})
    browser.post("/figures/", {**told, "b2_months": 7})
    row = Parameters.objects.get()
    assert (row.valid_from, row.b2_months, row.set_by) == (
        timezone.localdate() + timedelta(days=1), 7, company.ops_manager,
    )  # fmt: skip
    assert "Other figures are set" in browser.get("/figures/").content.decode()
    browser.post("/figures/", {**told, "begins": "today", "b2_months": 9})
    assert parameters(timezone.localdate()).b2_months == 9
