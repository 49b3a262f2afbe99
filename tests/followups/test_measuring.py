"""Measuring done: picture, contact, row and next step, or nothing of all that."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from crm.verification import verify
from customers.models import Appointment, Attachment, Contact, Customer
from customers.rules import NextStep
from customers.services import ContactNotRecorded
from customers.services.pictures import read_picture
from customers.states import AppointmentKind, AppointmentState, NextKind
from filings.models import Measuring
from filings.queries.on_card import with_leads
from followups import services
from followups.models import Obligation
from followups.services import measuring
from followups.states import State
from staff.states import Trade
from tests.factories.customers import CustomerFactory
from tests.followups.build import at
from tests.followups.test_services_appointments import book, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")


def jpeg() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (64, 48), (200, 190, 170)).save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def who(company):
    company.store.trade = Trade.FURNITURE
    company.store.save()
    return CustomerFactory(
        owner=company.sales_store, address="天润福熙 802", now=NOW - timedelta(days=2)
    )


def measure(who, **said):
    step = NextStep(kind=NextKind.CALL, on=date(2026, 3, 15))
    return services.record_measuring(
        customer=who,
        picture=read_picture(jpeg()),
        next_step=said.pop("next_step", step),
        place="天润福熙 802",
        note=said.pop("note", "客厅 4.2×3.6"),
        by=said.pop("by", who.owner),
        now=NOW,
        key=said.pop("key", None) or uuid4(),
        **said,
    )


def measured_at(who):
    rows = with_leads(Customer.objects.filter(pk=who.pk), today=NOW.date())
    return rows.get().measured_at


def test_one_act_writes_it_all(who):
    row = measure(who)
    assert (row.at, row.by, row.place) == (NOW, who.owner, "天润福熙 802")
    assert (row.contact.channel, row.contact.outcome, row.contact.is_effective) == (
        "measuring", "met", True,
    )  # fmt: skip
    assert row.picture.customer == who
    assert measured_at(who) == row.at
    due = Obligation.objects.get(customer=who, state=State.OPEN)
    assert due.due_on == date(2026, 3, 15)
    assert verify(now=NOW).differences == []


def test_a_double_tap_is_one_measuring(who):
    key = uuid4()
    assert measure(who, key=key) == measure(who, key=key)
    assert (Measuring.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize("named", [True, False])
def test_what_was_booked_is_kept(who, named):
    booked = book(who, kind=AppointmentKind.MEASURING)
    row = measure(who, **({"appointment": booked} if named else {}))
    booked.refresh_from_db()
    assert (booked.state, booked.contact, row.appointment) == (
        AppointmentState.KEPT, row.contact, booked,
    )  # fmt: skip
    assert verify(now=NOW).differences == []


def test_a_colleague_who_measures_keeps_what_another_had_booked(company, who):
    booked = book(who, begins="2026-03-14 10:00", kind=AppointmentKind.MEASURING)
    measure(who, appointment=booked, by=company.store_manager)
    booked.refresh_from_db()
    assert booked.state == AppointmentState.KEPT
    assert work(booked).state == State.DONE
    assert verify(now=NOW).differences == []


def nothing_is_written():
    return not (
        Measuring.objects.exists()
        or Attachment.objects.exists()
        or Contact.objects.exists()
        or Appointment.objects.filter(state=AppointmentState.KEPT).exists()
    )


def test_refused_half_way_nothing_is_written(who):
    book(who, kind=AppointmentKind.MEASURING)
    past = NextStep(kind=NextKind.CALL, on=date(2026, 3, 11))
    with pytest.raises(ContactNotRecorded):
        measure(who, next_step=past)
    assert nothing_is_written()


def test_broken_at_the_last_line_nothing_is_written(who, monkeypatch):
    def broken(**_row):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(measuring, "record_row", broken)
    with pytest.raises(RuntimeError):
        measure(who)
    assert nothing_is_written()


def test_a_contact_taken_back_is_no_measuring(company, who):
    row = measure(who)
    services.void_contact(contact=row.contact, reason="记错", by=company.store_manager, now=NOW)
    assert measured_at(who) is None


# the page


def sent(**changes):
    values = {
        "key": str(uuid4()), "place": "天润福熙 802", "note": "客厅 4.2×3.6", "next_kind": "call",
        "next_on": "2026-03-15", "picture": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"),
    }  # fmt: skip
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def test_measured_by_thumb(as_, company, who):
    browser = as_(company.sales_store)
    address = f"/customers/{who.pk}/measuring/new/"
    assert browser.get(address).context_data["form"]["place"].value() == "天润福熙 802"
    form = sent()
    assert browser.post(address, form).url == f"/customers/{who.pk}/"
    form["picture"] = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    assert browser.post(address, form).status_code == 302
    assert Measuring.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"picture": None}, "picture"),
        ({"picture": SimpleUploadedFile("a.jpg", b"GIF89a nothing", "image/jpeg")}, "picture"),
        ({"picture": SimpleUploadedFile("a.jpg", b"", "image/jpeg")}, "picture"),
        ({"next_on": "other", "next_on_other": ""}, "next_on"),
        ({"next_on": "2026-03-11"}, "next_on"),
        ({"next_kind": ""}, "next_kind"),
        ({"note": "啊啊啊啊"}, "note"),
    ],
)
def test_what_is_missing_is_said_at_its_field(as_, company, who, changes, field):
    browser = as_(company.sales_store)
    answer = browser.post(f"/customers/{who.pk}/measuring/new/", sent(**changes))
    assert answer.status_code == 200
    assert answer.context_data["form"].errors[field]
    assert nothing_is_written()


def test_only_this_customer_s_appointment_is_named(as_, company, who):
    other = CustomerFactory(owner=company.sales_store, now=NOW)
    booked = book(other, kind=AppointmentKind.MEASURING)
    browser = as_(company.sales_store)
    for asked in (booked.pk, 999999, "x"):
        address = f"/customers/{who.pk}/measuring/new/?appointment={asked}"
        assert browser.get(address).status_code == 404
