"""Service cases: opened, answered, paused, solved, opened again (M52)."""

from uuid import uuid4

import pytest

from followups.models import Obligation
from followups.services import CaseNotOpened, open_case
from followups.states import Anchor, CaseChannel, CaseKind, State
from tests.factories.customers import CustomerFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db

FRIDAY = at("2026-07-03 15:00")


def opened(customer=None, *, kind=CaseKind.PROBLEM, now=FRIDAY, **said):
    customer = customer or CustomerFactory()
    return open_case(
        customer=customer,
        kind=kind,
        channel=CaseChannel.CALL,
        text=said.pop("text", "桌脚松动"),
        by=said.pop("by", customer.owner),
        now=now,
        **said,
    )


def work_of(case):
    return Obligation.objects.get(step__anchor=Anchor.CASE, subject_id=case.pk, state=State.OPEN)


def test_opened_on_a_friday_a_problem_is_due_on_wednesday_at_midnight():
    case = opened()
    assert case.due_at == at("2026-07-09 00:00")
    assert case.assignee == case.customer.owner
    work = work_of(case)
    assert (str(work.due_on), str(work.shown_on)) == ("2026-07-08", "2026-07-03")
    assert work.task.has_hour_limit


def test_a_need_has_two_working_days():
    assert opened(kind=CaseKind.NEED).due_at == at("2026-07-08 00:00")


def test_one_form_opens_one_case():
    customer, key = CustomerFactory(), uuid4()
    assert opened(customer, key=key) == opened(customer, key=key)


def test_a_case_without_words_is_refused():
    with pytest.raises(CaseNotOpened) as refusal:
        opened(text=" ")
    assert refusal.value.codes == ("text_missing",)
