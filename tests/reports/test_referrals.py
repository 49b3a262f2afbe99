"""The report on referrals: counted near and far, scoped, masked."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.models import Customer
from reports.registry import run
from staff.scope import reach_of
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    first = CustomerFactory(name="甲")
    second = CustomerFactory(owner=first.owner, referrer=first)
    third = CustomerFactory(owner=first.owner, referrer=second)
    Customer.objects.filter(pk=third.pk).update(bought_count=1, bought_total=9)
    return first, second, third


def test_a_referrer_counts_whom_they_brought_and_their_deals(chain, capsys):
    first, second, _third = chain
    call_command("report", "referrals", format="json")
    told = json.loads(capsys.readouterr().out)
    assert [
        (row["customer_id"], row["brought"], row["brought_in_all"], row["deals"])
        for row in told["rows"]
    ] == [(first.pk, 1, 2, 1), (second.pk, 1, 1, 1)]
    assert told["total"] == {"referrers": 2, "brought": 2}
    assert "****" in told["rows"][0]["phone"]


def test_a_stranger_s_referrers_are_not_told(chain):
    stranger = reach_of(PersonFactory(), today=timezone.localdate())
    assert run("referrals", {}, reach=stranger, now=timezone.now())["rows"] == []


def test_only_those_brought_in_the_period_count(chain):
    told = run("referrals", {"from": "2030-01-01"}, reach=None, now=timezone.now())
    assert told["rows"] == []
