"""The script for the step at hand, filled with the customer's facts."""

from datetime import timedelta

import pytest
from django.utils import translation

from followups import services
from followups.models import Article, Step, Task
from followups.queries import get_task_for
from followups.queries.scripts import scripts_at_hand
from followups.scripts import panel_of, spoken
from staff.scope import reach_of
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached, task_today
from tests.followups.build import at, customer, delivery, shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
NOW = at("2026-03-12 09:50")


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def owner(place):
    who = customer(place, now=NOW - timedelta(days=20), grade="B2")
    delivery(who, on=(NOW - timedelta(days=6)).date(), now=NOW)
    services.ask(now=NOW, customers=[who.pk])
    return who


def task_of(who, person, step: str):
    pk = Task.objects.get(customer=who, obligations__step__code=step).pk
    return get_task_for(reach_of(person, today=NOW.date()), pk)


def script_for(task, customer):
    return scripts_at_hand(customer=customer, task=task).script


def test_the_script_of_the_step_stands_beside_its_form(owner, place):
    task = task_of(owner, place.seller, "dealer_7d")
    assert script_for(task, owner).code == "dealer-7d"
    assert script_for(Task.objects.get(pk=task.pk), owner).code == "dealer-7d"


def test_a_step_that_got_another_script_shows_that_one(owner, place):
    Step.objects.filter(code="dealer_7d").update(script=Article.objects.get(code="doubts"))
    assert script_for(task_of(owner, place.seller, "dealer_7d"), owner).code == "doubts"


def test_a_script_out_of_use_gives_way_to_the_situation(owner, place):
    Article.objects.filter(code="dealer-7d").update(is_active=False)
    assert script_for(task_of(owner, place.seller, "dealer_7d"), owner).situation != ""


@pytest.mark.parametrize(
    ("grade", "was_reached", "code"),
    [("A", False, "first-contact"), ("B1", True, "proposal"), ("A", True, "agreed-next-step")],
)
def test_without_a_task_the_situation_says_which(place, grade, was_reached, code):
    who = CustomerFactory(owner=place.seller, grade=grade, now=NOW - timedelta(days=9))
    who.contacts.update(outcome="unanswered", reached=False)
    if was_reached:
        reached(who, now=NOW - timedelta(days=1))
    assert script_for(None, who).code == code


def test_where_every_script_is_out_of_use_there_is_none(place):
    Article.objects.update(is_active=False)
    who = CustomerFactory(owner=place.seller, now=NOW)
    assert panel_of(customer=who, task=None, by=place.seller) is None


def test_one_may_turn_to_the_script_of_a_situation(owner, place):
    task = task_of(owner, place.seller, "dealer_7d")
    doubts = Article.objects.get(code="doubts")
    found = scripts_at_hand(customer=owner, task=task, wanted=doubts.pk)
    assert found.script == doubts
    assert [row.code for row in found.beside] == ["dealer-7d"]
    training = Article.objects.filter(kind="training").first()
    other = scripts_at_hand(customer=owner, task=task, wanted=training.pk)
    assert other.script.code == "dealer-7d"


def test_the_words_hold_this_customers_facts(owner, place):
    owner.name, owner.title = "王芳", "ms"
    task = task_of(owner, place.seller, "dealer_7d")
    with translation.override("en"):
        said = panel_of(customer=owner, task=task, by=place.seller).html
    assert f"Hello Ms 王芳, this is {place.seller.name} from {owner.store.name}." in said
    assert "S1" in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("name", "title", "greeting"),
    [
        ("张先生", "mr", "张先生您好"),
        ("王芳", "", "王芳您好"),
        ("王芳13800138000", "", "王芳138****8000您好"),
    ],
)
def test_a_name_is_said_once_and_its_number_never(owner, place, name, title, greeting):
    owner.name, owner.title = name, title
    with translation.override("zh-hans"):
        said = panel_of(customer=owner, task=None, by=place.seller).html
    assert greeting in said


def test_facts_are_text_whatever_signs_they_hold():
    said = spoken("**{name}**", {"name": "<script>*x*{store}", "store": "S"})
    assert said == "<p><strong>&lt;script&gt;*x*{store}</strong></p>\n"


def test_the_script_takes_the_same_queries_for_one_reason_and_for_many(
    owner, place, django_assert_num_queries
):
    plain = CustomerFactory(owner=place.seller, now=NOW - timedelta(days=2))
    task_today(plain, now=NOW)
    many = task_of(owner, place.seller, "dealer_7d")
    for task in (many, None):
        with django_assert_num_queries(3 if task else 4):
            panel_of(customer=owner, task=task, by=place.seller)


def test_the_form_stays_light_with_its_script(owner, place, as_):
    task = task_of(owner, place.seller, "dealer_7d")
    page = as_(place.seller).get(f"/customers/{owner.pk}/log/?task={task.pk}&plain=1")
    assert "首保" in page.content.decode()
    assert len(page.content) <= 30 * 1024
