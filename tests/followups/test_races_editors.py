"""Two editors of one survey or plan, one greeting on two devices: real connections at once.

Each guard has its control: with the guard taken away the same race is lost.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from core.states import JobState
from followups.models import Greeting, Obligation, Plan, Step, Survey, SurveyVersion, Task
from followups.queries.plans import terms_of as plan_terms_of
from followups.services import greetings, plan_changes, plans, publish_survey
from followups.services.greetings import (
    GreetingNotSent,
    send_birthday_greeting,
    send_greeting,
)
from followups.services.plans import PlanNotChanged, change_plan
from followups.services.survey_versions import SurveyNotPublished, terms_of
from followups.states import Anchor, Occasion, SentBy, State, Way
from followups.wording import signature_of, whole_text
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, shop

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at("2026-03-13 17:30")
FRIDAY = date(2026, 3, 13)


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all acts at the same moment, each on its own connection; answers or refusals."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return act()
        except (SurveyNotPublished, GreetingNotSent, PlanNotChanged) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refused(answers) -> list[tuple[str, ...]]:
    return [answer.codes for answer in answers if isinstance(answer, Exception)]


def without(model, name: str):
    """The named constraint of a model, taken off; answers with how it is put back."""
    constraint = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)

    def put_back() -> None:
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)

    return put_back


# a survey

SURVEY = "T7"


def editors(number: int) -> list:
    return [PersonFactory(role=Role.OPS_MANAGER) for _each in range(number)]


def publishing(by):
    """`by` leaves the last question out, with a note by which their version is known."""
    survey = Survey.objects.get(code=SURVEY)
    newest = survey.versions.latest("number")
    left = terms_of(newest)[:-1]
    return lambda: publish_survey(
        survey=survey, questions=left, seen=newest.number, note=by.username, by=by, now=NOW
    )


def test_of_two_who_publish_one_survey_one_is_told_and_the_questions_are_of_one():
    answers = together([publishing(by) for by in editors(2)])
    (version,) = [answer for answer in answers if isinstance(answer, SurveyVersion)]
    assert refused(answers) == [("changed_meanwhile",)]
    kept = Survey.objects.get(code=SURVEY).versions.get(number=2)
    assert (kept, kept.note) == (version, version.published_by.username)
    assert kept.questions.count() == 3


def test_of_eight_who_publish_one_survey_seven_are_told():
    answers = together([publishing(by) for by in editors(8)])
    assert refused(answers) == [("changed_meanwhile",)] * 7
    assert Survey.objects.get(code=SURVEY).versions.count() == 2


def test_the_control_without_the_constraint_several_publish_the_same_number(monkeypatch):
    put_back = without(SurveyVersion, "one_version_of_a_survey_a_number")
    gate = Barrier(4)

    def ready(*_asked, **_how):
        gate.wait(timeout=20)
        return []

    monkeypatch.setattr("followups.services.survey_versions.audit.record", ready)
    try:
        assert refused(together([publishing(by) for by in editors(4)])) == []
        assert SurveyVersion.objects.filter(survey__code=SURVEY, number=2).count() == 4
    finally:
        spare = SurveyVersion.objects.filter(survey__code=SURVEY, number=2)
        for version in spare:
            version.questions.all().delete()
        spare.delete()
        put_back()


# a greeting


@pytest.fixture
def who():
    return customer(shop(), now=at("2026-03-02 10:00"), title="ms")


def words_to(who) -> dict:
    by = who.owner
    signature = signature_of(sender=by.name, store=who.store)
    text = whole_text("祝您周末愉快！", customer=who, signature=signature)
    return {"text": text, "signature": signature, "by": by, "now": NOW}


def sending(who, way):
    return lambda: send_greeting(
        customer=who, occasion=Occasion.FRIDAY, on=FRIDAY, way=way, **words_to(who)
    )


def birthday_of(who) -> Task:
    step = Step.objects.filter(way=Way.GREETING, anchor=Anchor.BIRTHDAY).first()
    assert step is not None
    days = {"due_at": at(f"{FRIDAY} 23:59"), "shown_on": FRIDAY}
    task = Task.objects.create(customer=who, assignee=who.owner, letter=step, day=FRIDAY, **days)
    Obligation.objects.create(
        step=step, subject_id=who.pk, occurrence=2026, customer=who, assignee=who.owner,
        due_on=FRIDAY, task=task, way=Way.GREETING, **days,
    )  # fmt: skip
    return task


def test_a_greeting_tapped_on_two_devices_goes_out_once(who):
    answers = together([sending(who, SentBy.WECHAT), sending(who, SentBy.SMS)])
    (sent,) = Greeting.objects.all()
    assert refused(answers) == [("already_sent",)]
    (told,) = [answer for answer in answers if isinstance(answer, GreetingNotSent)]
    assert who.owner.name in str(told)
    assert sent in answers


def test_a_birthday_tapped_on_two_devices_goes_out_once_and_closes_its_task(who):
    task = birthday_of(who)

    def send(way):
        return lambda: send_birthday_greeting(task=task, way=way, **words_to(who))

    answers = together([send(SentBy.WECHAT), send(SentBy.SMS)])
    assert refused(answers) == [("already_sent",)]
    assert Greeting.objects.count() == 1
    task.refresh_from_db()
    assert task.state == State.DONE


def test_the_constraint_alone_keeps_the_second_greeting_out(who, monkeypatch):
    """Where both have looked before either has written: nobody holds the customer here."""
    monkeypatch.setattr(greetings, "hold_one", lambda customer: customer)
    looked, look = Barrier(2), greetings._refuse_if_sent
    seen = []

    def look_together(**where):
        look(**where)
        if len(seen) < 2:
            seen.append(where)
            looked.wait(timeout=20)

    monkeypatch.setattr(greetings, "_refuse_if_sent", look_together)
    answers = together([sending(who, SentBy.WECHAT), sending(who, SentBy.SMS)])
    assert refused(answers) == [("already_sent",)]
    assert Greeting.objects.count() == 1


def test_the_control_without_constraint_and_look_it_goes_out_from_each_device(who, monkeypatch):
    monkeypatch.setattr(greetings, "_refuse_if_sent", lambda **_where: None)
    put_back = without(Greeting, "one_greeting_an_occasion")
    try:
        answers = together([sending(who, SentBy.WECHAT), sending(who, SentBy.SMS)])
        assert refused(answers) == []
        assert Greeting.objects.count() == 2
    finally:
        Greeting.objects.all().delete()
        put_back()


# a plan


@pytest.fixture
def plan():
    """A plan of its own, so that the shipped ones stay as they are."""
    return plans.make_plan(
        name_en="Shoes", name_zh="鞋", trades=[], by=PersonFactory(role=Role.OPS_MANAGER),
        now=NOW, key=uuid4(), copy_of=Plan.objects.get(code="dealer"),
    )  # fmt: skip


def renamed(plan, by):
    return replace(plan_terms_of(plan), name_zh=f"{by.username}的方案")


def test_two_who_have_looked_at_one_plan_write_it_once(plan):
    looks = [
        plan_changes.ask_look(plan=plan, terms=renamed(plan, by), by=by, seen_at=plan.changed_at)
        for by in editors(2)
    ]
    acts = [
        lambda look=look: plan_changes.ask_change(look=look, note="", by=look.asked_by, key=uuid4())
        for look in looks
    ]
    done = together(acts)
    assert sorted(job.state for job in done) == sorted([JobState.DONE, JobState.FAILED])
    (failed,) = [job for job in done if job.state == JobState.FAILED]
    (written,) = [job for job in done if job.state == JobState.DONE]
    assert str(PlanNotChanged.messages["plan_changed_meanwhile"]) in failed.failure
    plan.refresh_from_db()
    assert plan.name_zh == f"{written.asked_by.username}的方案"
    assert plan.versions.count() == 2


def changing(plan, by):
    terms, seen = renamed(plan, by), plan.changed_at
    return lambda: change_plan(plan=plan, terms=terms, by=by, now=NOW, seen_at=seen)


def test_of_eight_who_write_one_plan_seven_are_told(plan):
    answers = together([changing(plan, by) for by in editors(8)])
    assert refused(answers) == [("plan_changed_meanwhile",)] * 7
    assert plan.versions.count() == 2


def test_the_control_without_the_row_s_lock_each_writes_over_the_other(plan, monkeypatch):
    read = Barrier(2)
    look = plans.check

    def look_together(*asked):
        read.wait(timeout=20)
        return look(*asked)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
    monkeypatch.setattr(plans, "check", look_together)
    assert refused(together([changing(plan, by) for by in editors(2)])) == []
    assert plan.versions.count() == 3
