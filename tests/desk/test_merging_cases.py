"""A service case goes along with the card it stands on, with its clock, and back with it."""

import pytest

from crm.verification import verify
from followups.models import Case, Obligation
from followups.services import rate_case, solve_case
from followups.states import Anchor, State
from tests.desk.test_merging import (  # noqa: F401
    NOW,
    kept,
    manager,
    merge,
    merged,
    seller,
    store,
    undo,
)
from tests.factories.cases import opened, work_of

pytestmark = pytest.mark.django_db


def test_a_case_goes_along_and_back_with_its_work(kept, merged, manager):  # noqa: F811
    case = opened(merged, now=NOW, by=merged.owner)
    again = opened(merged, now=NOW, by=merged.owner)
    done = merge(kept, merged, manager)
    case.refresh_from_db()
    assert (case.customer, work_of(case).customer) == (kept, kept)
    assert work_of(case).task.customer == kept

    solve_case(case=again, solution="好了", by=manager, now=NOW)
    rate_case(case=again, points=1, text="没好", by=manager, now=NOW)
    undo(done, manager)
    for each in Case.objects.all():
        assert (each.customer, work_of(each).customer) == (merged, merged)
        assert work_of(each).task.customer == merged
    running = Obligation.objects.filter(step__anchor=Anchor.CASE, state=State.OPEN)
    assert running.count() == 2


def test_who_is_to_be_asked_about_a_solved_case_goes_along_and_back(kept, merged, manager):  # noqa: F811
    before, since = opened(merged, now=NOW), opened(merged, now=NOW)
    solve_case(case=before, solution="好了", by=merged.owner, now=NOW)
    done = merge(kept, merged, manager)
    solve_case(case=since, solution="好了", by=manager, now=NOW)
    asking = Obligation.objects.filter(step__anchor=Anchor.SATISFACTION, state=State.OPEN)
    assert [row.customer for row in asking] == [kept, kept]
    undo(done, manager)
    assert [row.customer for row in asking.all()] == [merged, merged]
    assert [row.task.customer for row in asking.select_related("task")] == [merged, merged]
    assert verify(now=NOW).differences == []
