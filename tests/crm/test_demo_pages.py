"""One demonstration, page by page: each has rows for the person it is meant for, and opens."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from crm.demo import make_demo
from crm.demo.company import MAIN
from customers.models import Contact, Customer, HouseholdMember, KeyPerson, ProductEvent
from customers.states import ProductEventKind, Quiet
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
from followups.states import Anchor, CampaignState, CaseKind, CaseState, State
from followups.views.articles import PROPOSING_ROLES
from reports.measures import figures_by, total_of
from reports.periods import period_around
from staff.models import Absence, Notice, Outgoing, Person
from staff.scope import reach_of
from tests.crm.test_demo import NOW

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


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    """One demonstration for all tests of this module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_demo(customers=220, now=NOW)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


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
