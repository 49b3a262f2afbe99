"""What goes wrong with goods: told at once, mended in words, tied to a service case (ORD-36)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from followups.models import AnchorDay, Case, Task
from followups.states import Anchor, CaseKind
from orders.models import OrderEvent
from orders.services.incidents import (
    IncidentNotNoted,
    Mishap,
    note_incident,
    open_case_of,
    solve_incident,
)
from orders.states import EventKind, IncidentKind, LineState, OrderState
from tests.factories.orders import order

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
D = date(2026, 5, 10)


@pytest.fixture
def of():
    return order(
        lines=[{"state": LineState.ARRIVED}], state=OrderState.CONFIRMED, promised_on=D,
        current_on=D,
    )  # fmt: skip


def broken(of, *, key=None, note="桌面破损", line=True):
    told = Mishap(kind=IncidentKind.DAMAGED, note=note, line=of.lines.get() if line else None)
    return note_incident(order=of, told=told, by=of.seller, key=key or uuid4(), now=NOW)


def test_the_customer_is_told_at_once(of):
    made = broken(of)
    day = AnchorDay.objects.get(anchor=Anchor.ORDER_NEWS)
    assert (day.text, day.path) == (f"{of.number} · 三人沙发", f"/orders/{of.pk}/")
    assert Task.objects.get(customer=of.customer, day=date(2026, 3, 20)).assignee == of.seller
    event = OrderEvent.objects.get(kind=EventKind.INCIDENT)
    assert event.params == {"incident": made.pk, "what": "damaged"}
    assert (event.note, event.line) == ("桌面破损", made.line)


def test_the_same_form_twice_is_one_incident_and_one_call(of):
    key = uuid4()
    assert broken(of, key=key) == broken(of, key=key)
    assert AnchorDay.objects.filter(anchor=Anchor.ORDER_NEWS).count() == 1


def test_mended_says_how_once(of):
    made = broken(of, line=False)
    solve_incident(incident=made, remedy="换新桌面", by=of.seller, now=NOW)
    assert (made.remedy, made.solved_by, made.solved_at) == ("换新桌面", of.seller, NOW)
    for remedy, code in (("再换", "solved_already"), (" ", "remedy_missing")):
        with pytest.raises(IncidentNotNoted) as refused:
            solve_incident(incident=made, remedy=remedy, by=of.seller, now=NOW)
        assert refused.value.codes == (code,)


def test_a_case_is_tied_to_it_once(of):
    made = broken(of)
    case = open_case_of(incident=made, kind=CaseKind.REPAIR, by=of.seller, now=NOW).case
    assert (case.kind, case.customer, case.text) == (
        "repair", of.customer, f"{of.number} · 三人沙发：桌面破损",
    )  # fmt: skip
    with pytest.raises(IncidentNotNoted) as refused:
        open_case_of(incident=made, kind=CaseKind.COMPLAINT, by=of.seller, now=NOW)
    assert refused.value.codes == ("has_case",)
    assert Case.objects.count() == 1


def test_something_happened(of):
    with pytest.raises(IncidentNotNoted) as refused:
        broken(of, note=" ")
    assert refused.value.codes == ("note_missing",)
