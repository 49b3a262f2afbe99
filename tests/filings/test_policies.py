"""The rules of filing: in words, in versions, set from a day on and never back."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry
from filings.models import Policy
from filings.queries import policy_of, terms_of
from filings.rules import Terms
from filings.rules.terms import READINGS
from filings.services.policies import PolicyNotSet, set_policy, take_back_policy
from filings.wording.terms import GROUPS, SAID, changes, said_of
from staff.states import Trade

pytestmark = pytest.mark.django_db
SEVEN = replace(Terms(), protection_days=7)


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def set_seven(by, *, day=None, terms=SEVEN, note="旺季", trade=Trade.FURNITURE):
    return set_policy(trade=trade, valid_from=day or tomorrow(), terms=terms, note=note, by=by,
                      now=timezone.now())  # fmt: skip


def test_new_rules_hold_from_their_day_and_leave_the_past_alone(company):
    before = policy_of(Trade.FURNITURE, day=timezone.localdate())
    policy = set_seven(company.ops_manager)
    assert policy_of(Trade.FURNITURE, day=timezone.localdate()) == before
    assert terms_of(policy_of(Trade.FURNITURE, day=tomorrow())) == SEVEN
    assert policy_of(Trade.MATTRESSES, day=tomorrow()) != policy
    entry = AuditEntry.objects.get(verb="set_policy")
    assert entry.detail["changed"] == {"protection_days": "7"}
    assert entry.reason == "旺季"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"day": date(2026, 1, 1)}, "too_early"),
        ({"note": "  "}, "note_missing"),
        ({"terms": Terms()}, "nothing_changed"),
        ({"terms": replace(SEVEN, update_days=8)}, "days_not_in_order"),
    ],
)
def test_what_is_not_set(company, told, code):
    with pytest.raises(PolicyNotSet) as refusal:
        set_seven(company.ops_manager, **told)
    assert refusal.value.codes == (code,)
    assert Policy.objects.filter(trade=Trade.FURNITURE).count() == 1


def test_rules_do_not_begin_today(company):
    with pytest.raises(PolicyNotSet) as refusal:
        set_seven(company.ops_manager, day=timezone.localdate())
    assert refusal.value.codes == ("too_early",)


def test_of_two_who_set_rules_from_one_day_the_second_is_told_by_whom(company):
    set_seven(company.ops_manager)
    with pytest.raises(PolicyNotSet) as refusal:
        set_seven(company.ops_manager, terms=replace(SEVEN, protection_days=8))
    assert company.ops_manager.name in str(refusal.value)


def test_the_database_holds_one_a_day_and_trade(company):
    policy = set_seven(company.ops_manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(trade=policy.trade, valid_from=policy.valid_from)


def test_rules_to_come_are_taken_back_and_those_that_hold_are_not(company):
    policy = set_seven(company.ops_manager)
    take_back_policy(policy=policy, by=company.ops_manager, now=timezone.now())
    assert not Policy.objects.filter(pk=policy.pk).exists()
    for each, code in ((policy, "gone"), (policy_of("cars", day=timezone.localdate()), "begun")):
        with pytest.raises(PolicyNotSet) as refusal:
            take_back_policy(policy=each, by=company.ops_manager, now=timezone.now())
        assert refusal.value.codes == (code,)


def test_every_parameter_has_its_sentence_and_its_place_in_the_form():
    names = set(asdict(Terms()))
    assert set(SAID) == names
    assert {name for _key, _title, of in GROUPS for name in of} == names
    for name, readings in READINGS.items():
        assert len({str(said_of(name, each)) for each in readings}) == len(readings)
    for name in names:
        assert str(said_of(name, getattr(Terms(), name)))


def test_a_change_is_told_in_both_sentences():
    (change,) = changes(Terms(), SEVEN)
    assert change.name == "protection_days"
    assert "10" in str(change.before)
    assert "7" in str(change.after)


def test_everybody_reads_the_rules_and_only_operations_set_them(company, as_):
    set_seven(company.ops_manager)
    for person, may in ((company.sales_store, False), (company.ops_manager, True)):
        text = as_(person).get("/policies/?trade=furniture").content.decode()
        assert ("/policies/new/furniture/" in text) is may
        assert ("/take-back/" in text) is may
        assert "旺季" in text
        assert company.ops_manager.name in text


def test_one_trade_is_shown_at_a_time_and_the_others_are_a_step_away(company, as_):
    browser = as_(company.ops_manager)
    for asked, shown in (("cars", "cars"), ("shoes", "shoes"), ("boats", None)):
        page = browser.get(f"/policies/?trade={asked}")
        assert page.status_code == 200
        here = [tab["trade"] for tab in page.context["tabs"] if tab["is_here"]]
        assert here == [page.context["row"]["trade"]]
        assert shown is None or here == [shown]
        assert "?trade=furniture" in page.content.decode()


def test_the_page_asks_as_often_for_one_version_as_for_many(
    company, as_, django_assert_max_num_queries
):
    browser = as_(company.sales_store)
    browser.get("/policies/")
    for days in range(1, 9):
        terms = replace(SEVEN, protection_days=10 + days)
        set_seven(company.ops_manager, day=tomorrow() + timedelta(days=days), terms=terms)
    with django_assert_max_num_queries(14):
        browser.get("/policies/")


def told(**changes):
    """The form as a browser sends it: a box that is not ticked is left out."""
    values = {**asdict(Terms()), "valid_from": tomorrow().isoformat(), "note": "旺季", **changes}
    return {name: str(value) for name, value in values.items() if value is not False}


def test_what_changes_is_shown_before_it_is_set(company, as_):
    browser = as_(company.ops_manager)
    shown = browser.post("/policies/new/furniture/", told(protection_days=7))
    assert Policy.objects.filter(trade="furniture").count() == 1
    assert [change.name for change in shown.context["changes"]] == ["protection_days"]
    seen = shown.context["seen"]
    other = browser.post("/policies/new/furniture/", told(protection_days=8, seen=seen))
    assert other.status_code == 200
    assert Policy.objects.filter(trade="furniture").count() == 1
    done = browser.post("/policies/new/furniture/", told(protection_days=7, seen=seen))
    assert done.status_code == 302
    assert policy_of("furniture", day=tomorrow()).protection_days == 7


@pytest.mark.parametrize(
    "changes",
    [{"protection_days": 0}, {"update_days": 11}, {"field_quota": -1}, {"min_deposit": "x"},
     {"lapse_test": "gap"}, {"note": ""}, {"valid_from": "2020-01-01"}, {}],
)  # fmt: skip
def test_what_is_wrong_is_said_on_the_form(company, as_, changes):
    browser = as_(company.ops_manager)
    page = browser.post("/policies/new/furniture/", told(**changes))
    if page.context["seen"]:
        page = browser.post("/policies/new/furniture/", told(**changes, seen=page.context["seen"]))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "error-summary" in page.content.decode()
    assert Policy.objects.filter(trade="furniture").count() == 1


def test_strangers_to_the_rules_and_wrong_addresses(company, as_):
    policy = set_seven(company.ops_manager)
    for url in ("/policies/new/furniture/", "/policies/what-if/"):
        assert as_(company.store_manager).get(url).status_code == 403
    assert as_(company.ops_manager).get("/policies/new/boats/").status_code == 404
    back = f"/policies/{policy.pk}/take-back/"
    assert as_(company.store_manager).post(back).status_code == 403
    assert as_(company.ops_manager).get(back).status_code == 405
    assert as_(company.ops_manager).post("/policies/999999/take-back/").status_code == 404
    assert as_(company.ops_manager).post(back).status_code == 302
    assert not Policy.objects.filter(pk=policy.pk).exists()
