"""Plans: read by all, changed by some, with the calendar and what moves said before saving."""

from datetime import date, timedelta

import pytest

from core.models import AuditEntry
from followups import queries, services
from followups.models import Obligation, Plan, Step
from followups.services import PlanNotChanged, change_plan
from followups.states import Anchor, Assignee, State, Unit, Way
from followups.views.plans import StepForm
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")


@pytest.fixture
def dealer():
    return Plan.objects.get(code="dealer")


@pytest.fixture
def ops():
    return PersonFactory(role=Role.OPS_MANAGER)


def filled(plan: Plan, **changes) -> dict[str, str]:
    """The form as its editor gets it, with some fields changed: `dealer_7d__offset="5"`."""
    steps = list(plan.steps.exclude(anchor=Anchor.NEXT_STEP).order_by("position", "pk"))
    data = {
        "name_zh": plan.name_zh, "name_en": plan.name_en, "is_active": "on",
        "seen_at": plan.changed_at.isoformat(),
        "steps-TOTAL_FORMS": str(len(steps) + 1), "steps-INITIAL_FORMS": str(len(steps)),
        "sample-delivered_on": "2026-07-03", "sample-purchased_on": "2025-09-30",
    }  # fmt: skip
    for at_, step in enumerate(steps):
        row = {**StepForm.initial_of(step)}
        if not row.pop("is_active"):
            row["is_active"] = ""
        else:
            row["is_active"] = "on"
        row |= {
            name.split("__")[1]: value
            for name, value in changes.items()
            if name.startswith(f"{step.code}__")
        }
        data |= {f"steps-{at_}-{name}": str(value) for name, value in row.items()}
    last = len(steps)
    data |= {f"steps-{last}-{name}": value for name, value in NEW.items()}
    data |= {
        name.replace("new__", f"steps-{last}-"): value
        for name, value in changes.items()
        if name.startswith("new__")
    }
    return data


NEW = {
    "step_id": "", "name_zh": "", "name_en": "", "anchor": "delivery", "offset": "",
    "unit": "hours", "every": "", "times": "", "ahead_days": "", "way": "call",
    "assignee": "keeper", "is_active": "on",
}  # fmt: skip


def post(browser, plan, *, act="save", **changes):
    return browser.post(f"/plans/{plan.pk}/", {**filled(plan, **changes), "act": act})


@pytest.fixture
def delivered():
    """Three cars delivered today and one whose seven-day call is done."""
    place = shop()
    for _number in range(4):
        who = customer(place, now=NOW, grade="B2")
        delivery(who, on=date(2026, 3, 12), now=NOW)
    services.ask(now=NOW)
    done = Obligation.objects.filter(step__code="dealer_7d").first()
    Obligation.objects.filter(pk=done.pk).update(state=State.DONE, closed_at=NOW)
    return done


def test_everybody_reads_plans_and_their_calendar(company, as_, dealer):
    for role in ("sales_store", "store_manager", "merchandiser", "admin", "ops_manager"):
        browser = as_(getattr(company, role))
        assert browser.get("/plans/").status_code == 200
        assert browser.get(f"/plans/{dealer.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [("ops_manager", 302), ("marketing_manager", 302), ("store_manager", 403), ("admin", 403)],
)
def test_who_may_change_a_plan(company, as_, dealer, role, status):
    answer = post(as_(getattr(company, role)), dealer, dealer_7d__offset="5")
    assert answer.status_code == status
    assert Step.objects.get(code="dealer_7d").offset == (5 if status == 302 else 7)


def test_a_plan_that_is_none_is_not_found_and_other_methods_are_refused(company, as_, dealer):
    browser = as_(company.ops_manager)
    assert browser.get("/plans/999999/").status_code == 404
    assert browser.delete(f"/plans/{dealer.pk}/").status_code == 405
    assert browser.post("/plans/").status_code == 405


def test_seven_to_five_days_says_what_moves_and_then_exactly_that_moves(
    as_, ops, dealer, delivered
):
    before = dict(Obligation.objects.values_list("pk", "due_on"))
    look = post(as_(ops), dealer, act="look", dealer_7d__offset="5")
    assert look.status_code == 200
    movement = queries.movement_of(
        {delivered.step_id: StepForm.terms_of(delivered.step).spec().__class__(
            code="dealer_7d", anchor="delivery", offset=5, unit="days", ahead_days=4)}
    )  # fmt: skip
    assert (movement.moving, movement.falling_away, movement.done) == (3, 0, 1)
    assert "3" in look.context_data["movement"]
    assert Step.objects.get(code="dealer_7d").offset == 7

    assert post(as_(ops), dealer, dealer_7d__offset="5").status_code == 302
    asked = services.ask(now=NOW)
    assert asked.obligations_moved == 3
    after = dict(Obligation.objects.values_list("pk", "due_on"))
    moved = {pk for pk, day in before.items() if after[pk] != day}
    assert len(moved) == 3
    assert delivered.pk not in moved
    assert {after[pk] for pk in moved} == {date(2026, 3, 17)}


def test_a_step_switched_off_falls_away(as_, ops, dealer, delivered):
    look = post(as_(ops), dealer, act="look", dealer_7d__is_active="")
    assert "3" in look.context_data["movement"]
    post(as_(ops), dealer, dealer_7d__is_active="")
    asked = services.ask(now=NOW)
    assert asked.obligations_cancelled == 3


def test_the_calendar_of_a_sample_customer_stands_beside_the_steps(as_, ops):
    furniture = Plan.objects.get(code="furniture")
    page = post(as_(ops), furniture, act="look")
    days = [day["when"] for day in page.context_data["sample_days"]]
    assert any("10月11日" in day and "2025" in day for day in days)
    assert any("7月8日" in day for day in days)
    assert len(days) == 1 + 1 + 12


def test_month_12_is_one_line_and_the_visit_wins(as_, ops, dealer):
    page = as_(ops).get(f"/plans/{dealer.pk}/")
    both = [day for day in page.context_data["sample_days"] if "12" in day["what"]]
    assert both[0]["way"] == str(Way.HOME_VISIT.label)
    assert "双月联系" in both[0]["what"]


def test_a_step_is_added(as_, ops, dealer):
    answer = post(
        as_(ops), dealer, new__name_zh="首保提醒", new__name_en="First service",
        new__offset="3", new__unit="months", new__ahead_days="7",
    )  # fmt: skip
    assert answer.status_code == 302
    step = dealer.steps.get(name_en="First service")
    assert (step.offset, step.unit, step.times, step.code) == (3, Unit.MONTHS, 1, "dealer_7")
    assert AuditEntry.objects.get(verb="add_step").object_id == step.pk


def test_htmx_gets_the_preview_alone(as_, ops, dealer):
    part = as_(ops).post(
        f"/plans/{dealer.pk}/", filled(dealer, dealer_7d__offset="5"),
        headers={"HX-Request": "true"},
    )  # fmt: skip
    text = part.content.decode()
    assert text.lstrip().startswith('<section class="sec" id="preview">')
    assert "<html" not in text


@pytest.mark.parametrize(
    "changes",
    [
        {"dealer_7d__offset": "0"},
        {"dealer_7d__offset": "-1"},
        {"dealer_7d__offset": "9999999"},
        {"dealer_7d__offset": "seven"},
        {"dealer_7d__offset": "3661"},
        {"dealer_2m__times": "500"},
        {"dealer_2m__every": "0"},
        {"dealer_24h__times": "2", "dealer_24h__every": "24"},
        {"dealer_7d__ahead_days": "61"},
        {"dealer_7d__name_en": ""},
        {"dealer_7d__way": "letter"},
        {"dealer_letter__way": "call"},
        {"dealer_7d__way": "pigeon"},
        {"dealer_7d__unit": "years"},
        {"new__name_zh": "无期限", "new__name_en": "No limit"},
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_a_sentence(as_, ops, dealer, changes):
    before = list(dealer.steps.order_by("pk").values())
    answer = post(as_(ops), dealer, **changes)
    assert answer.status_code == 200
    forms = answer.context_data["steps"]
    assert answer.context_data["head"].non_field_errors() or any(forms.errors)
    assert list(dealer.steps.order_by("pk").values()) == before


def test_two_editors_do_not_write_over_each_other(as_, ops, dealer):
    seen = filled(dealer, dealer_7d__offset="5")
    post(as_(ops), dealer, dealer_7d__offset="6")
    answer = as_(ops).post(f"/plans/{dealer.pk}/", {**seen, "act": "save"})
    assert answer.status_code == 200
    assert answer.context_data["head"].non_field_errors()
    assert Step.objects.get(code="dealer_7d").offset == 6


def test_a_form_without_its_counts_is_no_error_page(as_, ops, dealer):
    answer = as_(ops).post(f"/plans/{dealer.pk}/", {"act": "save"})
    assert answer.status_code == 200


def test_the_trail_holds_what_was_and_what_is(ops, dealer):
    step = dealer.steps.get(code="dealer_7d")
    terms = StepForm.terms_of(step)
    changed = change_plan(
        plan=dealer,
        steps=[terms.__class__(**{**terms.values(), "step_id": step.pk, "offset": 5})],
        by=ops,
        now=NOW + timedelta(minutes=1),
    )
    assert changed
    trail = AuditEntry.objects.get(verb="change_step")
    assert trail.detail["changes"] == {"offset": [7, 5]}
    dealer.refresh_from_db()
    assert (dealer.changed_by, dealer.changed_at) == (ops, NOW + timedelta(minutes=1))


def test_a_step_of_another_plan_is_refused(ops, dealer):
    foreign = Step.objects.get(code="furniture_monthly")
    with pytest.raises(PlanNotChanged) as refusal:
        change_plan(plan=dealer, steps=[StepForm.terms_of(foreign)], by=ops, now=NOW)
    assert refusal.value.codes == ("step_is_foreign",)


def test_a_cadence_is_changed_by_days(ops):
    everyday = Plan.objects.get(code="everyday")
    step = everyday.steps.get(code="cadence_a")
    terms = StepForm.terms_of(step)

    def with_(**values):
        return [terms.__class__(**{**terms.values(), "step_id": step.pk, **values})]

    for wrong in ({"unit": Unit.MONTHS}, {"assignee": Assignee.SALES_MANAGER}):
        with pytest.raises(PlanNotChanged) as refusal:
            change_plan(plan=everyday, steps=with_(**wrong), by=ops, now=NOW)
        assert refusal.value.codes == ("cadence_is_by_days",)

    who = customer(shop(), now=NOW)
    services.ask(now=NOW)
    change_plan(plan=everyday, steps=with_(offset=10), by=ops, now=NOW)
    services.ask(now=NOW)
    assert Obligation.objects.get(customer=who).due_on == date(2026, 3, 22)
