"""The form says what a contact does to one's filing, before the tap (FIL-13, FIL-14, FIL-17)."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services.keeping import give_access
from filings.models import Filing
from tests.filings.filed import customer_of, filed, people, sell
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FILED = at("2026-03-01 10:00")
LATER = at("2026-03-10 10:00")


@pytest.fixture
def who():
    return people()


@pytest.fixture
def clock():
    with time_machine.travel(LATER, tick=False) as moved:
        yield moved


def panel(browser, filing, page="log"):
    return browser.get(f"/customers/{filing.customer_id}/{page}/").context["filed"]


def test_the_holder_reads_until_when_it_protects_now_and_once_logged(who, clock, as_):
    filing = filed(who["store"], now=FILED)
    said = panel(as_(who["store"]), filing)
    assert said["is_longer"]
    assert (said["now_until"], said["until"]) == ("3月11日", "3月20日")


def test_the_limit_to_measure_is_not_moved_by_a_call_and_ends_with_measuring(who, clock, as_):
    filing = filed(who["field"], now=FILED)
    browser = as_(who["field"])
    said = panel(browser, filing)
    assert (said["until"], said["limit"]) == ("3月16日", "3月16日")
    assert panel(browser, filing, "measuring/new")["measured_until"] == "3月20日"
    clock.move_to(at("2026-03-17 00:00"))
    assert panel(browser, filing)["is_void"]


def test_what_has_lapsed_says_that_it_revives(who, clock, as_):
    filing = filed(who["store"], now=FILED)
    clock.move_to(at("2026-03-12 08:00"))
    said = panel(as_(who["store"]), filing)
    assert not said["is_protected"]
    assert said["until"] == "3月22日"


def test_a_colleague_reads_nothing_of_it_and_neither_does_the_holder_after_a_deal(who, clock, as_):
    filing = filed(who["store"], now=FILED)
    give_access(customer=filing.customer, person=who["colleague"])
    browser = as_(who["colleague"])
    page = browser.get(f"/customers/{filing.customer_id}/log/")
    assert page.context["filed"] is None
    assert 'class="filed"' not in page.content.decode()
    sell(filing, who["store"], now=FILED)
    assert panel(as_(who["store"]), filing) is None


def test_it_costs_one_statement_and_only_where_a_filing_stands(who, clock, as_):
    filing = filed(who["store"], now=FILED)
    plain = customer_of(who["store"], now=FILED)
    browser = as_(who["store"])

    def statements(customer):
        with CaptureQueriesContext(connection) as ran:
            assert browser.get(f"/customers/{customer}/log/").status_code == 200
        return len(ran)

    statements(plain.pk)
    assert statements(filing.customer_id) == statements(plain.pk) + 1
    Filing.objects.filter(pk=filing.pk).update(withdrawn="voided")
    assert statements(filing.customer_id) == statements(plain.pk)
