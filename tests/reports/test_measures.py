"""Return visits, cases and satisfaction: the figures, and the rows behind each of them (M54)."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import count

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from customers.models import Contact
from customers.states import Channel, NextKind, NoStepReason, Outcome
from followups.models import Obligation, Plan, Step, SurveyResult, SurveyVersion, Task
from followups.naming import occurrence_name
from followups.services import rate_case, solve_case
from followups.states import Anchor, CaseKind, Cause, State
from reports.asking.periods import read_period
from reports.figures.measures import figures_by, is_met, total_of
from tests.factories.cases import opened
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

NOW = at("2026-04-15 10:00")
MARCH = read_period("month", "2026-03")
_numbers = count(1)


@pytest.fixture
def who():
    return CustomerFactory(now=at("2026-01-05 10:00"))


def spoke(customer, at: datetime, *, is_effective=True) -> Contact:
    return Contact.objects.create(
        customer=customer, by=customer.owner, channel=Channel.CALL, outcome=Outcome.CONNECTED,
        reached=True, is_effective=is_effective, occurred_at=at, logged_at=at,
        next_kind=NextKind.NONE, none_reason=NoStepReason.values[0], grade=customer.grade,
    )  # fmt: skip


def visit(customer, *, due="2026-03-10", done=None, contact=None, task=None, **said) -> Obligation:
    """A call after a sale that fell due, done by a contact at `done` where given."""
    due_on = parse_date(due)
    if done is not None:
        contact = contact or spoke(customer, done)
    state = said.pop("state", State.DONE if contact else State.OPEN)
    closed = contact.logged_at if contact else (NOW if state == State.SKIPPED else None)
    if state == State.CANCELLED:
        closed, said["cause"] = NOW, Cause.SILENCE
    due_at = at(f"{due} 00:00") + timedelta(days=1)
    whose = said.pop("assignee", customer.owner)
    if task is None and state in (State.DONE, State.OPEN):
        task = Task.objects.create(
            customer=customer, assignee=whose, day=due_on, shown_on=due_on, due_at=due_at,
            state=State.DONE if contact else State.CANCELLED, closed_at=closed or NOW,
            contact=contact,
        )  # fmt: skip
    step = (
        said.pop("step", None)
        # A keeper's, which no round gives to whoever leads.
        or Step.objects.filter(anchor=Anchor.DELIVERY, way="call", assignee="keeper").first()
    )
    return Obligation.objects.create(
        step=step, subject_id=next(_numbers), occurrence=1, customer=customer, assignee=whose,
        due_on=due_on, due_at=due_at, shown_on=due_on, state=state, task=task, closed_at=closed,
        **said,
    )  # fmt: skip


def figures(period=MARCH, by="person"):
    return total_of(figures_by(None, period=period, by=by, now=NOW))


@pytest.mark.parametrize(
    ("done", "due", "met"), [(36, 45, True), (35, 45, False), (37, 45, True), (0, 0, None)]
)
def test_at_four_fifths_it_is_reached(done, due, met):
    assert is_met(done=done, due=due, percent=80) is met


@pytest.mark.parametrize(("done", "rate", "met"), [(36, 0.8, True), (35, 35 / 45, False)])
def test_thirty_six_of_forty_five_is_reached(who, done, rate, met):
    for number in range(45):
        visit(who, done=at("2026-03-09 11:00") if number < done else None)
    told = report(month="2026-03")
    assert (told["total"]["due"], told["total"]["done"]) == (45, done)
    assert (told["total"]["rate"], told["total"]["met"]) == (rate, met)
    assert told["total"]["target"] == 0.8


def test_none_due_is_not_failed():
    told = report(month="2026-03")
    assert (told["rows"], told["total"]["rate"], told["total"]["met"]) == ([], None, None)
    assert "none_due" in told["total"]["flags"]


def report(**params):
    said = [f"--param={name}={value}" for name, value in params.items()]
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("report", "follow_up", *said, stdout=out)
    return json.loads(out.getvalue())


def test_what_is_done_in_one_conversation_counts_once(who):
    contact = spoke(who, at("2026-03-09 11:00"))
    first = visit(who, contact=contact)
    visit(who, contact=contact, task=first.task)
    waiting = visit(who)
    visit(who, task=waiting.task)
    found = figures()
    assert (found.due, found.done) == (2, 1)


@pytest.mark.parametrize(
    ("said", "due", "done", "late"),
    [
        ({"done": "2026-03-10 23:59"}, 1, 1, 0),
        ({"done": "2026-03-31 23:59"}, 1, 1, 1),
        ({"done": "2026-04-01 00:01"}, 1, 0, 1),
        ({}, 1, 0, 1),
        ({"state": State.SKIPPED}, 1, 0, 1),
        ({"state": State.SUSPENDED}, 0, 0, 0),
        ({"state": State.CANCELLED}, 0, 0, 0),
        ({"due": "2026-02-28", "done": "2026-03-02 10:00"}, 0, 0, 0),
        ({"due": "2026-03-31", "done": "2026-03-01 10:00"}, 1, 1, 0),
    ],
)
def test_in_the_month_it_falls_due_and_is_done(who, said, due, done, late):
    values = {**said, "done": at(said["done"])} if "done" in said else said
    visit(who, **values)
    found = figures()
    assert (found.due, found.done, found.late) == (due, done, late)


def test_an_attempt_or_a_contact_taken_back_is_no_visit(who):
    visit(who, contact=spoke(who, at("2026-03-09 11:00"), is_effective=False))
    contact = spoke(who, at("2026-03-09 12:00"))
    visit(who, contact=contact)
    Contact.objects.filter(pk=contact.pk).update(
        voided_at=NOW, voided_by=who.owner, void_reason="wrong"
    )
    found = figures()
    assert (found.due, found.done) == (2, 0)


def test_letters_greetings_and_other_work_are_no_visits(who):
    for step in Step.objects.filter(way__in=["letter", "greeting"])[:2]:
        visit(who, step=step)
    visit(who, step=Step.objects.get(anchor=Anchor.NEXT_STEP))
    visit(who, way="greeting")
    assert figures().due == 0


def test_a_quarter_is_the_sum_of_its_months(who):
    visit(who, due="2026-01-10", done=at("2026-01-10 10:00"))
    visit(who, due="2026-02-27", done=at("2026-03-02 10:00"))
    visit(who, done=at("2026-03-02 10:00"))
    months = [figures(read_period("month", f"2026-0{month}")) for month in (1, 2, 3)]
    quarter = figures(read_period("month", "2026-Q1"))
    assert [(each.due, each.done) for each in months] == [(1, 1), (1, 0), (1, 1)]
    assert (quarter.due, quarter.done) == (3, 2)
    assert figures(read_period("month", "2026")).done == 2


def solved(customer, *, kind=CaseKind.PROBLEM, on="2026-03-02 10:00", after=1):
    case = opened(customer, kind=kind, now=at(on))
    solve_case(case=case, solution="好了", by=customer.owner, now=at(on) + timedelta(days=after))
    return case


def test_cases_are_solved_in_time_within_their_working_days(who):
    solved(who)
    solved(who, after=9)
    again = solved(who)
    rate_case(case=again, points=1, text="没好", by=who.owner, now=at("2026-03-03 11:00"))
    solved(who, kind=CaseKind.NEED, after=2)
    opened(who, kind=CaseKind.NEED, now=at("2026-03-20 10:00"))
    opened(who, kind=CaseKind.NEED, now=at("2026-02-20 10:00"))
    found = figures()
    assert (found.problems, found.problems_solved) == (3, 1)
    assert (found.needs, found.needs_met) == (2, 1)
    assert found.response == 24 * 60 * 1.5


def survey(customer, score, *, about=None, on="2026-03-05 10:00", **said):
    return SurveyResult.objects.create(
        version=SurveyVersion.objects.first(), customer=customer, store=customer.store,
        contact=spoke(customer, at(on)), asked_by=customer.owner, about=about, asked_at=at(on),
        score=score, **said,
    )  # fmt: skip


def test_satisfaction_is_the_mean_of_scores_and_the_share_of_four_and_more(who):
    for score in ("5.00", "4.00", "3.00", None):
        survey(who, score)
    found = figures()
    assert (found.surveys, found.satisfaction, found.satisfied) == (3, 4.0, 2)


def test_below_the_target_stands_first(who):
    good, none = PersonFactory(store=who.store), PersonFactory(store=who.store)
    visit(who, assignee=good, done=at("2026-03-09 11:00"))
    visit(who)
    survey(who, "4.00", about=none)
    told = report(month="2026-03")
    assert [row["key"] for row in told["rows"]] == [who.owner_id, good.pk, none.pk]
    assert [row["met"] for row in told["rows"]] == [False, True, None]


def test_whose_work_is_all_ahead_is_under_way_and_not_below(who, as_):
    """NOW is in the middle of April: the 10th is past, the 28th is not."""
    visit(who, due="2026-04-28")
    (row,) = report(month="2026-04")["rows"]
    assert (row["due"], row["ahead"], row["met"]) == (1, 1, None)
    with time_machine.travel(NOW, tick=False):
        page = as_(who.owner).get("/reports/measures/?month=2026-04").context_data
    assert [(each["tone"], each["word"]) for each in page["rows"]] == [("plain", _("under way"))]
    assert page["stats"][0]["tone"] == ""

    visit(who, due="2026-04-10", done=at("2026-04-09 11:00"))
    assert report(month="2026-04")["rows"][0]["met"] is True
    visit(who, due="2026-04-08")
    assert report(month="2026-04")["rows"][0]["met"] is False


def test_a_figure_says_of_how_many_and_how_it_is_made(busy, as_):
    with time_machine.travel(NOW, tick=False):
        page = as_(busy.ops_manager).get("/reports/measures/?month=2026-03")
    found = total_of(figures_by(None, period=MARCH, by="person", now=NOW))
    notes = [stat["note"] for stat in page.context_data["stats"]]
    assert notes[0] == f"{found.done} / {found.due}"
    surveyed = f"{found.surveyed} / {found.to_survey}" if found.to_survey else ""
    assert notes[1] == surveyed
    assert notes[3] == f"{found.problems_solved} / {found.problems}"
    body = page.content.decode()
    for stat in page.context_data["stats"]:
        assert f"<dd>{stat['formula']}</dd>" in body


def test_what_nobody_has_is_a_row(who):
    visit(who, assignee=None)
    assert report(month="2026-03", by="person")["rows"][0]["key"] is None
    assert report(month="2026-03", by="store")["rows"][0]["key"] == who.store_id


@pytest.mark.parametrize("month", ["2026-13", "März", "2026-Q5", "26"])
def test_what_is_no_month_is_refused(month):
    with pytest.raises(Exception, match="2026-Q1"):
        report(month=month)


def test_the_report_is_a_sheet_too(who):
    visit(who)
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("report", "follow_up", "--format=csv", "--param=month=2026-03", stdout=out)
    assert out.getvalue().count("\n") == 2


@pytest.fixture
def busy(company):
    """A month with something of everything, of two people and of nobody."""
    seller = company.sales_store
    who = CustomerFactory(owner=seller, now=at("2026-01-05 10:00"))
    other = CustomerFactory(owner=company.sales_field, now=at("2026-01-05 10:00"))
    contact = spoke(who, at("2026-03-09 11:00"))
    first = visit(who, contact=contact)
    visit(who, contact=contact, task=first.task)
    visit(who, done=at("2026-03-30 11:00"))
    visit(who, due="2026-03-20")
    visit(who, assignee=None)
    visit(other)
    solved(who)
    solved(who, kind=CaseKind.NEED, after=9)
    opened(other, now=at("2026-03-20 10:00"))
    survey(who, "4.50")
    survey(other, "2.00", about=seller)
    return company


@pytest.mark.parametrize("role", ["sales_store", "store_manager", "ops_manager"])
@pytest.mark.parametrize("by", ["person", "store"])
def test_each_figure_opens_as_many_rows_as_it_counts(busy, as_, role, by):
    window = as_(getattr(busy, role))
    with time_machine.travel(NOW, tick=False):
        page = window.get("/reports/measures/", {"month": "2026-03", "by": by})
        assert page.context_data["rows"]
        seen = 0
        for row in page.context_data["rows"]:
            for figure in row["figures"]:
                behind = window.get(figure["url"]).context_data
                assert (figure["name"], behind["shown_count"]) == (figure["name"], figure["value"])
                seen += figure["value"]
        assert seen
        assert page.context_data["steps"]
        for step in page.context_data["steps"]:
            assert window.get(step["due_url"]).context_data["shown_count"] == step["due"]
            assert window.get(step["done_url"]).context_data["shown_count"] == step["done"]


def test_a_repeated_step_says_its_month_behind_a_figure(who, as_):
    repeated = Step.objects.filter(anchor=Anchor.DELIVERY, unit="months", times__gt=1).first()
    row = visit(who, step=repeated)
    with time_machine.travel(NOW, tick=False):
        page = as_(who.owner).get("/reports/measures/?month=2026-03&show=due")
    name = occurrence_name(repeated, row.occurrence)
    assert name != repeated.name
    assert page.context_data["shown"][0].text.startswith(f"{name} ·")


def test_two_steps_of_one_name_are_told_apart_by_their_plans(who, as_):
    plans = Plan.objects.exclude(code="everyday").order_by("pk")[:2]
    steps = [plan.steps.filter(anchor=Anchor.DELIVERY, way="call").first() for plan in plans]
    for step in steps:
        Step.objects.filter(pk=step.pk).update(name_zh="同名", name_en="Same")
        visit(who, step=step)
    with time_machine.travel(NOW, tick=False):
        page = as_(who.owner).get("/reports/measures/?month=2026-03")
    names = [row["name"] for row in page.context_data["steps"]]
    assert sorted(names) == sorted(f"同名 · {plan.name}" for plan in plans)


def test_the_totals_open_their_rows(busy, as_):
    window = as_(busy.ops_manager)
    with time_machine.travel(NOW, tick=False):
        found = total_of(figures_by(None, period=MARCH, by="person", now=NOW))
        for name in ("due", "done", "late", "ahead", "problems", "needs", "surveys", "satisfied"):
            url = f"/reports/measures/?month=2026-03&show={name}"
            behind = window.get(url).context_data["shown_count"]
            assert (name, behind) == (name, getattr(found, name))
        missed = window.get("/reports/measures/?month=2026-03&show=missed").context_data
        assert missed["shown_count"] == found.due - found.done


@pytest.mark.parametrize(
    ("role", "status", "people"),
    [
        ("sales_store", 200, {"sales_store"}),
        ("stranger", 200, set()),
        ("store_manager", 200, {"sales_store", None}),
        # A survey of their customer speaks of a colleague elsewhere.
        ("field_supervisor", 200, {"sales_field", "sales_store"}),
        ("ops_manager", 200, {"sales_store", "sales_field", None}),
        ("marketing_manager", 200, None),
        ("finance", 403, None),
        ("admin", 403, None),
    ],
)
def test_who_sees_whose_figures(busy, as_, role, status, people):
    with time_machine.travel(NOW, tick=False):
        answer = as_(getattr(busy, role)).get("/reports/measures/?month=2026-03")
    assert answer.status_code == status
    if people is not None:
        names = {getattr(busy, one).name if one else "还没有人" for one in people}
        shown = {row["name"] for row in answer.context_data["rows"]}
        assert shown - {"nobody yet", "还没有人"} == names - {"还没有人"}
        assert len(shown) == len(names)


def test_marketing_sees_stores_and_no_persons(busy, as_):
    with time_machine.travel(NOW, tick=False):
        answer = as_(busy.marketing_manager).get("/reports/measures/?month=2026-03&by=person")
    assert {row["name"] for row in answer.context_data["rows"]} == {busy.store.name, busy.team.name}


def test_an_address_that_asks_for_what_is_none_shows_the_page(busy, as_):
    window = as_(busy.ops_manager)
    for query in ("month=x", "show=burn", "show=due&key=x", "month=2026-03&show=due&step=none"):
        assert window.get(f"/reports/measures/?{query}").status_code == 200
    assert window.post("/reports/measures/").status_code == 405


def test_the_page_asks_as_often_for_many_as_for_few(busy, as_):
    window = as_(busy.ops_manager)

    def queries():
        with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as asked:
            for show in ("due", "problems", "surveys"):
                window.get(f"/reports/measures/?month=2026-03&show={show}")
        return len(asked)

    queries()
    few = queries()
    for _each in range(12):
        who = CustomerFactory(owner=PersonFactory(store=busy.store), now=at("2026-01-05 10:00"))
        visit(who)
        opened(who, now=at("2026-03-20 10:00"))
        survey(who, "3.00")
    assert queries() == few


def test_a_month_knows_its_neighbours():
    assert (MARCH.begins, MARCH.ends) == (date(2026, 3, 1), date(2026, 3, 31))
    quarter = read_period("month", "2026-Q4")
    assert (quarter.moved(1).text, quarter.moved(-4).text) == ("2027-Q1", "2025-Q4")
    assert read_period("month", "2026").moved(-1).text == "2025"
