"""What days of orders make appear: payment checks, the ladder of amounts due, credits, news."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from customers.models import Access
from customers.states import Channel, Grade, Quiet, QuietReason, Reason
from followups import rules
from followups.models import AnchorDay, Obligation, Plan, Step, Task
from followups.order_verification import order_differences
from followups.queries.plans import terms_of
from followups.rules import Attempt, GuardFacts, Reached
from followups.services import (
    Day,
    PlanNotChanged,
    ask,
    change_plan,
    end_anchor_day,
    pause_anchor_day,
    resume_anchor_day,
    set_anchor_day,
    set_anchor_days,
)
from followups.services.quiet import set_quiet
from followups.services.rehearsal import rehearse_plan
from followups.states import Anchor, Cause, State
from followups.verification import obligation_differences, task_differences
from staff.states import Role
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import SHANGHAI, at, customer, dues, shop

pytestmark = pytest.mark.django_db

NOW = at("2026-05-01 10:00")
TODAY = NOW.date()


@pytest.fixture
def place():
    return shop()


@pytest.fixture
def who(place):
    return customer(place, now=NOW, grade=Grade.C2)


def due(who, on, *, subject=1, anchor=Anchor.RECEIVABLE, now=NOW, **said):
    set_anchor_day(anchor=anchor, subject_id=subject, customer=who, on=on, now=now, **said)


def owed(who, *states):
    found = dues(who, states=states or (State.OPEN,))
    return [(code, day) for code, day in found if not code.startswith("cadence")]


def is_clean(now=NOW):
    found = [*order_differences(now=now), *obligation_differences(now=now), *task_differences()]
    return found == []


def days(number):
    return TODAY + timedelta(days=number)


def test_an_amount_due_climbs_its_ladder(who, place):
    due(who, days(10))
    assert owed(who) == [
        ("receivable-reminder", days(3)),
        ("receivable-confirm", days(10)),
        ("receivable-call", days(11)),
        ("receivable-letter-1", days(18)),
        ("receivable-letter-2", days(41)),
        ("receivable-manager-call", days(41)),
    ]
    whose = dict(Obligation.objects.filter(customer=who).values_list("step__code", "assignee"))
    assert whose["receivable-call"] == place.seller.pk
    assert whose["receivable-manager-call"] == place.manager.pk
    assert is_clean()

    ask(now=NOW + timedelta(days=12))
    assert ("receivable-letter-3", days(71)) in owed(who)
    ask(now=NOW + timedelta(days=42))
    assert ("receivable-legal", days(101)) in owed(who)
    assert is_clean(NOW + timedelta(days=42))


def test_a_day_that_moves_takes_what_is_open_along_and_leaves_what_is_done(who):
    due(who, days(10), anchor=Anchor.ORDER_DELIVERY, text="DD-2611-000012")
    assert owed(who) == [("order-payment-check", days(3))]
    due(who, days(24), anchor=Anchor.ORDER_DELIVERY, text="DD-2611-000012 · 05-11 → 05-25")
    assert owed(who) == [("order-payment-check", days(17))]
    assert is_clean()

    Obligation.objects.filter(customer=who).update(state=State.DONE, closed_at=NOW, task=None)
    due(who, days(40), anchor=Anchor.ORDER_DELIVERY)
    assert owed(who, State.OPEN, State.DONE)[0] == ("order-payment-check", days(17))


def test_an_end_answers_what_is_open_and_taken_back_it_stands_again(who):
    due(who, days(-5), now=NOW - timedelta(days=20))
    ask(now=NOW + timedelta(days=3))
    before = owed(who)
    end_anchor_day(anchor=Anchor.RECEIVABLE, subject_id=1, now=NOW)
    assert owed(who) == []
    assert set(Obligation.objects.filter(subject_id=1).values_list("cause", flat=True)) == {
        Cause.ANSWERED
    }
    assert is_clean()

    due(who, days(-5), now=NOW + timedelta(days=3))
    assert owed(who) == before
    assert is_clean(NOW + timedelta(days=3))


def test_an_end_taken_back_a_month_later_asks_for_nothing_that_fell_due_meanwhile(who):
    due(who, TODAY)
    end_anchor_day(anchor=Anchor.RECEIVABLE, subject_id=1, now=NOW)
    later = NOW + timedelta(days=30)
    due(who, TODAY, now=later)
    assert owed(who) == [
        ("receivable-letter-2", days(31)),
        ("receivable-manager-call", days(31)),
        ("receivable-letter-3", days(61)),
    ]  # 30 days on, the last rung lies beyond the horizon of sixty
    assert is_clean(later)


def test_a_disputed_amount_rests_and_goes_on_from_the_day_it_is_settled(who):
    due(who, days(-2))
    pause_anchor_day(anchor=Anchor.RECEIVABLE, subject_id=1, now=NOW)
    assert owed(who) == []
    settled = NOW + timedelta(days=8)
    ask(now=settled)
    assert owed(who) == []
    resume_anchor_day(anchor=Anchor.RECEIVABLE, subject_id=1, now=settled)
    assert owed(who)[0] == ("receivable-letter-2", days(29))
    assert is_clean(settled)


def test_what_was_long_past_when_it_was_noted_is_not_asked_for(who):
    due(who, days(-40))
    assert owed(who)[0] == ("receivable-letter-3", days(21))


def test_whoever_took_the_order_does_it_as_long_as_they_see_the_customer(who, place):
    taker = PersonFactory(role=Role.SALES_STORE, store=place.store)
    due(who, TODAY, anchor=Anchor.ORDER_NEWS, assignee=taker)
    (news,) = Obligation.objects.filter(step__code="order-news")
    assert news.assignee == place.seller
    Access.objects.create(customer=who, person=taker)
    ask(now=NOW, customers=[who.pk])
    news.refresh_from_db()
    assert news.assignee == taker
    assert is_clean()


def test_neither_grade_d_nor_a_wish_for_silence_puts_it_off(place):
    who = customer(place, now=NOW, grade=Grade.D)
    due(who, days(3))
    set_quiet(
        customer=who, quiet=Quiet.ALL, reason=QuietReason.OTHER, by=place.seller, now=NOW, note="x"
    )
    assert owed(who)[0] == ("receivable-reminder", days(-4))
    assert is_clean()


def test_it_leaves_the_cadence_where_it_is(who):
    ask(now=NOW, customers=[who.pk])
    before = dues(who)
    due(who, days(10))
    assert set(before) <= set(dues(who))


def test_a_plan_of_six_dues_takes_no_query_for_each(who, place, django_assert_max_num_queries):
    other = customer(place, now=NOW, grade=Grade.C2)

    def plan(whose, count):
        return [
            Day(anchor=Anchor.RECEIVABLE, subject_id=count + n, customer_id=whose.pk, on=days(n))
            for n in range(count)
        ]

    ask(now=NOW, customers=[who.pk, other.pk])
    set_anchor_days(plan(customer(place, now=NOW), 2), now=NOW)  # the tables of the transaction
    with django_assert_max_num_queries(60) as one:
        set_anchor_days(plan(who, 1), now=NOW)
    with django_assert_max_num_queries(len(one)):
        set_anchor_days(plan(other, 12), now=NOW)
    assert AnchorDay.objects.count() == 15


def test_another_customers_day_takes_its_work_along(who, place):
    other = customer(place, now=NOW, grade=Grade.C2)
    due(who, days(1), anchor=Anchor.CREDIT)
    due(other, days(1), anchor=Anchor.CREDIT)
    assert owed(who) == []
    assert [code for code, _day in owed(other)] == ["credit-contact", "credit-refund"]
    assert (
        Task.objects.filter(customer=who, state=State.OPEN, obligations__isnull=True).count() == 0
    )
    assert is_clean()


def test_verify_is_loud_about_work_that_is_missing_or_not_its_days(who):
    due(who, days(10))
    AnchorDay.objects.update(on=days(11))
    assert {row.check for row in order_differences(now=NOW)} == {"order_work_date"}
    AnchorDay.objects.update(ended_at=NOW)
    assert {row.check for row in order_differences(now=NOW)} == {"order_work_off_its_day"}
    AnchorDay.objects.update(ended_at=None, on=days(10))
    Obligation.objects.filter(step__code="receivable-call").delete()
    assert {row.check for row in order_differences(now=NOW)} == {"order_work_missing"}


# What people see


def test_today_names_the_order_and_leads_to_it(place, as_):
    who = customer(place, now=NOW, grade=Grade.C2)
    due(who, days(6), anchor=Anchor.ORDER_DELIVERY, text="DD-2611-000012", path="/orders/12/")
    with time_machine.travel(NOW, tick=False):
        browser = as_(place.seller)
        page = browser.get("/today/").content.decode()
        step = Step.objects.get(code="order-payment-check")
        assert f"{step.name_zh}：DD-2611-000012" in page
        assert 'href="/orders/12/"' in page
        task = Task.objects.get(customer=who, obligations__step=step)
        log = browser.get(f"/customers/{who.pk}/log/?task={task.pk}").content.decode()
        assert 'href="/orders/12/"' in log


def test_a_dunning_letter_says_what_is_open(place, as_):
    who = customer(place, now=NOW, grade=Grade.C2)
    due(who, days(-8), text="DD-2611-000012 ¥8,000.00", path="/orders/12/")
    task = Task.objects.get(letter__code="receivable-letter-1", state=State.OPEN)
    with time_machine.travel(NOW, tick=False):
        letter = as_(place.seller).get(f"/tasks/{task.pk}/letter/").content.decode()
    assert "DD-2611-000012 ¥8,000.00" in letter
    assert 'href="/orders/12/"' in letter


def test_a_talk_about_something_else_leaves_it_on_the_list(who, place):
    due(who, days(-1), anchor=Anchor.ORDER_NEWS)
    ask(now=NOW)
    reached(who, now=NOW, reason=Reason.CARE)
    assert ("order-news", days(-1)) in owed(who)


def test_it_is_not_kept_from_who_was_reached_yesterday():
    needed = Attempt(at=NOW, channel=Channel.CALL, is_needed=True)
    lately = Reached(contact_id=1, at=NOW - timedelta(days=1), by="x", channel=Channel.CALL)
    facts = GuardFacts(zone=SHANGHAI, before=[lately], gap_days=7)
    assert rules.pestering(attempt=needed, facts=facts) == []
    assert rules.pestering(attempt=replace(needed, is_needed=False), facts=facts)


# The plan of orders in its editor


def test_its_steps_may_be_put_earlier_and_what_is_open_moves(who, place):
    due(who, days(20), anchor=Anchor.ORDER_DELIVERY)
    plan = Plan.objects.get(code="orders")
    marketing = PersonFactory(role=Role.MARKETING_MANAGER)
    terms = terms_of(plan)
    earlier = replace(
        terms,
        steps=tuple(
            replace(row, offset=10) if row.anchor == Anchor.ORDER_DELIVERY else row
            for row in terms.steps
        ),
    )
    found = rehearse_plan(plan=plan, terms=earlier, now=NOW)
    assert (found.customers, found.total("moved")) == (1, 1)
    change_plan(plan=plan, terms=earlier, by=marketing, now=NOW)
    ask(now=NOW)
    assert owed(who) == [("order-payment-check", days(10))]
    assert is_clean()
    foreign = replace(terms.steps[0], step_id=None, anchor=Anchor.DELIVERY, is_before=False)
    with pytest.raises(PlanNotChanged):
        change_plan(
            plan=plan, terms=replace(terms, steps=(*terms.steps, foreign)), by=marketing, now=NOW
        )


def test_the_editor_shows_the_plan_and_its_calendar(place, as_):
    plan = Plan.objects.get(code="orders")
    page = as_(PersonFactory(role=Role.MARKETING_MANAGER)).get(f"/plans/{plan.pk}/")
    words = page.content.decode()
    assert "催款函（二）" in words
    assert len(page.context_data["sample_days"]) >= 9
    assert 'name="trades"' not in words
