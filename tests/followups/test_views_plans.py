"""Plans: read by all, changed by some, with the calendar and what moves said before saving."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.utils.translation import override

from core.models import AuditEntry, Job
from followups.forms.plans import StepForm
from followups.models import Plan, PlanVersion, Step
from followups.plan_words import when_of
from followups.queries.plans import terms_of
from followups.states import Unit, Way
from staff.models import Notice
from staff.states import NoticeKind, Role, Trade
from tests.factories.staff import PersonFactory
from tests.followups.plan_worlds import delivered_cars

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.fixture
def dealer():
    return Plan.objects.get(code="dealer")


@pytest.fixture
def ops():
    return PersonFactory(role=Role.OPS_MANAGER)


def _typed(value) -> str:
    if value is True:
        return "on"
    return "" if value is None or value is False else str(value)


def filled(plan: Plan, **changes) -> dict[str, object]:
    """The form as its editor gets it, with some fields changed: `dealer_7d__offset="5"`."""
    codes = dict(plan.steps.values_list("pk", "code"))
    terms = terms_of(plan)
    data = {
        "name_zh": plan.name_zh, "name_en": plan.name_en, "is_active": _typed(plan.is_active),
        "trades": list(plan.trades), "seen_at": plan.changed_at.isoformat(),
        "steps-TOTAL_FORMS": str(len(terms.steps) + 1),
        "steps-INITIAL_FORMS": str(len(terms.steps)),
        "sample-delivery": "2026-07-03", "sample-purchase": "2025-09-30",
    }  # fmt: skip
    data |= {name: value for name, value in changes.items() if "__" not in name}
    for at, row in enumerate(terms.steps):
        said = StepForm.initial_of(row)
        code = codes[row.step_id]
        said |= {
            name.split("__")[1]: value
            for name, value in changes.items()
            if name.startswith(f"{code}__")
        }
        data |= {f"steps-{at}-{name}": _typed(value) for name, value in said.items()}
    new = NEW | {
        name.removeprefix("new__"): value
        for name, value in changes.items()
        if name.startswith("new__")
    }
    return data | {f"steps-{len(terms.steps)}-{name}": value for name, value in new.items()}


NEW = {
    "step_id": "", "name_zh": "", "name_en": "", "anchor": "delivery", "grade": "", "offset": "",
    "unit": "hours", "every": "", "times": "", "ahead_days": "", "way": "call",
    "assignee": "keeper", "survey_id": "", "script_id": "", "escalates_after": "",
    "is_active": "on",
}  # fmt: skip


def post(browser, plan, *, act="look", **changes):
    return browser.post(f"/plans/{plan.pk}/", {**filled(plan, **changes), "act": act})


def save(browser, plan, *, note="Owners asked for it", **changes):
    """Look, then have written what was looked at."""
    look = post(browser, plan, **changes)
    assert look.status_code == 302, look.context_data["head"].errors
    return browser.post(look.url, {"note": note, "key": str(uuid4())})


def test_everybody_reads_plans_their_calendar_and_their_versions(company, as_, dealer):
    version = dealer.versions.get()
    for role in ("sales_store", "store_manager", "merchandiser", "admin", "ops_manager"):
        browser = as_(getattr(company, role))
        for address in (
            "/plans/",
            f"/plans/{dealer.pk}/",
            f"/plans/{dealer.pk}/versions/",
            f"/plan-versions/{version.pk}/",
        ):
            assert browser.get(address).status_code == 200, (role, address)


@pytest.mark.parametrize(
    ("role", "status"),
    [("ops_manager", 302), ("marketing_manager", 302), ("store_manager", 403), ("admin", 403)],
)
def test_who_may_change_a_plan(company, as_, dealer, role, status):
    browser = as_(getattr(company, role))
    version = dealer.versions.get()
    assert post(browser, dealer, dealer_7d__offset="5").status_code == status
    assert browser.post(f"/plan-versions/{version.pk}/restore/").status_code == status
    assert browser.get("/plans/new/").status_code == (200 if status == 302 else 403)


def test_what_is_not_there_is_not_found_and_other_methods_are_refused(company, as_, dealer):
    browser = as_(company.ops_manager)
    for address in (
        "/plans/999999/", "/plans/999999/versions/", "/plan-versions/999999/",
        "/plan-looks/999999/", "/plan-changes/999999/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 404, address
    assert browser.delete(f"/plans/{dealer.pk}/").status_code == 405
    assert browser.post("/plans/").status_code == 405
    assert browser.get(f"/plan-versions/{dealer.versions.get().pk}/restore/").status_code == 405


def test_what_somebody_else_looked_at_is_not_there(company, as_, dealer):
    look = post(as_(company.ops_manager), dealer, dealer_7d__offset="5")
    assert as_(company.marketing_manager).get(look.url).status_code == 404


def test_a_look_says_what_moves_and_changes_nothing_until_it_is_saved(as_, ops, dealer):
    delivered_cars(4)
    look = post(as_(ops), dealer, dealer_7d__offset="5")
    page = as_(ops).get(look.url)
    assert [words.split()[0] for words in page.context_data["total"]] == ["4", "0", "0", "0"]
    [step] = page.context_data["steps"]
    assert step["name"] == "7天回访"
    assert (len(step["rows"]), step["is_cut"]) == (4, False)
    assert all(" → " in row["text"] for row in step["rows"])
    assert page.content.decode().count("/customers/") >= 4
    assert Step.objects.get(code="dealer_7d").offset == 7

    answer = as_(ops).post(look.url, {"note": "Sooner", "key": str(uuid4())})
    assert answer.status_code == 302
    assert as_(ops).get(answer.url).url == f"/plans/{dealer.pk}/versions/"
    assert Step.objects.get(code="dealer_7d").offset == 5
    version = dealer.versions.get(number=2)
    assert (version.moved, version.note, version.made_by) == (4, "Sooner", ops)


def test_a_change_without_a_why_is_refused(as_, ops, dealer):
    answer = save(as_(ops), dealer, note="", dealer_7d__offset="5")
    assert answer.status_code == 200
    assert answer.context_data["form"].errors["note"]
    assert Step.objects.get(code="dealer_7d").offset == 7


def test_a_double_tap_writes_one_version(as_, ops, dealer):
    look = post(as_(ops), dealer, dealer_7d__offset="5")
    said = {"note": "Sooner", "key": str(uuid4())}
    first, second = (as_(ops).post(look.url, said) for _tap in range(2))
    assert first.url == second.url
    assert dealer.versions.count() == 2


def test_two_editors_do_not_write_over_each_other(as_, ops, dealer):
    seen = post(as_(ops), dealer, dealer_7d__offset="5")
    save(as_(ops), dealer, dealer_7d__offset="6")
    page = as_(ops).get(seen.url)
    assert page.context_data["is_stale"]
    answer = as_(ops).post(seen.url, {"note": "Sooner", "key": str(uuid4())})
    assert answer.status_code == 200
    (row,) = answer.context_data["conflict"].rows
    assert row.is_both
    assert Step.objects.get(code="dealer_7d").offset == 6

    # The way forward: mine on top of it, looked at once more and then written.
    again = as_(ops).post(seen.url, {"act": "again", "note": "Sooner"})
    assert again.status_code == 302
    page = as_(ops).get(again.url)
    assert not page.context_data["is_stale"]
    assert page.context_data["conflict"].who == ops.name
    assert as_(ops).post(again.url, {"note": "Sooner", "key": str(uuid4())}).status_code == 302
    assert Step.objects.get(code="dealer_7d").offset == 5


def test_a_page_left_open_carries_over_only_what_its_editor_changed(as_, ops, dealer):
    mine = filled(dealer, name_en="Mine") | {"act": "look"}
    save(as_(ops), dealer, dealer_7d__offset="6")
    look = as_(ops).post(f"/plans/{dealer.pk}/", mine)
    page = as_(ops).get(look.url)
    (change,) = page.context_data["changes"]
    assert "Mine" in change
    (row,) = page.context_data["conflict"].rows
    assert not row.is_both
    assert as_(ops).post(look.url, {"note": "Name", "key": str(uuid4())}).status_code == 302
    dealer.refresh_from_db()
    assert (dealer.name_en, Step.objects.get(code="dealer_7d").offset) == ("Mine", 6)


def test_a_stale_look_that_is_changed_further_begins_with_the_newest(as_, ops, dealer):
    seen = post(as_(ops), dealer, name_en="Mine")
    save(as_(ops), dealer, dealer_7d__offset="6")
    page = as_(ops).get(f"/plans/{dealer.pk}/?look={seen.url.strip('/').split('/')[-1]}")
    dealer.refresh_from_db()
    head = page.context_data["head"]
    assert head["seen_at"].value() == dealer.changed_at.isoformat()
    assert head["name_en"].value() == "Mine"
    offsets = [row["form"]["offset"].value() for row in page.context_data["rows"]]
    assert 6 in offsets


def test_leaders_hear_of_a_change(company, as_, dealer):
    save(as_(company.ops_manager), dealer, dealer_7d__offset="5")
    told = Notice.objects.filter(kind=NoticeKind.PLAN_CHANGED)
    assert set(told.values_list("person__role", flat=True)) == {
        Role.STORE_MANAGER, Role.FIELD_SUPERVISOR, Role.MARKETING_MANAGER,
    }  # fmt: skip


def test_the_calendar_of_a_sample_customer_stands_beside_the_steps(as_, ops):
    furniture = Plan.objects.get(code="furniture")
    page = post(as_(ops), furniture, act="calendar")
    days = [day["when"] for day in page.context_data["sample_days"]]
    assert any("10月11日" in day and "2025" in day for day in days)
    assert any("7月8日" in day for day in days)
    assert len(days) >= 1 + 1 + 12


def test_month_12_is_one_line_and_the_visit_wins(as_, ops, dealer):
    page = as_(ops).get(f"/plans/{dealer.pk}/")
    both = [day for day in page.context_data["sample_days"] if "12" in day["what"]]
    assert both[0]["way"] == str(Way.HOME_VISIT.label)
    assert "双月联系" in both[0]["what"]


def test_the_everyday_plan_shows_its_cadence(as_, ops):
    everyday = Plan.objects.get(code="everyday")
    page = as_(ops).get(f"/plans/{everyday.pk}/")
    assert any("A级" in day["what"] for day in page.context_data["sample_days"])


def test_a_step_is_added(as_, ops, dealer):
    save(
        as_(ops), dealer, new__name_zh="首保提醒", new__name_en="Remind of service",
        new__offset="3", new__unit="months", new__ahead_days="7", new__escalates_after="24",
    )  # fmt: skip
    step = dealer.steps.get(name_en="Remind of service")
    assert (step.offset, step.unit, step.times, step.escalates_after) == (3, Unit.MONTHS, 1, 24)
    assert AuditEntry.objects.get(verb="add_step").object_id == step.pk


def test_another_blank_row_keeps_what_is_typed(as_, ops, dealer):
    page = post(as_(ops), dealer, act="add", new__name_en="Half typed", dealer_7d__offset="5")
    forms = page.context_data["steps"].forms
    assert len(forms) == dealer.steps.count() + 2
    assert "Half typed" in page.content.decode()
    assert Step.objects.get(code="dealer_7d").offset == 7


def test_one_comes_back_from_a_look_with_what_was_typed(as_, ops, dealer):
    look = post(
        as_(ops), dealer, dealer_7d__offset="5", new__name_zh="新", new__name_en="New",
        new__offset="9", new__unit="days",
    )  # fmt: skip
    back = as_(ops).get(as_(ops).get(look.url).context_data["back_url"])
    rows = [row["form"].initial for row in back.context_data["rows"]]
    assert next(row for row in rows if row.get("name_en") == "7-day call")["offset"] == 5
    assert any(row.get("name_en") == "New" for row in rows)


def test_htmx_gets_the_preview_alone(as_, ops, dealer):
    part = as_(ops).post(
        f"/plans/{dealer.pk}/", filled(dealer, dealer_7d__offset="5"),
        headers={"HX-Request": "true"},
    )  # fmt: skip
    text = part.content.decode()
    assert text.lstrip().startswith('<section class="sec" id="preview">')
    assert "<html" not in text


def test_the_preview_looks_at_nothing_though_it_names_the_button_with_the_focus(as_, ops, dealer):
    said = filled(dealer, dealer_7d__offset="5") | {"act": "look"}
    part = as_(ops).post(f"/plans/{dealer.pk}/", said, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert not Job.objects.exists()


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
        {"dealer_7d__escalates_after": "9000"},
        {"dealer_7d__survey_id": "999999"},
        {"new__name_zh": "无期限", "new__name_en": "No limit"},
        {"name_en": ""},
        {"trades": []},
        {"trades": ["boats"]},
        {},
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_a_sentence(as_, ops, dealer, changes):
    before = terms_of(dealer)
    answer = post(as_(ops), dealer, **changes)
    if not changes:  # nothing differs: said on the page of the look
        answer = as_(ops).get(answer.url)
        assert answer.context_data["changes"] == []
    else:
        assert answer.status_code == 200
        head, forms = answer.context_data["head"], answer.context_data["steps"]
        assert head.errors or any(forms.errors)
    assert terms_of(dealer) == before


def test_a_form_without_its_counts_is_no_error_page(as_, ops, dealer):
    answer = as_(ops).post(f"/plans/{dealer.pk}/", {"act": "look"})
    assert answer.status_code == 200


def test_a_plan_is_made_as_a_copy_and_moves_nothing(as_, ops):
    furniture = Plan.objects.get(code="furniture")
    said = {
        "name_zh": "鞋店回访", "name_en": "Shoe buyer care", "trades": ["shoes"],
        "copy_of": str(furniture.pk), "key": str(uuid4()),
    }  # fmt: skip
    answer = as_(ops).post("/plans/new/", said)
    made = Plan.objects.get(name_en="Shoe buyer care")
    assert answer.url == f"/plans/{made.pk}/"
    assert (made.is_active, made.trades, made.steps.count()) == (
        False,
        ["shoes"],
        len(terms_of(furniture).steps),
    )
    assert made.versions.get().steps.count() == made.steps.count()
    assert as_(ops).get(answer.url).status_code == 200


def test_a_plan_without_a_name_is_not_made(as_, ops):
    count = Plan.objects.count()
    answer = as_(ops).post("/plans/new/", {"key": str(uuid4())})
    assert answer.status_code == 200
    assert Plan.objects.count() == count


def test_trades_without_a_plan_are_named(as_, ops):
    assert as_(ops).get("/plans/").context_data["without"] == [str(Trade.SHOES.label)]
    Plan.objects.filter(code="furniture").update(trades=["furniture", "mattresses", "shoes"])
    assert as_(ops).get("/plans/").context_data["without"] == [str(Trade.HOME.label)]


def test_versions_say_what_was_different_and_one_is_restored(as_, ops, dealer):
    save(as_(ops), dealer, dealer_7d__offset="5", dealer_12m__is_active="")
    dealer.refresh_from_db()
    save(
        as_(ops), dealer, new__name_zh="三天", new__name_en="Three days", new__offset="3",
        new__unit="days",
    )  # fmt: skip
    page = as_(ops).get(f"/plans/{dealer.pk}/versions/")
    newest, second, first = page.context_data["versions"]
    assert len(newest["changes"]) == 1
    assert len(second["changes"]) == 2
    assert "7 → 5" in " ".join(second["changes"])
    assert first["changes"] == []

    restored = as_(ops).post(f"/plan-versions/{first['pk']}/restore/")
    as_(ops).post(restored.url, {"note": "Back", "key": str(uuid4())})
    assert Step.objects.get(code="dealer_7d").offset == 7
    assert Step.objects.get(code="dealer_12m").is_active
    assert not dealer.steps.get(name_en="Three days").is_active
    assert dealer.versions.count() == 4


def test_the_pages_of_a_plan_ask_as_much_for_few_steps_as_for_many(
    as_, ops, django_assert_max_num_queries, dealer
):
    for number in range(12):
        Step.objects.create(
            plan=dealer, code=f"x{number}", name_en="x", name_zh="x", anchor="delivery",
            offset=number + 1, unit="days", way="call", position=20 + number,
        )  # fmt: skip
    for number in range(2, 14):
        PlanVersion.objects.create(plan=dealer, number=number, made_by=ops)
    browser = as_(ops)
    for address in (f"/plans/{dealer.pk}/", f"/plans/{dealer.pk}/versions/", "/plans/"):
        with django_assert_max_num_queries(16):
            assert browser.get(address).status_code == 200


def test_many_customers_are_looked_at_in_the_background(as_, ops, dealer, monkeypatch):
    monkeypatch.setattr("followups.services.plan_changes.AT_ONCE", 2)
    delivered_cars(3)
    look = post(as_(ops), dealer, dealer_7d__offset="5")
    job = Job.objects.get(kind="followups.tasks.rehearse_plan")
    assert look.url == f"/jobs/{job.pk}/"
    assert job.state == "waiting"
    assert as_(ops).get(f"/plan-looks/{job.pk}/").status_code == 404

    from followups.tasks import change_plan, rehearse_plan

    rehearse_plan(job.pk)
    said = {"note": "Sooner", "key": str(uuid4())}
    asked = as_(ops).post(f"/plan-looks/{job.pk}/", said)
    change = Job.objects.get(kind="followups.tasks.change_plan")
    assert asked.url == f"/jobs/{change.pk}/"
    change_plan(change.pk)
    change_plan(change.pk)
    assert dealer.versions.get(number=2).moved == 3


def test_one_of_a_unit_is_said_as_one():
    row = terms_of(Plan.objects.get(code="dealer")).steps[0]
    with override("en"):
        said = when_of(replace(row, anchor="delivery", offset=1, unit="months", every=1, times=3,
                               is_before=False, grade=""))  # fmt: skip
    assert said == "Delivery + 1 month, then every 1 month, 3 times in all"
