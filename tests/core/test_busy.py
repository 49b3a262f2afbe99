"""A row that somebody else holds: tried once more, then told in words. Locks are really held."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client

from core import middleware
from followups.states import SkipReason, State
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.followups.build import at
from tests.followups.conftest import company, morning  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("morning"),
]

NOW = at("2026-03-12 09:50")


class Holder:
    """Somebody at work on a customer, on a connection of their own."""

    def __init__(self, customer):
        self.line = connection.copy()
        self.line.set_autocommit(False)
        with self.line.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM customers_customer WHERE id = %s FOR UPDATE", [customer.pk]
            )

    def let_go(self, *_ignored):
        self.line.rollback()


@contextmanager
def held(customer):
    holder = Holder(customer)
    try:
        yield holder
    finally:
        holder.let_go()
        holder.line.close()


@pytest.fixture
def task(company):  # noqa: F811
    customer = CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=2))
    task = task_today(customer, now=NOW, text="看样")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '150ms'")
    yield task
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '3s'")


@pytest.fixture
def url(task):
    return f"/tasks/{task.pk}/skip/"


@pytest.fixture
def browser(company, task):  # noqa: F811
    opened = Client(raise_request_exception=False)
    opened.force_login(company.sales_store, backend="staff.backends.PersonBackend")
    return opened


def skip(browser, url, **headers):
    return browser.post(
        url,
        f"reason={SkipReason.values[0]}&note=x",
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


def test_a_customer_somebody_holds_is_told_in_words(browser, url, task):
    with held(task.customer):
        answer = skip(browser, url)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "有人正在处理同一条内容" in answer.content.decode()
    task.refresh_from_db()
    assert task.state == State.OPEN, "and the connection is usable"
    assert skip(browser, url).status_code == 302


def test_htmx_is_told_to_show_the_page(browser, url, task):
    with held(task.customer):
        answer = skip(browser, url, **{"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (503, "body")


def test_the_second_try_succeeds_where_the_holder_has_gone(browser, url, task, monkeypatch):
    with held(task.customer) as holder:
        monkeypatch.setattr(middleware.time, "sleep", holder.let_go)
        answer = skip(browser, url)
    assert answer.status_code == 302
    task.refresh_from_db()
    assert task.state == State.SKIPPED


def test_an_upload_is_not_tried_again(browser, url, task, monkeypatch):
    """Its streams are spent; the sender is told at once."""
    monkeypatch.setattr(middleware.time, "sleep", lambda _seconds: pytest.fail("tried again"))
    with held(task.customer):
        answer = browser.post(url, {"reason": SkipReason.values[0], "note": "x"})
    assert answer.status_code == 503


def test_the_control_without_the_middleware_it_breaks(browser, url, task, settings):
    settings.MIDDLEWARE = [name for name in configured.MIDDLEWARE if "Busy" not in name]
    with held(task.customer):
        answer = skip(browser, url)
    assert answer.status_code == 500


def test_any_other_error_still_breaks_loudly(rf):
    assert middleware.BusyMiddleware(None).process_exception(rf.get("/"), ValueError()) is None
