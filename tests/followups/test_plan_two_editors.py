"""Two editors, one plan: what the later typed stays beside what the first has added."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from customers.models import Customer
from followups.models import Plan, Step
from followups.queries.plans import terms_of
from followups.services.rehearsal import Moving, Rehearsed, StepMovement
from followups.states import Anchor, Unit
from followups.views.plan_movements import steps_that_move
from staff.scope import reach_of
from tests.followups.plan_worlds import delivered_cars
from tests.followups.test_views_plans import filled, post, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
INSURANCE = {
    "new__name_zh": "续保", "new__name_en": "Renewal", "new__anchor": "insurance",
    "new__offset": "45", "new__unit": "days", "new__is_before": "on",
}  # fmt: skip
THREE_DAYS = {
    "new__name_zh": "三天", "new__name_en": "Three days", "new__offset": "3",
    "new__unit": "days",
}  # fmt: skip


@pytest.fixture
def dealer():
    return Plan.objects.get(code="dealer")


@pytest.fixture
def editors(company, as_):
    return as_(company.marketing_manager), as_(company.ops_manager)


def test_a_new_step_keeps_its_anchor_where_somebody_else_has_added_one_since(editors, dealer):
    first, second = editors
    mine = filled(dealer, **INSURANCE) | {"act": "look"}
    assert save(first, dealer, **THREE_DAYS).status_code == 302
    look = second.post(f"/plans/{dealer.pk}/", mine)
    assert look.status_code == 302
    again = second.post(look.url, {"note": "Renewals", "key": str(uuid4())})
    assert again.status_code == 302
    step = dealer.steps.get(name_en="Renewal")
    assert (step.anchor, step.offset, step.unit, step.is_before) == (
        Anchor.INSURANCE, 45, Unit.DAYS, True,
    )  # fmt: skip
    assert dealer.steps.get(name_en="Three days").offset == 3


def test_a_stale_page_drawn_again_shows_each_row_as_its_own_step(editors, dealer):
    first, second = editors
    mine = filled(dealer, **INSURANCE) | {"act": "add"}
    assert save(first, dealer, **THREE_DAYS).status_code == 302
    page = second.post(f"/plans/{dealer.pk}/", mine)
    rows = page.context_data["rows"]
    assert [row["is_new"] for row in rows[-3:]] == [False, True, True]
    assert rows[-2]["form"]["anchor"].value() == "insurance"
    assert "三天" not in {row["name"] for row in rows}


@pytest.mark.parametrize("total", ["", "x", "²", "-1", "9" * 5000, "99999"])
@pytest.mark.parametrize("act", ["look", "add"])
def test_a_count_of_rows_that_is_none_is_no_error_page(editors, dealer, total, act):
    said = filled(dealer) | {"steps-TOTAL_FORMS": total, "act": act}
    assert editors[0].post(f"/plans/{dealer.pk}/", said).status_code < 400


def test_a_step_of_another_plan_is_refused(editors, dealer):
    foreign = Step.objects.exclude(plan=dealer).first()
    said = filled(dealer, new__step_id=str(foreign.pk), **THREE_DAYS) | {"act": "look"}
    page = editors[0].post(f"/plans/{dealer.pk}/", said)
    assert page.context_data["head"].non_field_errors()


def test_a_long_reason_is_not_cut_where_one_looks_once_more(editors, dealer):
    first, second = editors
    seen = post(second, dealer, dealer_7d__offset="5")
    assert save(first, dealer, dealer_7d__offset="6").status_code == 302
    again = second.post(seen.url, {"act": "again", "note": "长" * 201})
    page = second.get(again.url)
    assert page.context_data["form"]["note"].value() == "长" * 201
    told = second.post(again.url, {"note": "长" * 201, "key": str(uuid4())})
    assert told.context_data["form"].errors["note"]
    assert Step.objects.get(code="dealer_7d").offset == 6


def test_more_move_than_are_named_where_some_move_and_others_are_handed_over(company, dealer):
    delivered_cars(1)
    who = Customer.objects.latest("pk")
    each = Moving(
        customer=who.pk, was_on="2026-03-19", is_on="2026-03-17", was_whose=None, is_whose=None
    )
    step = StepMovement(
        at=0, step_id=None, moved=15, given=15, moved_or_given=30, named=(each,) * 20
    )
    reach = reach_of(company.ops_manager, today=date(2026, 3, 12))
    for promised, is_cut in ((step, True), (replace(step, moved_or_given=20), False)):
        (shown,) = steps_that_move(
            terms_of(dealer), Rehearsed(steps=(promised,)), reach=reach, today=date(2026, 3, 12)
        )
        assert shown["is_cut"] == is_cut
