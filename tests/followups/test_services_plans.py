"""A plan says what it will move, and then exactly that moves (G05)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from core.models import AuditEntry
from followups import services
from followups.models import Course, Obligation, Plan, PlanVersion, Step
from followups.queries.plans import terms_of, terms_of_version, terms_to_restore
from followups.rules.plans import PlanTerms, StepTerms, differences
from followups.services import PlanNotChanged, change_plan, make_plan, plans, rehearsal
from followups.services.rehearsal import Rehearsed, rehearse_plan
from followups.states import Anchor, Assignee, State, Unit, Way
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory
from tests.followups.build import at, customer, delivery, everything, shop
from tests.followups.plan_worlds import NOW, TODAY, delivered_cars

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops():
    return PersonFactory(role=Role.OPS_MANAGER)


@pytest.fixture
def dealer():
    return Plan.objects.get(code="dealer")


def with_(plan: Plan, code: str, **values) -> PlanTerms:
    """The plan with one step changed."""
    step = Step.objects.get(code=code)
    terms = terms_of(plan)
    steps = (replace(row, **values) if row.step_id == step.pk else row for row in terms.steps)
    return replace(terms, steps=tuple(steps))


def adding(plan: Plan, **values) -> PlanTerms:
    """The plan with one step more."""
    said = {
        "name_en": "New", "name_zh": "新", "anchor": Anchor.DELIVERY, "offset": 20,
        "unit": Unit.DAYS, "way": Way.CALL, "assignee": Assignee.KEEPER,
    }  # fmt: skip
    terms = terms_of(plan)
    return replace(terms, steps=(*terms.steps, StepTerms(**{**said, **values})))


def _facts() -> dict[int, tuple]:
    rows = Obligation.objects.values_list("pk", "state", "due_on", "due_at", "shown_on", "assignee")
    return {row[0]: row[1:] for row in rows}


def _waiting(fact) -> bool:
    return fact is not None and fact[0] in (State.OPEN, State.SUSPENDED)


def what_happened(before: dict, after: dict) -> dict[str, int]:
    """The differences of two worlds, counted by hand."""
    counts = dict.fromkeys(("moved", "given", "cancelled", "made", "done_changed"), 0)
    for pk, now in after.items():
        was = before.get(pk)
        counts["made"] += not _waiting(was) and _waiting(now)
        counts["cancelled"] += _waiting(was) and not _waiting(now)
        both = _waiting(was) and _waiting(now)
        counts["moved"] += both and now[1:3] != was[1:3]
        counts["given"] += both and now[4] != was[4]
        is_done = was is not None and was[0] in (State.DONE, State.SKIPPED)
        counts["done_changed"] += is_done and now != was
    return counts


@pytest.fixture
def world():
    """Cars delivered today and last month, prospects beside them; some work is done already."""
    place = delivered_cars(3)
    for days in (30, 60, 400):
        then = NOW - timedelta(days=days)
        delivery(customer(place, now=then, grade="B2"), on=then.date(), now=then)
    customer(place, now=NOW, grade="A")
    delivery(customer(shop(Trade.FURNITURE), now=NOW, grade="B2"), on=TODAY, now=NOW)
    services.ask(now=NOW)
    for code in ("dealer_7d", "dealer_2m"):
        done = Obligation.objects.filter(step__code=code, state=State.OPEN).order_by("pk").first()
        Obligation.objects.filter(pk=done.pk).update(state=State.DONE, closed_at=NOW)
    services.ask(now=NOW)
    return place


CHANGES = {
    "sooner": lambda plan: with_(plan, "dealer_7d", offset=5),
    "later": lambda plan: with_(plan, "dealer_24h", offset=30),
    "seen earlier": lambda plan: with_(plan, "dealer_7d", ahead_days=1),
    "off": lambda plan: with_(plan, "dealer_2m", is_active=False),
    "fewer": lambda plan: with_(plan, "dealer_2m", times=1),
    "more often": lambda plan: with_(plan, "dealer_2m", offset=1, every=1, times=60),
    "somebody else": lambda plan: with_(plan, "dealer_7d", assignee=Assignee.SALES_MANAGER),
    "theirs again": lambda plan: with_(plan, "dealer_24h", assignee=Assignee.KEEPER),
    "one more": adding,
    "whole plan off": lambda plan: replace(terms_of(plan), is_active=False),
    "another trade": lambda plan: replace(terms_of(plan), trades=("cars", "furniture")),
    "words alone": lambda plan: with_(plan, "dealer_7d", name_en="Week call"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_promised_is_what_then_happens(world, dealer, ops, name):
    terms = CHANGES[name](dealer)
    before = _facts()
    promised = rehearse_plan(plan=dealer, terms=terms, now=NOW)
    assert _facts() == before
    assert terms_of(dealer) != terms

    change_plan(plan=dealer, terms=terms, by=ops, now=NOW)
    services.ask(now=NOW)
    happened = what_happened(before, _facts())
    assert {key: promised.total(key) for key in happened} == happened
    assert happened["done_changed"] == 0
    named = [each for step in promised.steps for each in step.named]
    # What moves and is handed over is named once.
    most = sum(happened[key] for key in ("moved", "given", "cancelled", "made"))
    assert most - happened["given"] <= len(named) <= most
    assert Rehearsed.of_json(json.loads(json.dumps(promised.as_json()))) == promised
    if name != "words alone":
        assert promised.changed or promised.total("given") or promised.total("shown")


def test_the_promise_holds_when_the_engine_has_run_in_between(world, dealer, ops):
    terms = with_(dealer, "dealer_7d", offset=5)
    promised = rehearse_plan(plan=dealer, terms=terms, now=NOW)
    services.ask(now=NOW + timedelta(minutes=1))
    before = _facts()
    change_plan(plan=dealer, terms=terms, by=ops, now=NOW)
    services.ask(now=NOW + timedelta(minutes=2))
    services.ask(now=NOW + timedelta(minutes=3))
    assert what_happened(before, _facts())["moved"] == promised.total("moved")


def test_the_control_a_promise_about_another_change_does_not_hold(world, dealer, ops):
    promised = rehearse_plan(plan=dealer, terms=with_(dealer, "dealer_7d", offset=5), now=NOW)
    before = _facts()
    change_plan(plan=dealer, terms=CHANGES["fewer"](dealer), by=ops, now=NOW)
    services.ask(now=NOW)
    happened = what_happened(before, _facts())
    assert {key: promised.total(key) for key in happened} != happened


def test_seven_to_five_days_says_it_step_by_step(dealer):
    delivered_cars(4)
    done = Obligation.objects.filter(step__code="dealer_7d").first()
    Obligation.objects.filter(pk=done.pk).update(state=State.DONE, closed_at=NOW)
    promised = rehearse_plan(plan=dealer, terms=with_(dealer, "dealer_7d", offset=5), now=NOW)
    [moving] = [step for step in promised.steps if not step.is_still]
    assert (moving.moved, moving.cancelled, moving.made, moving.done) == (3, 0, 0, 1)
    assert (moving.step_id, moving.done_changed) == (done.step_id, 0)
    assert promised.customers == 4


def test_of_each_step_the_first_are_named_whichever_batch_they_are_in(dealer, monkeypatch):
    place = delivered_cars(5)
    monkeypatch.setattr(rehearsal, "BATCH", 2)
    monkeypatch.setattr(rehearsal, "MOST_NAMED", 3)
    promised = rehearse_plan(plan=dealer, terms=with_(dealer, "dealer_7d", offset=5), now=NOW)
    [moving] = [step for step in promised.steps if not step.is_still]
    assert (moving.moved, len(moving.named)) == (5, 3)
    first = moving.named[0]
    due = Obligation.objects.get(step__code="dealer_7d", customer=first.customer)
    assert (first.was_on, first.was_whose) == (due.due_on.isoformat(), due.assignee_id)
    assert first.is_on == (due.due_on - timedelta(days=2)).isoformat()
    assert place.store.pk == due.customer.store_id


def test_what_moves_and_is_handed_over_is_counted_once(dealer):
    place = delivered_cars(3)
    after = {"offset": 5, "assignee": Assignee.SALES_MANAGER}
    promised = rehearse_plan(plan=dealer, terms=with_(dealer, "dealer_7d", **after), now=NOW)
    [moving] = [step for step in promised.steps if not step.is_still]
    assert place.manager.pk in {each.is_whose for each in moving.named}
    assert (moving.moved, moving.given, moving.moved_or_given) == (3, 3, 3)


def test_batches_add_up(world, dealer, monkeypatch):
    terms = CHANGES["more often"](dealer)
    whole = rehearse_plan(plan=dealer, terms=terms, now=NOW)
    monkeypatch.setattr(rehearsal, "BATCH", 2)
    told = []
    parts = rehearse_plan(
        plan=dealer, terms=terms, now=NOW, advance=lambda done, total: told.append((done, total))
    )
    assert parts == whole
    assert told[-1] == (whole.customers, whole.customers)


def test_a_rehearsal_leaves_no_table_and_no_row_behind(world, dealer):
    before, steps = everything(), Step.objects.count()
    rehearse_plan(plan=dealer, terms=adding(dealer), now=NOW)
    assert everything() == before
    assert Step.objects.count() == steps
    assert AuditEntry.objects.filter(verb="add_step").count() == 0
    assert rehearse_plan(plan=dealer, terms=adding(dealer), now=NOW).total("made") > 0


def test_words_alone_move_nothing_and_look_at_nobody(world, dealer):
    assert rehearsal.touched_customers(dealer, with_(dealer, "dealer_7d", name_en="Week")) == []
    assert not Course.objects.filter(next_due_on=plans.LOOK_AGAIN).exists()


def test_a_cadence_moves_with_its_days(ops):
    everyday = Plan.objects.get(code="everyday")
    who = customer(shop(), now=NOW)
    services.ask(now=NOW)
    terms = with_(everyday, "cadence_a", offset=10)
    assert rehearse_plan(plan=everyday, terms=terms, now=NOW).total("moved") == 1
    change_plan(plan=everyday, terms=terms, by=ops, now=NOW)
    services.ask(now=NOW)
    assert Obligation.objects.get(customer=who).due_on == date(2026, 3, 22)


@pytest.mark.parametrize(
    ("code", "values", "refusal"),
    [
        ("cadence_a", {"unit": Unit.MONTHS}, "cadence_is_by_days"),
        ("cadence_a", {"assignee": Assignee.SALES_MANAGER}, "cadence_is_by_days"),
        ("cadence_a", {"anchor": Anchor.DELIVERY}, "anchor_is_fixed"),
        ("dealer_7d", {"is_before": True}, "before_what"),
        ("dealer_letter", {"survey_id": 1}, "letter_asks_nothing"),
        ("dealer_7d", {"way": Way.LETTER}, "letter_stays_letter"),
        ("dealer_7d", {"escalates_after": 9000}, "escalates_too_late"),
        ("dealer_7d", {"name_zh": ""}, "step_name_missing"),
    ],
)
def test_terms_that_cannot_be_are_refused(ops, code, values, refusal):
    plan = Step.objects.get(code=code).plan
    with pytest.raises(PlanNotChanged) as refused:
        change_plan(plan=plan, terms=with_(plan, code, **values), by=ops, now=NOW)
    assert refusal in refused.value.codes


def test_two_cadences_of_a_grade_are_refused_and_one_may_take_the_others_place(ops):
    everyday = Plan.objects.get(code="everyday")
    another = {"anchor": Anchor.CADENCE, "grade": "A", "offset": 4}
    with pytest.raises(PlanNotChanged) as refused:
        change_plan(plan=everyday, terms=adding(everyday, **another), by=ops, now=NOW)
    assert refused.value.codes == ("two_cadences",)
    both = replace(
        with_(everyday, "cadence_a", is_active=False),
        steps=(
            adding(everyday, **another).steps[-1],
            *with_(everyday, "cadence_a", is_active=False).steps,
        ),
    )
    change_plan(plan=everyday, terms=both, by=ops, now=NOW)
    assert Step.objects.get(anchor=Anchor.CADENCE, grade="A", is_active=True).offset == 4


def test_a_step_of_another_plan_is_refused(ops, dealer):
    foreign = terms_of(Plan.objects.get(code="furniture"))
    with pytest.raises(PlanNotChanged) as refusal:
        change_plan(plan=dealer, terms=foreign, by=ops, now=NOW)
    assert refusal.value.codes == ("step_is_foreign",)


def test_a_plan_in_use_has_a_trade_and_the_everyday_plan_stays(ops, dealer):
    for plan, terms, code in (
        (dealer, replace(terms_of(dealer), trades=()), "trade_missing"),
        (
            Plan.objects.get(code="everyday"),
            replace(terms_of(Plan.objects.get(code="everyday")), is_active=False),
            "everyday_stays",
        ),
    ):
        with pytest.raises(PlanNotChanged) as refusal:
            change_plan(plan=plan, terms=terms, by=ops, now=NOW)
        assert code in refusal.value.codes


def test_the_trail_holds_what_was_and_what_is(ops, dealer):
    later = NOW + timedelta(minutes=1)
    version = change_plan(
        plan=dealer, terms=with_(dealer, "dealer_7d", offset=5), by=ops, now=later, note="Sooner"
    )
    trail = AuditEntry.objects.get(verb="change_step")
    assert trail.detail["changes"] == {"offset": [7, 5]}
    assert AuditEntry.objects.get(verb="change_plan").reason == "Sooner"
    dealer.refresh_from_db()
    assert (dealer.changed_by, dealer.changed_at) == (ops, later)
    assert (version.number, version.note, version.made_by) == (2, "Sooner", ops)


def test_every_shipped_plan_is_kept_as_its_first_version():
    for plan in Plan.objects.all():
        first = PlanVersion.objects.get(plan=plan, number=1)
        assert differences(terms_of_version(first), terms_of(plan)) == []


def test_a_version_restored_is_a_new_version_that_says_the_same(ops, dealer):
    first = dealer.versions.get()
    change_plan(plan=dealer, terms=with_(dealer, "dealer_7d", offset=5), by=ops, now=NOW)
    change_plan(plan=dealer, terms=adding(dealer), by=ops, now=NOW)
    change_plan(plan=dealer, terms=terms_to_restore(first), by=ops, now=NOW)
    found = differences(terms_of_version(first), terms_of(dealer))
    assert [(row.field, row.step.is_active) for row in found] == [("added", False)]
    assert dealer.versions.count() == 4


def test_what_is_not_different_makes_no_version(ops, dealer):
    with pytest.raises(PlanNotChanged) as refusal:
        change_plan(plan=dealer, terms=terms_of(dealer), by=ops, now=NOW)
    assert refusal.value.codes == ("nothing_changed",)
    assert dealer.versions.count() == 1


def test_a_copy_for_shoes_moves_nothing_until_it_is_put_in_use(ops):
    place = shop(Trade.SHOES)
    delivery(customer(place, now=NOW, grade="B2"), on=TODAY, now=NOW)
    services.ask(now=NOW)
    made = make_plan(
        name_en="Shoes", name_zh="鞋", trades=["shoes"], by=ops, now=NOW, key=uuid4(),
        copy_of=Plan.objects.get(code="furniture"),
    )  # fmt: skip
    before = _facts()
    services.ask(now=NOW)
    assert _facts() == before
    terms = replace(terms_of(made), is_active=True)
    promised = rehearse_plan(plan=made, terms=terms, now=NOW)
    assert promised.total("made") > 0
    change_plan(plan=made, terms=terms, by=ops, now=NOW)
    services.ask(now=NOW)
    happened = what_happened(before, _facts())
    assert {key: promised.total(key) for key in happened} == happened


def test_the_everyday_plan_is_not_copied(ops):
    with pytest.raises(PlanNotChanged) as refusal:
        make_plan(
            name_en="X", name_zh="X", trades=[], by=ops, now=NOW, key=uuid4(),
            copy_of=Plan.objects.get(code="everyday"),
        )  # fmt: skip
    assert refusal.value.codes == ("everyday_is_one",)


def test_furniture_falls_due_as_the_acceptance_says():
    """M51: thanks on the make-up Saturday, T7 on day 3 after delivery, then monthly."""
    from followups.queries.samples import sample_calendar

    terms = terms_of(Plan.objects.get(code="furniture"))
    days = {"purchase": date(2025, 9, 30), "delivery": date(2026, 7, 3)}
    found = [row.due.on for row in sample_calendar(terms.steps, days=days, today=TODAY)]
    assert found[:3] == [date(2025, 10, 11), date(2026, 7, 8), date(2026, 8, 3)]
    assert found[-1] == date(2027, 7, 3)
    assert at("2026-03-12 09:50") == NOW
