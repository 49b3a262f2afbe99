"""A second before and at each limit, and the turn of a month, through the services (T08, T09)."""

from datetime import timedelta

import pytest

from customers.models import Customer
from customers.rules import NextStep
from customers.services import record_contact
from customers.states import Channel, NextKind, Outcome, Reason
from filings import services
from filings.models import Deal, Filing, Measuring, Policy
from filings.states import Invalid
from tests.filings.filed import customer_of, filed, people, reach, sell
from tests.filings.held import file
from tests.filings.pictures import picture_of
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FILED = at("2026-03-01 10:00")
SILENCE = at("2026-03-12 00:00")
LIMIT = at("2026-03-17 00:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def who():
    return people()


def kept_up(person):
    """A field filing that only measuring or a deposit carries over its limit."""
    filing = filed(person, now=FILED)
    for day in (9, 14):
        reach(filing, person, now=at(f"2026-03-{day:02} 10:00"))
    return filing


def measured(filing, person, *, now):
    customer = Customer.objects.select_related("store", "owner").get(pk=filing.customer_id)
    contact = record_contact(
        customer=customer, channel=Channel.MEASURING, outcome=Outcome.MET, by=person, now=now,
        today=customer.store.today(now), reason=Reason.DESIGN,
        next_step=NextStep(kind=NextKind.CALL, on=now.date() + timedelta(days=3)),
    )  # fmt: skip
    measuring = Measuring.objects.create(
        customer=customer, project=filing.project, contact=contact,
        picture=picture_of(customer, person, now), at=now, by=person,
    )  # fmt: skip
    services.note_measuring(measuring=measuring)


@pytest.mark.parametrize("at_the", ["silence", "limit"])
def test_another_files_at_the_end_of_the_last_day_and_not_a_second_before(who, at_the):
    end = SILENCE if at_the == "silence" else LIMIT
    filing = filed(who["store"], now=FILED) if at_the == "silence" else kept_up(who["field"])
    early = file(filing.customer, who["colleague"], now=end - SECOND)
    assert early.invalid == Invalid.LATER_FILER
    assert file(filing.customer, who["other"], now=end).invalid == ""


def test_a_deposit_elsewhere_is_the_filers_to_the_last_second_of_the_tenth_day(who):
    for now, owner in ((SILENCE - SECOND, "store"), (SILENCE, "colleague")):
        filing = filed(who["store"], now=FILED)
        sell(filing, who["colleague"], now=now)
        assert Deal.objects.latest("pk").credited_to == who[owner]


@pytest.mark.parametrize(("late", "lives"), [(-SECOND, True), (timedelta(0), False)])
def test_measuring_in_the_last_second_ends_the_limit_and_at_24_hours_it_is_void(who, late, lives):
    filing = kept_up(who["field"])
    measured(filing, who["field"], now=LIMIT + late)
    again = file(filing.customer, who["colleague"], now=LIMIT + SECOND)
    assert (again.invalid == Invalid.LATER_FILER) is lives


def test_a_contact_in_the_last_second_of_the_third_day_is_in_time(who):
    for late, due in ((-SECOND, "2026-03-08 00:00"), (timedelta(0), "2026-03-09 00:00")):
        filing = filed(who["store"], now=FILED)
        reach(filing, who["store"], now=at("2026-03-05 00:00") + late)
        assert Filing.objects.get(pk=filing.pk).update_due_at == at(due)
        assert filing.violations.exists() is (late == timedelta(0))


def test_days_are_those_of_the_calendar_through_a_holiday(who):
    """The New Year of 2026 moves nothing: the tenth day is the tenth."""
    filing = filed(who["store"], now=at("2026-02-10 23:59:59"))
    assert filing.customer.filings.get().protected_until == at("2026-02-21 00:00")


def test_a_deal_in_the_last_second_of_a_month_frees_a_slot_of_that_month_alone(who):
    """T09: the month turns at 0:00 of the store, which is 16:00 of the day before in London."""
    Policy.objects.filter(trade="furniture").update(field_quota=2)
    field = who["field"]

    def one_more(now):
        return file(customer_of(field, now=now), field, now=now).invalid

    first = filed(field, now=at("2026-03-31 09:00"))
    assert one_more(at("2026-03-31 10:00")) == ""
    last = at("2026-03-31 23:59:59")
    assert one_more(last - SECOND) == Invalid.OVER_QUOTA
    sell(first, field, now=last)
    assert one_more(last) == ""
    assert one_more(last + timedelta(milliseconds=900)) == Invalid.OVER_QUOTA
    april = at("2026-04-01 00:00")
    assert [one_more(april), one_more(april), one_more(april)] == ["", "", Invalid.OVER_QUOTA]


def test_a_deal_in_the_first_second_of_a_month_frees_a_slot_of_that_one(who):
    Policy.objects.filter(trade="furniture").update(field_quota=1)
    field, april = who["field"], at("2026-04-01 00:00")
    first = filed(field, now=at("2026-03-31 09:00"))
    sell(first, field, now=april)
    answers = [file(customer_of(field, now=april), field, now=april).invalid for _each in range(3)]
    assert answers == ["", "", Invalid.OVER_QUOTA]
