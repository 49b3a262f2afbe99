"""The duty to follow up filed customers, as the engine puts it on Today (FIL-13, decision 17)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _

from crm.verification import all_differences
from customers.models import Customer
from customers.states import Channel, Grade, Outcome, Quiet, QuietReason
from filings import services as filings
from filings.models import Deal, Filing
from followups.models import Obligation, Task
from followups.queries.tasks import worklist
from followups.rows import left_of, why
from followups.rules import Kind
from followups.services import contacts, engine, log_contact
from followups.services.quiet import set_quiet
from followups.states import Anchor, Override, State
from tests.factories.followups import reached
from tests.filings.filed import customer_of, filed, people, sell
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FILED = at("2026-03-01 10:00")
DUE = at("2026-03-05 00:00")
DAY = at("2026-03-04 09:00")


@pytest.fixture
def who():
    return people()


def ask(filing=None, *, now=FILED):
    return engine.ask(now=now, customers=None if filing is None else [filing.customer_id])


def duties(filing, *states):
    rows = Obligation.objects.filter(step__anchor=Anchor.FILING, subject_id=filing.pk)
    return list(rows.filter(state__in=states or [State.OPEN]).order_by("pk"))


def card(filing):
    return Customer.objects.select_related("store", "owner").get(pk=filing.customer_id)


def today(person, *, now):
    tasks = Task.objects.filter(assignee=person)
    return list(worklist(tasks, now=now, today=now.date()))


def attempt(filing, *, now, retry_on, task=None):
    return log_contact(
        customer=card(filing), channel=Channel.CALL, outcome=Outcome.UNANSWERED,
        retry_on=retry_on, by=filing.holder, now=now, key=uuid4(), task=task,
        override=Override.NEEDED,
    )  # fmt: skip


def differences(now):
    checks = ("duty", "task", "obligation", "next_contact")
    return [row for row in all_differences(now=now) if row.check.startswith(checks)]


def test_a_filing_has_one_duty_for_its_holder_on_the_day_that_its_row_says(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    ask(filing, now=FILED + timedelta(hours=1))
    ask()
    (duty,) = duties(filing)
    assert (duty.due_at, duty.due_on, duty.assignee) == (DUE, DAY.date(), who["store"])
    assert (duty.shown_on, duty.occurrence) == (DAY.date(), 1)
    assert not differences(FILED + timedelta(hours=1))


def test_the_round_finds_what_was_filed_without_asking(who):
    filing = filed(who["store"], now=FILED)
    ask(now=FILED)
    assert len(duties(filing)) == 1
    again = engine.ask(now=FILED + timedelta(minutes=1))
    assert (again.obligations_created, again.obligations_moved) == (0, 0)


def test_today_it_stands_before_calls_to_a_and_says_how_many_hours_are_left(who):
    filing = filed(who["store"], now=FILED)
    active = filed(who["store"], now=FILED, grade=Grade.A)
    reached(card(active), now=FILED + timedelta(hours=1), on=DAY.date())
    ask(filing)
    rows = today(who["store"], now=DAY)
    assert rows[0].customer_id == filing.customer_id
    assert rows[0].kind == Kind.HOUR_LIMIT
    assert why(rows[0], now=DAY) == _("%(days)s-day follow-up") % {"days": 3}
    assert left_of(rows[0], now=DAY).text.startswith("15")
    assert left_of(rows[0], now=DUE + timedelta(hours=2)).tone == "late"


def test_an_effective_contact_of_the_holder_ends_it_and_opens_the_next(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    reached(card(filing), now=DAY)
    done, waiting = duties(filing, State.DONE), duties(filing)
    assert [row.due_at for row in done] == [DUE]
    assert [(row.due_at, row.occurrence) for row in waiting] == [(at("2026-03-08 00:00"), 2)]
    assert not differences(DAY + timedelta(minutes=5))


def test_reached_before_its_day_it_moves(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    reached(card(filing), now=at("2026-03-03 09:00"))
    (duty,) = duties(filing, *State.values)
    assert (duty.state, duty.due_at) == (State.OPEN, at("2026-03-07 00:00"))


def test_it_grows_overdue_and_is_not_repeated(who):
    filing = filed(who["store"], now=FILED)
    for day in range(1, 12):
        ask(now=FILED + timedelta(days=day - 1))
    (duty,) = duties(filing, *State.values)
    assert duty.due_at == DUE


def test_a_lapse_ends_it_and_a_revival_opens_it_anew(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    ask(now=at("2026-03-12 00:00"))
    assert duties(filing) == []
    assert not differences(at("2026-03-12 00:01"))
    reached(card(filing), now=at("2026-03-12 09:00"))
    (duty,) = duties(filing)
    assert duty.due_at == at("2026-03-16 00:00")


def test_a_release_ends_it_and_taken_back_it_is_there_again(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    released = FILED + timedelta(minutes=5)
    filings.release_all(customer=filing.customer, holder=None, by=who["store"], now=released)
    ask(now=released)
    assert duties(filing) == []
    filings.resume_all(customer=filing.customer, released_at=released, by=who["store"],
                       released_by=who["store"], now=released + timedelta(minutes=1))  # fmt: skip
    ask(now=released + timedelta(minutes=1))
    assert [row.due_at for row in duties(filing)] == [DUE]


def test_a_deal_rests_it_and_a_refund_brings_it_back(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    sell(filing, who["store"], now=FILED + timedelta(hours=1))
    ask(now=FILED + timedelta(hours=1))
    assert duties(filing) == []
    filings.undo_deal(deal=Deal.objects.get(), reason="退定", by=who["ops"],
                      now=FILED + timedelta(hours=2))  # fmt: skip
    ask(now=FILED + timedelta(hours=2))
    assert [row.due_at for row in duties(filing)] == [DUE]


def test_whoever_takes_the_filing_over_has_it_from_then_on(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    filings.hand_over(filing=filing, holder=who["colleague"], reason="休假", by=who["ops"], now=DAY)
    ask(now=DAY)
    (duty,) = duties(filing, *State.values)
    assert (duty.assignee, duty.due_at) == (who["colleague"], at("2026-03-08 00:00"))
    assert duty.task.assignee == who["colleague"]
    assert not differences(DAY + timedelta(minutes=5))


def test_it_is_one_task_with_what_else_is_due_that_day(who):
    filing = filed(who["store"], now=FILED)
    reached(card(filing), now=FILED + timedelta(hours=1), on=DAY.date())
    (task,) = list(today(who["store"], now=DAY))
    anchors = {row.step.anchor for row in task.reasons}
    assert anchors == {Anchor.FILING, Anchor.NEXT_STEP}
    reached(card(filing), now=DAY, task=task)
    assert Obligation.objects.filter(task=task, state=State.DONE).count() == 2


def test_a_colleagues_contact_and_one_entered_too_late_leave_it_standing(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    (task,) = today(who["store"], now=DAY)
    reached(card(filing), now=DAY, by=who["colleague"], task=task)
    assert [row.due_at for row in duties(filing)] == [DUE]
    late = at("2026-03-04 11:00")
    reached(card(filing), now=late, occurred_at=at("2026-03-02 11:00"))
    assert [row.due_at for row in duties(filing)] == [DUE]
    assert not differences(late + timedelta(minutes=5))


def test_an_attempt_keeps_it_on_its_day_and_an_overdue_one_waits_for_the_next_try(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    (task,) = today(who["store"], now=DAY)
    attempt(filing, now=DAY, retry_on=at("2026-03-05 09:00").date(), task=task)
    assert [row.kind for row in today(who["store"], now=DAY)] == [Kind.HOUR_LIMIT]
    later = at("2026-03-06 09:00")
    attempt(filing, now=later, retry_on=at("2026-03-07 09:00").date())
    assert today(who["store"], now=later) == []
    assert [row.due_at for row in duties(filing)] == [DUE]
    assert not differences(later + timedelta(minutes=5))


def test_a_contact_taken_back_brings_it_back_once(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    contact = reached(card(filing), now=DAY)
    contacts.void_contact(contact=contact, reason="误记", by=who["store"],
                          now=DAY + timedelta(minutes=1))  # fmt: skip
    assert [row.due_at for row in duties(filing)] == [DUE]
    assert not differences(DAY + timedelta(minutes=5))


def test_it_rests_while_no_contact_is_wished(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    set_quiet(customer=card(filing), quiet=Quiet.ALL, reason=QuietReason.OTHER, by=who["store"],
              now=FILED + timedelta(hours=1), note="别打")  # fmt: skip
    assert [row.due_at for row in duties(filing, State.SUSPENDED)] == [DUE]
    ask(now=FILED + timedelta(hours=2))
    assert duties(filing) == []
    assert not differences(FILED + timedelta(hours=2))


def test_whoever_is_graded_d_owes_none(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    Customer.objects.filter(pk=filing.customer_id).update(grade=Grade.D)
    ask(filing, now=FILED + timedelta(minutes=1))
    assert duties(filing) == []


def test_verify_is_loud_about_a_duty_that_is_missing_or_not_its_filings(who):
    filing = filed(who["store"], now=FILED)
    ask(filing)
    now = FILED + timedelta(hours=1)
    Filing.objects.filter(pk=filing.pk).update(update_due_at=DUE + timedelta(days=1))
    assert {row.check for row in differences(now)} == {"duty_missing", "duty_off_its_filing"}
    ask(now=now)
    assert not differences(now)


def test_who_was_never_filed_costs_the_engine_nothing_more(who):
    def asks_of_duties(customer):
        with CaptureQueriesContext(connection) as ran:
            engine.ask(now=FILED, customers=[customer.pk])
        return any("EXISTS duty ON" in each["sql"] for each in ran)

    assert asks_of_duties(filed(who["store"], now=FILED).customer)
    assert not asks_of_duties(customer_of(who["store"], now=FILED))
