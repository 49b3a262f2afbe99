"""The account of a customer and the ageing: who sees them, what they say, what is done there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from orders.models import Account, Due, Order, Statement
from orders.states import DueKind
from staff.states import Role
from tests.factories import orders as make
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def owing():
    """1,000 that fell due 40 days ago."""
    today = timezone.localdate()
    order = make.order(lines=[1000], on=today - timedelta(days=50))
    make.due(order, 1000, kind=DueKind.ON_DAY, on=today - timedelta(days=40))
    return order


@pytest.fixture
def finance():
    return PersonFactory(role=Role.FINANCE)


def test_the_ageing_opens_the_account_and_the_account_its_orders(client, owing, finance):
    client.force_login(finance)
    page = client.get("/reports/receivables/").content.decode()
    account = f"/accounts/{owing.customer_id}/"
    assert account in page
    assert "¥1,000" in page
    shown = client.get(account).content.decode()
    assert f"/orders/{owing.pk}/" in shown
    assert owing.number in shown


def test_a_stranger_finds_no_account_and_the_marketing_none_at_all(client, owing):
    client.force_login(PersonFactory())
    assert client.get(f"/accounts/{owing.customer_id}/").status_code == 404
    assert client.get(f"/dues/{owing.dues.get().pk}/dispute/").status_code == 404
    client.force_login(PersonFactory(role=Role.MARKETING_MANAGER, store=None))
    assert client.get(f"/accounts/{owing.customer_id}/").status_code == 403


def test_who_sold_one_order_learns_no_more_of_a_colleagues_customer(client):
    """Selling to somebody opens that order, neither the card nor what else they owe."""
    today = timezone.localdate()
    keeper, seller = PersonFactory(), PersonFactory()
    customer = CustomerFactory(owner=keeper, name="欧阳锋")
    for person, amount in ((keeper, 77777), (seller, 100)):
        order = make.order(seller=person, customer=customer, lines=[amount], on=today)
        make.due(order, amount, kind=DueKind.ON_DAY, on=today)
    account = f"/accounts/{customer.pk}/"
    told = {"begins": today.isoformat(), "ends": today.isoformat()}
    client.force_login(seller)
    for url in ("/reports/receivables/", account):
        page = client.get(url).content.decode()
        assert "¥100" in page
        assert [word for word in ("欧阳锋", "77,777", keeper.name) if word in page] == [], url
    assert client.post(f"{account}statements/new/", told).status_code == 403
    client.force_login(keeper)
    assert client.post(f"{account}statements/new/", told).status_code == 302
    sheet = f"/statements/{Statement.objects.get().pk}/"
    assert "欧阳锋" in client.get(sheet).content.decode()
    client.force_login(seller)
    assert client.get(sheet).status_code == 404
    assert client.post(f"{sheet}confirm/").status_code == 404


def test_a_dispute_of_a_closed_order_is_refused_with_words(client, owing, finance):
    due = owing.dues.get()
    client.force_login(owing.seller)
    client.post(f"/dues/{due.pk}/dispute/", {"reason": "少送一把椅子"})
    make.payment(owing, 1000, confirmed_by=finance)
    Order.objects.filter(pk=owing.pk).update(state="settled", settled_at=timezone.now())
    answer = client.post(f"/dues/{due.pk}/dispute/end/", follow=True)
    assert "This order is closed" in answer.content.decode()


def test_a_hold_needs_its_reason_and_finance_or_a_manager(client, owing, finance):
    terms = f"/accounts/{owing.customer_id}/terms/"
    client.force_login(owing.seller)
    assert client.get(terms).status_code == 403
    client.force_login(finance)
    refused = client.post(terms, {"is_held": "on", "credit_limit": "5000", "reason": ""})
    assert refused.status_code == 200
    assert 'value="5000"' in refused.content.decode()
    assert not Account.objects.exists()
    client.post(terms, {"is_held": "on", "credit_limit": "5000", "reason": "拖欠"})
    row = Account.objects.get()
    assert (row.is_held, row.credit_limit, row.set_by) == (True, 5000, finance)


def test_a_dispute_is_noted_and_ended(client, owing):
    due = owing.dues.get()
    client.force_login(owing.seller)
    client.post(f"/dues/{due.pk}/dispute/", {"reason": "少送一把椅子"})
    assert Due.objects.get().dispute_reason == "少送一把椅子"
    client.post(f"/dues/{due.pk}/dispute/end/")
    assert Due.objects.get().disputed_at is None


def test_a_statement_is_made_printed_and_confirmed(client, owing):
    client.force_login(owing.seller)
    said = {"begins": date(2020, 1, 1).isoformat(), "ends": timezone.localdate().isoformat()}
    client.post(f"/accounts/{owing.customer_id}/statements/new/", said)
    row = Statement.objects.get()
    sheet = client.get(f"/statements/{row.pk}/").content.decode()
    assert sheet.count("¥1,000") >= 3
    client.post(f"/statements/{row.pk}/confirm/")
    assert Statement.objects.get().confirmed_by == owing.seller


def test_more_rows_need_no_more_queries(client, owing, finance, django_assert_num_queries):
    client.force_login(finance)
    client.get("/reports/receivables/")
    with django_assert_num_queries(6) as one:
        client.get("/reports/receivables/")
    for _each in range(3):
        other = make.order(lines=[500], on=owing.ordered_on)
        make.due(other, 500, kind=DueKind.ON_DAY, on=owing.dues.get().due_on)
    with django_assert_num_queries(len(one.captured_queries)):
        client.get("/reports/receivables/")
