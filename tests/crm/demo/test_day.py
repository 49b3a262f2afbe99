"""One demonstration, looked at from many sides: true to the rules, a day worth showing, and page by
page, where each has rows for the person it is meant for.
"""

from collections import Counter
from datetime import date, time, timedelta
from unicodedata import east_asian_width

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.test import Client

from crm.demo import logins
from crm.demo.company import LEAVER, MAIN, PASSWORD, ZONE
from crm.demo.order_stories import REMARKABLE
from crm.demo.order_turns import designed
from crm.demo.surroundings import SIGNED_AGO
from customers.models import (
    Contact,
    Customer,
    Designer,
    HouseholdMember,
    KeyPerson,
    Opportunity,
    OwnedProduct,
    ProductEvent,
)
from customers.states import Grade, ProductEventKind, Quiet, StageKind
from followups.models import (
    ArticleProposal,
    ArticleVersion,
    Campaign,
    Case,
    Escalation,
    Greeting,
    Invitation,
    Obligation,
    Plan,
    PlanVersion,
    SurveyAnswer,
    SurveyResult,
    SurveyVersion,
    Task,
)
from followups.queries.cases import visible_cases
from followups.rules import Kind
from followups.states import Anchor, CampaignState, CaseKind, CaseState, State
from followups.views.articles import PROPOSING_ROLES
from orders.models import Order
from reports.asking.periods import period_around
from reports.figures.measures import figures_by, total_of
from staff.models import Absence, Duty, Notice, Outgoing, Person, Store
from staff.scope import reach_of
from staff.states import Role, Trade
from tests.crm.test_demo import NOW, day_of

pytestmark = pytest.mark.django_db
DEALER, HOMES, OPS = "zhouliqiang", "wangfang", "hewenjing"
PAGES = {
    "/today/": (MAIN, "lina", "liangkai", DEALER, HOMES),
    "/cases/": (MAIN, DEALER, HOMES, OPS),
    "/campaigns/": (MAIN, "lina", DEALER, HOMES, OPS, "masiyuan"),
    "/greetings/": (MAIN,),
    "/reported/": (DEALER, OPS),
    "/notices/": (MAIN, DEALER, HOMES, OPS, "masiyuan"),
    "/absences/": ("sunpeng", DEALER, HOMES, OPS),
    "/plans/": (DEALER, OPS),
    "/knowledge/": (MAIN, OPS),
    "/knowledge/proposals/": (OPS, "masiyuan"),
    "/visits/": (MAIN,),
    "/surveys/": (OPS,),
    "/reports/measures/": (MAIN, DEALER, HOMES, OPS, "masiyuan"),
    "/reports/surveys/": (DEALER, HOMES, OPS),
    "/behind/": (DEALER, HOMES, "handong", OPS),
}


def test_it_holds_all_that_a_company_has():
    assert set(Store.objects.values_list("trade", flat=True)) == {
        Trade.CARS, Trade.FURNITURE, Trade.MATTRESSES, Trade.SHOES,
    }  # fmt: skip
    assert {role for (role,) in Person.objects.values_list("role")} == set(Role)
    assert set(Customer.objects.values_list("grade", flat=True)) == set(Grade)
    assert Duty.objects.filter(person__store__code="ZZ01").count() == 3
    assert Customer.objects.filter(owner=None).count() >= 3
    assert Customer.objects.filter(quiet=Quiet.ALL).exists()
    assert Customer.objects.filter(phones=None).exclude(wechat="").exists()
    assert OwnedProduct.objects.filter(delivered_on=date(2026, 3, 11)).count() >= 2
    assert OwnedProduct.objects.earliest("delivered_on").delivered_on < date(2022, 6, 1)
    assert Order.objects.exists()
    assert Contact.objects.filter(reached=False).exists()
    assert Contact.objects.exclude(note="").values("note").distinct().count() > 100


def test_what_was_bought_was_won_at_its_price_and_is_under_way_no_more():
    rows = Opportunity.objects.filter(customer__products__isnull=False).distinct()
    won = 0
    for each in rows.prefetch_related("customer__products"):
        owned = {(one.product, one.price) for one in each.customer.products.all()}
        if each.state == StageKind.WON:
            won += 1
            assert (each.product, each.amount) in owned
        else:
            assert each.product not in {product for product, _price in owned}
    assert won > 5


def test_agreements_with_designers_are_older_than_the_orders_that_name_them():
    """Else the first start of some sizes would be refused by the rule of commission (ORD-18)."""
    turns = [(tale.ago, getattr(tale.and_then, "__qualname__", "")) for tale in REMARKABLE]
    oldest = max(ago for ago, turn in turns if turn.startswith(designed.__name__))
    assert oldest <= min(SIGNED_AGO)
    youngest = Designer.objects.latest("signed_on").signed_on
    assert NOW.date() - youngest >= timedelta(days=min(SIGNED_AGO))


def test_a_leaver_cannot_sign_in_and_what_was_theirs_waits():
    leaver = Person.objects.get(username=LEAVER)
    assert (leaver.is_active, leaver.disabled_at.date()) == (False, date(2026, 3, 3))
    assert Customer.objects.filter(owner=leaver).count() >= 5
    waiting = Task.objects.filter(assignee=leaver, state=State.OPEN)
    assert waiting.filter(due_at__lt=NOW).exists()
    assert not Contact.objects.filter(by=leaver, occurred_at__date__gt=date(2026, 3, 3)).exists()


@pytest.mark.parametrize("name", [MAIN, "xuanqi"])
def test_the_main_salesperson_and_her_assistant_see_the_day_that_was_promised(name):
    rows = day_of(name, now=NOW)
    kinds = Counter(Kind(row.kind) for row in rows)

    assert 8 <= len(rows) <= 20
    assert 2 <= sum(row.due_at < NOW for row in rows) <= 5
    assert kinds[Kind.TIMED] == 2
    assert kinds[Kind.HOUR_LIMIT] == 3, "two letters and a service case"
    assert kinds[Kind.ACTIVE] == 3
    assert kinds[Kind.CARE] >= 5
    assert [row.due_at.astimezone(ZONE).time() for row in rows[:2]] == [time(10, 30), time(15, 0)]


def test_nobody_else_drowns_in_red():
    """With a lead a salesperson for each other customer: five where they are a few."""
    late = Task.objects.filter(state=State.OPEN, due_at__lt=NOW, assignee__is_active=True)
    by_person = Counter(late.values_list("assignee__username", flat=True))
    assert max(by_person.values()) <= 12


def test_every_login_of_the_table_works():
    people = {person.username: person for person in Person.objects.all()}
    lines = logins().splitlines()
    rows = [line.split() for line in lines[3:]]

    assert {row[3] for row in rows} == set(Role)
    assert all(row[-1] == PASSWORD for row in rows)
    assert all(people[row[0]].is_active for row in rows)
    assert check_password(PASSWORD, people[rows[0][0]].password)
    starts = {width(line[: line.index(PASSWORD)]) for line in lines[3:]}
    assert len(starts) == 1, "the columns stand under each other"


def width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def test_a_login_whose_password_was_changed_is_not_printed():
    Person.objects.filter(username=MAIN).update(password="!another")
    assert MAIN not in logins()


# page by page


def who(username: str) -> Person:
    return Person.objects.get(username=username)


def test_what_was_shipped_is_older_than_what_was_done_and_only_who_may_proposes():
    for kind, made_at, by in (
        (PlanVersion, "made_at", "made_by"),
        (SurveyVersion, "published_at", "published_by"),
        (ArticleVersion, "made_at", "made_by"),
    ):
        shipped = kind.objects.filter(**{by: None}).latest(made_at)
        since = getattr(shipped, made_at)
        assert not kind.objects.exclude(**{by: None}).filter(**{f"{made_at}__lte": since}).exists()
        assert not SurveyResult.objects.filter(asked_at__lte=since).exists()
    assert {row.made_by.role for row in ArticleProposal.objects.all()} <= PROPOSING_ROLES


@pytest.mark.parametrize(
    ("path", "username"), [(path, name) for path, names in PAGES.items() for name in names]
)
def test_each_page_opens_for_whom_it_is_meant(path, username):
    client = Client()
    with time_machine.travel(NOW, tick=False):
        client.force_login(who(username))
        response = client.get(path)
    assert response.status_code == 200
    assert 'class="nothing"' not in response.content.decode(), "an empty page"


def test_surveys_of_each_kind_have_answers_some_of_them_bad():
    codes = set(SurveyResult.objects.values_list("version__survey__code", flat=True))
    assert codes == {"T1", "T2", "T3", "T4", "T5", "T6", "T7"}
    points = list(SurveyAnswer.objects.exclude(points=None).values_list("points", flat=True))
    low = SurveyAnswer.objects.filter(points__lte=2)
    assert 0.02 < low.count() / len(points) < 0.25
    assert Case.objects.filter(answer__in=low, kind=CaseKind.COMPLAINT).exists()
    assert SurveyResult.objects.values("store").distinct().count() >= 4


def test_cases_stand_in_each_state_and_some_are_late():
    found = set(Case.objects.values_list("state", flat=True))
    assert found >= set(CaseState) - {CaseState.VOIDED}
    assert set(Case.objects.values_list("kind", flat=True)) == set(CaseKind)
    assert Case.objects.filter(state=CaseState.OPEN, due_at__lt=NOW).exists()
    assert Case.objects.exclude(escalated_at=None).exists()
    for name in (MAIN, DEALER, HOMES, OPS):
        reach = reach_of(who(name), today=NOW.date())
        assert visible_cases(reach).exists()


def test_campaigns_lie_ahead_and_behind_and_something_was_bought():
    states = set(Campaign.objects.values_list("state", flat=True))
    assert {CampaignState.INVITING, CampaignState.OVER} <= states
    ahead = Invitation.objects.filter(campaign__starts_at__gt=NOW, withheld="")
    assert ahead.filter(answer="").exists()
    assert ahead.exclude(answer="").exists()
    came = Invitation.objects.exclude(attended_at=None).filter(campaign__name="软装搭配沙龙")
    assert came.filter(customer__products__purchased_on__gte=NOW - timedelta(days=30)).exists()
    assert Campaign.objects.exclude(review="").exists()


def test_people_told_of_themselves():
    assert {Quiet.MARKETING, Quiet.VISITS, Quiet.ALL} <= set(
        Customer.objects.filter(quiet_changes__isnull=False).values_list("quiet", flat=True)
    )
    assert Customer.objects.exclude(contact_from=None).exists()
    assert Contact.objects.exclude(override="").values("override").distinct().count() >= 3
    assert HouseholdMember.objects.filter(birth_is_lunar=True).exists()
    assert KeyPerson.objects.exists()
    assert ProductEvent.objects.filter(kind=ProductEventKind.RENEWAL).exists()
    for anchor in (Anchor.HOUSEHOLD_BIRTHDAY, Anchor.INSURANCE, Anchor.REFERRAL):
        assert Obligation.objects.filter(step__anchor=anchor).exists()
    assert Task.objects.filter(state=State.DONE, letter__way="letter").exists()


def test_people_of_the_company_arranged_things():
    assert Absence.objects.filter(starts_on__lt=NOW, ends_on__gte=NOW).exists()
    assert Absence.objects.filter(starts_on__gt=NOW).exists()
    assert Plan.objects.get(code="dealer").versions.count() >= 2
    assert Greeting.objects.values("occasion").distinct().count() >= 2
    assert Escalation.objects.exclude(seen_at=None).exists()
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.exclude(read_at=None).exists()
    assert not Outgoing.objects.exists(), "nothing leaves a demonstration"


def test_the_rate_of_return_visits_is_that_of_people():
    period = period_around(NOW.date() - timedelta(days=31), months=1)
    total = total_of(figures_by(None, period=period, by="store", now=NOW))
    assert total.rate is not None
    assert 0.7 < total.rate < 1
