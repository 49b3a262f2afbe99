"""The pages of opportunities: who may what, the board's true totals, moves, masks, queries."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer, KeyPerson, Opportunity
from customers.services.keeping import give_access
from customers.services.opportunities import version_of
from staff.states import DutyKind
from tests.factories.customers import CustomerFactory
from tests.factories.opportunities import lost, moved, opportunity, stage, won
from tests.factories.staff import DutyFactory

BOARD, LIST = "/opportunities/", "/opportunities/list/"
READERS = ("sales_store", "store_manager", "marketing_manager", "ops_manager")
STRANGERS = ("sales_field", "field_supervisor", "stranger")
OUTSIDE = ("merchandiser", "finance", "admin")
NUMBER = "13800138000"


@pytest.fixture
def row(company):
    customer = CustomerFactory(name="王芳", owner=company.sales_store)
    return opportunity(customer=customer, amount=Decimal(30000), now=timezone.now())


def page_of(row):
    return f"{BOARD}{row.pk}/"


def move(row, to, **said):
    return {"seen": row.stage_id, "to": stage(to).pk, **said}


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("address", [BOARD, LIST])
def test_readers_see_it(row, company, as_, role, address):
    assert "王芳" in as_(getattr(company, role)).get(address).content.decode()


@pytest.mark.parametrize("role", STRANGERS)
def test_for_a_stranger_it_does_not_exist(row, company, as_, role):
    browser = as_(getattr(company, role))
    for address in (BOARD, LIST):
        assert "王芳" not in browser.get(address).content.decode()
    for part in ("", "edit/", "move/"):
        assert browser.get(page_of(row) + part).status_code == 404
    assert browser.post(page_of(row) + "ticks/").status_code == 404
    assert browser.post(page_of(row) + "move/", move(row, "furniture_measured")).status_code == 404
    assert browser.get(f"/customers/{row.customer_id}/opportunities/new/").status_code == 404


@pytest.mark.parametrize("role", OUTSIDE)
def test_who_has_nothing_to_do_with_customers_is_refused(row, company, as_, role):
    browser = as_(getattr(company, role))
    for address in (BOARD, LIST, page_of(row), page_of(row) + "move/"):
        assert browser.get(address).status_code == 403


@pytest.mark.parametrize("role", ["marketing_manager", "ops_manager"])
def test_who_only_reads_moves_and_writes_nothing(row, company, as_, role):
    browser = as_(getattr(company, role))
    page = browser.get(page_of(row))
    assert page.status_code == 200
    for part in ("edit/", "move/", "ticks/"):
        assert browser.post(page_of(row) + part).status_code == 403
        assert page_of(row) + part not in page.content.decode()
    assert "data-move-to" not in browser.get(BOARD).content.decode()
    assert browser.post(f"/customers/{row.customer_id}/opportunities/new/").status_code == 403


def test_an_assistant_serves_those_they_assist(row, company, as_):
    DutyFactory(person=company.stranger, kind=DutyKind.ASSISTANT, assists=company.sales_store)
    browser = as_(company.stranger)
    assert browser.post(page_of(row) + "move/", move(row, "furniture_measured")).status_code == 302
    row.refresh_from_db()
    assert row.stage.code == "furniture_measured"


def test_a_board_is_only_read_and_asks_for_signing_in(row, company, as_, client):
    assert as_(company.sales_store).post(BOARD).status_code == 405
    assert client.get(BOARD).status_code == 302
    assert client.post(page_of(row) + "move/").status_code == 302


def test_a_column_counts_all_and_shows_thirty(company, as_):
    customer = CustomerFactory(owner=company.sales_store)
    for _ in range(32):
        opportunity(customer=customer, amount=Decimal(1000), now=timezone.now())
    page = as_(company.sales_store).get(BOARD)
    column = page.context["columns"][0]
    assert (column.head.count, len(column.cards), column.head.more) == (32, 30, 2)
    assert column.head.sum_title == "¥32,000"
    assert "weighted" in page.context["stats"][2]["label"] or page.context["stats"][2]["value"]
    assert f"stage={column.head.pk}" in column.head.url
    rows = as_(company.sales_store).get(column.head.url + "&part=total")
    assert rows.context["list"].total == 32


def test_closed_columns_count_this_month_only(company, as_):
    now = timezone.now()
    customer = CustomerFactory(owner=company.sales_store)
    won(opportunity(customer=customer, amount=Decimal(500), now=now), now=now)
    old = won(opportunity(customer=customer, amount=Decimal(700), now=now), now=now)
    Opportunity.objects.filter(pk=old.pk).update(closed_at=now - timedelta(days=40))
    page = as_(company.sales_store).get(BOARD)
    heads = {column.head.kind: column.head for column in page.context["columns"]}
    assert (heads["won"].count, heads["won"].sum_title) == (1, "¥500")
    found = as_(company.sales_store).get(heads["won"].url)
    assert found.content.decode().count("data-row") == 1


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize(("address", "most"), [(BOARD, 5), (LIST, 7)])
def test_so_many_queries_for_one_and_for_twelve(company, as_, role, address, most):
    browser, counts = as_(getattr(company, role)), []
    for more in (1, 11):
        for _ in range(more):
            customer = CustomerFactory(owner=company.sales_store)
            opportunity(customer=customer, now=timezone.now())
        browser.get(address)
        with CaptureQueriesContext(connection) as ran:
            browser.get(address)
        counts.append(len(ran))
    assert counts[0] == counts[1] <= most


def test_a_page_takes_as_many_queries_for_twelve_moves(row, company, as_):
    browser, counts = as_(company.sales_store), []
    for round_trips in (1, 6):
        for _ in range(round_trips):
            row = moved(row, "furniture_measured", "furniture_inquiry")
            KeyPerson.objects.create(
                customer=row.customer, name="李总", added_by=company.sales_store
            )
        browser.get(page_of(row))
        with CaptureQueriesContext(connection) as ran:
            browser.get(page_of(row))
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 12


def test_a_drag_answers_with_the_card_and_the_figures(row, company, as_):
    answer = as_(company.sales_store).post(
        page_of(row) + "move/",
        move(row, "furniture_measured"),
        headers={"Accept": "application/json"},
    )
    told = answer.json()
    assert (answer.status_code, told["stage"]) == (200, stage("furniture_measured").pk)
    assert f'id="opp-{row.pk}"' in told["card"]
    assert len(told["heads"]) == 7
    assert "¥7,500" in told["stats"] or "¥0.8" in told["stats"]


def test_the_later_of_two_drags_is_told_where_it_is(row, company, as_):
    data = move(row, "furniture_proposal")
    moved(row, "furniture_measured")
    answer = as_(company.store_manager).post(
        page_of(row) + "move/", data, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 409
    assert company.sales_store.name in answer.json()["said"]
    assert answer.json()["stage"] == stage("furniture_measured").pk
    page = as_(company.store_manager).post(page_of(row) + "move/", data)
    assert company.sales_store.name in page.content.decode()


def test_a_loss_asks_for_its_reason(row, company, as_):
    browser = as_(company.sales_store)
    asked = browser.get(f"{page_of(row)}move/?to={stage('furniture_lost').pk}").content.decode()
    assert asked.count('name="lost_reason"') == 8
    refused = browser.post(page_of(row) + "move/", move(row, "furniture_lost"))
    assert refused.status_code == 200
    assert 'name="lost_reason"' in refused.content.decode()
    browser.post(page_of(row) + "move/", move(row, "furniture_lost", lost_reason="price"))
    row.refresh_from_db()
    assert (row.state, row.lost_reason) == ("lost", "price")


def test_a_closed_one_is_opened_again_with_a_reason(row, company, as_):
    row = lost(row, now=timezone.now())
    browser = as_(company.store_manager)
    assert 'name="why"' in browser.get(page_of(row) + "move/").content.decode()
    browser.post(page_of(row) + "move/", move(row, "furniture_inquiry"))
    row.refresh_from_db()
    assert row.state == "lost"
    browser.post(page_of(row) + "move/", move(row, "furniture_inquiry", why="又来店"))
    row.refresh_from_db()
    assert row.state == "open"
    assert "又来店" in browser.get(page_of(row)).content.decode()


def test_the_four_ticks_save_and_without_any_it_is_proposed_to_stop(row, company, as_):
    browser = as_(company.sales_store)
    assert browser.get(page_of(row)).context["is_stop_proposed"]
    row.refresh_from_db()
    browser.post(page_of(row) + "ticks/", {"seen": version_of(row), "has_budget": "on"})
    row.refresh_from_db()
    assert (row.has_budget, row.has_problem) == (True, False)
    assert not browser.get(page_of(row)).context["is_stop_proposed"]


def test_the_roles_of_those_who_decide_stand_on_the_page(row, company, as_):
    KeyPerson.objects.create(
        customer=row.customer, name="李总", role="economic_buyer", added_by=company.sales_store
    )
    page = as_(company.sales_store).get(page_of(row))
    [someone] = page.context["key_people"]
    assert (someone.name, bool(someone.role)) == ("李总", True)


def test_one_is_opened_from_the_card_and_changed(company, as_):
    customer = CustomerFactory(owner=company.sales_store)
    browser, address = as_(company.sales_store), f"/customers/{customer.pk}/opportunities/new/"
    form = browser.get(address).context["form"]
    data = {
        "key": form["key"].value(), "stage": stage("furniture_inquiry").pk,
        "product": "床垫 1.8 米", "amount": "12800", "expected_on": "2026-12-01",
        "project": form.fields["project"].initial,
    }  # fmt: skip
    assert "product" in browser.post(address, {**data, "product": ""}).context["form"].errors
    for name, odd in (
        ("amount", "1e9"),
        ("expected_on", "1900-01-01"),
        ("expected_on", "2100-1-1"),
    ):
        assert name in browser.post(address, {**data, name: odd}).context["form"].errors
    answers = [browser.post(address, data) for _ in range(2)]
    made = Opportunity.objects.get()
    assert [answer.url for answer in answers] == [page_of(made)] * 2
    card = browser.get(f"/customers/{customer.pk}/?tab=opportunities").content.decode()
    assert "床垫 1.8 米" in card
    edit = browser.get(page_of(made) + "edit/").context["form"]
    said = {name: edit[name].value() or "" for name in edit.fields}
    browser.post(page_of(made) + "edit/", {**said, "amount": "9900"})
    made.refresh_from_db()
    assert made.amount == Decimal(9900)
    late = browser.post(page_of(made) + "edit/", {**said, "amount": "1"})
    assert late.status_code == 200
    made.refresh_from_db()
    assert made.amount == Decimal(9900)


@pytest.mark.parametrize("role", READERS)
def test_no_page_says_a_number_typed_into_a_text(company, as_, role):
    customer = CustomerFactory(name=f"周{NUMBER}", owner=company.sales_store)
    row = opportunity(
        customer=customer, now=timezone.now(), product=f"沙发 {NUMBER}", note=f"打 {NUMBER}",
        competitor=f"李 {NUMBER}", new_project=f"家 {NUMBER}",
    )  # fmt: skip
    KeyPerson.objects.create(
        customer=customer, name=f"赵{NUMBER}", position=NUMBER, added_by=company.sales_store
    )
    browser = as_(getattr(company, role))
    card, columns = f"/customers/{customer.pk}/", "?cols=competitor&cols=what"
    pages = [BOARD, LIST + columns, page_of(row), f"{card}?tab=opportunities"]
    if role in ("sales_store", "store_manager"):
        pages += [page_of(row) + "edit/", page_of(row) + "move/", f"{card}opportunities/new/"]
    for address in pages:
        text = browser.get(address).content.decode()
        assert NUMBER not in text, address
    assert "138****8000" in browser.get(page_of(row)).content.decode()


def test_a_mask_that_stays_is_written_back_as_the_number(company, as_):
    row = opportunity(customer=CustomerFactory(owner=company.sales_store), product=f"沙发 {NUMBER}")
    browser = as_(company.sales_store)
    edit = browser.get(page_of(row) + "edit/").context["form"]
    said = {name: edit[name].value() or "" for name in edit.fields}
    browser.post(page_of(row) + "edit/", {**said, "amount": "100"})
    row.refresh_from_db()
    assert (row.product, row.amount) == (f"沙发 {NUMBER}", Decimal(100))


@pytest.mark.parametrize(
    "asked",
    ["?expected=past", "?expected=this", "?expected=next", "?expected=none", "?state=all",
     "?state=won", "?q=wf", "?q=沙发", "?scope=me", "?sort=-days", "?sort=closed&state=all"],
)  # fmt: skip
def test_the_list_is_filtered_by_its_address(row, company, as_, asked):
    assert as_(company.store_manager).get(LIST + asked).status_code == 200


def test_what_is_past_is_found_and_said_in_words(row, company, as_):
    Opportunity.objects.update(expected_on=timezone.localdate() - timedelta(days=3))
    page = as_(company.sales_store).get(LIST + "?expected=past").content.decode()
    assert re.search(r'class="left is-late"', page)
    assert "data-row" not in as_(company.sales_store).get(LIST + "?expected=next").content.decode()


def test_an_address_without_sense_is_refused(row, company, as_):
    browser = as_(company.sales_store)
    assert browser.get(LIST + "?what=1").status_code == 400
    assert browser.get(f"{page_of(row)}move/?to=nonsense").status_code == 200
    assert browser.post(page_of(row) + "move/", {"to": "x"}).status_code == 200
    assert browser.get(BOARD + "?set=nonsense&scope=all").status_code == 200


def test_a_holder_sees_what_is_theirs(row, company, as_):
    give_access(customer=Customer.objects.get(pk=row.customer_id), person=company.sales_field)
    assert as_(company.sales_field).get(page_of(row)).status_code == 200
