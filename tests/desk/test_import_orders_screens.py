"""Orders from a sheet in the browser: columns, what would happen, the go-ahead, rows to mend."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import Job
from core.states import JobState
from customers.models import Customer
from desk.order_imports import work
from desk.tasks import import_orders
from orders.models import Order
from staff.states import Role, Trade
from tests.browsers import sign_in
from tests.desk.order_sheets import DELIVERED, UNDER_WAY, book, line
from tests.factories.staff import PersonFactory, StoreFactory

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def he(client):
    """An operations manager, signed in, reading English."""
    store = StoreFactory(code="HZ01", trade=Trade.FURNITURE)
    PersonFactory(username="lin", store=store)
    person = PersonFactory(username="he", role=Role.OPS_MANAGER, language="en")
    sign_in(client, person)
    return person


def send(client, content: bytes):
    file = SimpleUploadedFile("订单.xlsx", content)
    client.post(reverse("desk:import_orders"), {"file": file})
    return Job.objects.filter(kind=work.LOOK).latest("pk")


def preview(client, job: Job, fate: str = ""):
    address = reverse("desk:import_orders_preview", args=[job.pk])
    return client.get(address, {"fate": fate} if fate else {})


def go_ahead(client, job: Job) -> Job:
    address = reverse("desk:import_orders_preview", args=[job.pk])
    client.post(address, {"key": preview(client, job).context["form"].initial["key"]})
    written = Job.objects.filter(kind=work.WRITE).latest("pk")
    import_orders(written.pk)
    written.refresh_from_db()
    return written


def test_a_sheet_goes_from_the_file_to_the_orders_and_changes_show(he, client):
    look = send(client, book(*DELIVERED, *UNDER_WAY, line("B1", 人员="nobody")))
    columns = client.get(reverse("desk:import_orders_columns", args=[look.pk]))
    assert "内部编号" in columns.content.decode()
    counts = [item["count"] for item in preview(client, look).context["fates"]]
    assert counts[:4] == [2, 0, 0, 1]
    shown = preview(client, look, "new").content.decode()
    for said in ("A1", "¥7,000", "138****8001", "餐椅 × 6", "registered with it"):
        assert said in shown
    assert "13800138001" not in shown

    written = go_ahead(client, look)
    assert (written.state, written.result["created"]) == (JobState.DONE, 4)
    assert written.output.name == "订单.errors.xlsx"

    dearer = line("A2", 电话="13800138002", 单价=6000)
    look = send(client, book(dearer, UNDER_WAY[1]))
    (told,) = preview(client, look, "changed").context["page"]
    assert told["changes"] == [["line 1: Price", "¥5,800", "¥6,000"]]
    Order.objects.filter(number="A2").update(address="别处")
    look_again = send(client, book(dearer, UNDER_WAY[1]))
    Order.objects.filter(number="A2").update(address="翠苑一区3幢2单元501")
    held = go_ahead(client, look_again)
    assert (held.result["updated"], held.result["refused"]) == (0, 2), "not what was agreed to"
    assert "held back" in held.result["message"]
    assert go_ahead(client, look).result["updated"] == 1
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("role", "status"), [("store_manager", 200), ("sales_store", 403), ("finance", 403)]
)
def test_who_brings_orders_in(company, as_, role, status):
    browser = as_(getattr(company, role))
    assert browser.get(reverse("desk:import_orders")).status_code == status
    assert browser.get(reverse("desk:import_orders_template")).status_code == status
    assert browser.get(reverse("desk:import_orders_preview", args=[1])).status_code in (404, 403)
