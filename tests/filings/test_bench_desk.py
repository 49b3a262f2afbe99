"""What a decider has before them: the proposal of each finding, what came in meanwhile, clauses."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from customers.models import Project
from filings import services
from filings.models import Dispute, Ruling
from filings.queries.candidates import candidates_of
from filings.rules.parties import Judgment
from filings.services.contesting import (
    NotContested,
    add_evidence,
    contest,
    why_not_contest,
)
from filings.services.judging import decide_dispute
from filings.states import DisputeKind, EvidenceRank
from filings.wording import clause_title
from staff.models import Notice
from staff.states import Trade
from staff.told import sentence
from tests.factories.staff import PersonFactory, StoreFactory
from tests.filings.bench_scenes import START, Scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def claimed(scene):
    """The salesman filed one home; the guide takes a deposit for another, which nobody filed."""
    scene.file(scene.salesman)
    flat = Project.objects.create(
        customer=scene.customer, address="杭州市余杭区二期7幢1单元201室", opened_by=scene.guide
    )
    scene.deposit(scene.guide, START + DAY, project=flat)
    return Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)


def case_url(dispute):
    return reverse("filings:case", args=[dispute.pk])


def sent(dispute, owner, **changes):
    dispute.refresh_from_db()
    base = {"seen": dispute.version, "owner": owner, "clauses": ["FIL-10"], "text": "先报先保"}
    return {**base, **changes}


def set_owner(page):
    """The value of the owner that is set."""
    return re.findall(r'name="owner" value="(\d+)" checked', page)


def ticked(page):
    return set(re.findall(r'name="clauses" value="([\w-]+)" checked', page))


def test_until_something_is_found_both_proposals_are_shown_and_nobody_is_set(scene, claimed, as_):
    page = as_(scene.ops).get(case_url(claimed)).content.decode()
    assert page.count('class="case-proposal"') == 2
    assert set_owner(page) == []
    assert ticked(page) == set()


def test_the_proposal_follows_the_finding(scene, claimed, as_):
    own = as_(scene.ops).get(case_url(claimed), {"finding": "new"}).content.decode()
    assert set_owner(own) == [str(scene.guide.pk)]
    assert {"FIL-33", "FIL-42"} <= ticked(own)
    same = as_(scene.ops).get(case_url(claimed), {"finding": "same"}).content.decode()
    assert set_owner(same) == [str(scene.salesman.pk)]
    assert "FIL-42" not in ticked(same)
    assert {"FIL-33", "FIL-41"} <= ticked(same)


def test_against_the_proposal_of_its_finding_nothing_is_written_unless_said(scene, claimed, as_):
    data = sent(claimed, scene.guide.pk, finding="same")
    answer = as_(scene.ops).post(case_url(claimed), data)
    assert answer.status_code == 200
    assert "林晓" in answer.content.decode()
    assert not Ruling.objects.filter(kind="dispute").exists()
    as_(scene.ops).post(case_url(claimed), {**data, "is_against": "on"})
    assert Ruling.objects.filter(kind="dispute").get().credited_to == scene.guide


def test_a_ruling_against_the_rules_says_so(scene, claimed, as_):
    data = sent(claimed, scene.guide.pk, finding="same", is_against="on")
    answer = as_(scene.ops).post(case_url(claimed), data)
    with_words = as_(scene.ops).get(answer.url).content.decode()
    assert 'class="departs"' in with_words
    assert 'class="departs"' in as_(scene.ops).get(case_url(claimed)).content.decode()
    part = as_(scene.salesman).get(answer.url).content.decode()
    assert 'class="departs"' in part


def test_each_reason_of_a_person_has_its_clause(scene, claimed, as_):
    shares = {f"share_{scene.guide.pk}": 40, f"share_{scene.salesman.pk}": 60}
    data = sent(claimed, "split", finding="same", is_against="on", **shares)
    as_(scene.ops).post(case_url(claimed), data)
    said = {one["code"]: one["clause"] for one in Ruling.objects.latest("pk").reasons}
    assert (said["ruled"], said["found_same"], said["split"]) == ("ADJ-01", "FIL-33", "ADJ-02")


def test_clauses_that_speak_for_the_other_side_are_not_preset(scene, as_):
    dispute = scene.contested()
    proposed = as_(scene.ops).get(case_url(dispute)).content.decode()
    assert "FIL-41" in ticked(proposed)
    asked = {"owner": scene.guide.pk, "was": ["FIL-41"], "clauses": ["FIL-41", "FIL-11"]}
    other = as_(scene.ops).get(case_url(dispute), asked).content.decode()
    assert "FIL-41" not in ticked(other)
    assert {"ADJ-01", "FIL-11"} <= ticked(other)
    split = as_(scene.ops).get(case_url(dispute), {"owner": "split"}).content.decode()
    assert "ADJ-02" in ticked(split)
    assert "FIL-41" not in ticked(split)


def test_a_lapse_presets_no_bulk_and_a_late_entry_its_clause(scene, as_):
    scene.file(scene.salesman)
    scene.file(scene.guide, at=START + 14 * DAY)
    scene.call(scene.salesman, START + 15 * DAY, occurred_at=START + 9 * DAY)
    scene.deposit(scene.guide, START + 16 * DAY)
    dispute = contest(
        customer=scene.customer, reason="仍受保护", by=scene.salesman, now=START + 17 * DAY
    )
    preset = ticked(as_(scene.ops).get(case_url(dispute)).content.decode())
    assert "FUP-12" not in preset
    assert {"FIL-10", "FIL-14", "FIL-30"} <= preset


def test_after_something_new_the_page_says_what_and_can_be_sent_again(scene, as_):
    dispute = scene.contested()
    data = sent(dispute, scene.salesman.pk, text="双方已听取", seen_evidence=0)
    add_evidence(
        dispute=dispute, rank=EvidenceRank.STATEMENT, text="前台登记为证", by=scene.guide,
        key="0" * 32, now=START + 7 * DAY,
    )  # fmt: skip
    page = as_(scene.ops).post(case_url(dispute), data).content.decode()
    assert "前台登记为证" in page
    assert "双方已听取" in page
    again = dict(re.findall(r'name="(seen\w*)" value="(\d+)"', page))
    answer = as_(scene.ops).post(case_url(dispute), {**data, **again})
    assert answer.status_code == 302
    assert Ruling.objects.latest("pk").text == "双方已听取"


def test_who_comes_too_late_is_told_by_whom_and_keeps_the_words(scene, as_):
    dispute = scene.contested()
    data = sent(dispute, scene.guide.pk, text="接待在先的详细理由", is_against="on")
    decide_dispute(
        dispute=dispute, by=scene.ops, seen=dispute.version, now=START + 7 * DAY,
        judgment=Judgment(owner=scene.salesman.pk, clauses=("FIL-10",), text="先报先保"),
    )  # fmt: skip
    page = as_(scene.ops).post(case_url(dispute), data).content.decode()
    assert "接待在先的详细理由" in page
    assert scene.ops.name in page
    assert "2026-03-09" in page
    assert Ruling.objects.filter(kind="dispute").count() == 1


def give(dispute, person, **changes):
    said = {"rank": EvidenceRank.STATEMENT, "text": "见前台登记", "key": uuid4(), **changes}
    return add_evidence(dispute=dispute, by=person, now=START + 7 * DAY, **said)


def test_a_side_brings_twelve_pieces_and_is_told_of_the_next(scene):
    dispute = scene.contested()  # whose reason is the guide's first piece
    for _number in range(11):
        give(dispute, scene.guide)
    with pytest.raises(NotContested) as refused:
        give(dispute, scene.guide)
    assert refused.value.codes == ("too_much",)
    assert "12" in str(refused.value)
    give(dispute, scene.salesman)


def test_evidence_is_not_from_before_the_year_2000(scene):
    dispute = scene.contested()
    for year, code in ((1900, "time_earlier"), (1999, "time_earlier"), (2027, "time_later")):
        with pytest.raises(NotContested) as refused:
            give(dispute, scene.guide, dated_at=datetime(year, 1, 1, tzinfo=UTC))
        assert refused.value.codes == (code,)
    give(dispute, scene.guide, dated_at=datetime(2000, 1, 2, tzinfo=UTC))


def test_a_clause_has_its_own_title_where_the_word_means_something_else():
    with translation.override("zh-hans"):
        titles = {clause_title(each) for each in ("FIL-08", "FIL-28", "ADJ-01")}
    assert not titles & {"补齐", "活动总结", "决策人"}


def test_who_comes_too_late_to_contest_is_told_before_a_word_is_written(scene, as_):
    scene.file(scene.salesman)
    scene.deposit(scene.guide, START + DAY)
    url = reverse("filings:contest", args=[scene.customer.pk])
    asked = {"customer": scene.customer, "by": scene.salesman}
    assert why_not_contest(**asked, now=START + 2 * DAY) is None
    page = as_(scene.salesman).get(url).content.decode()
    assert "<textarea" not in page
    assert "3月6日 24:00" in page
    assert 'class="act"' not in page


def test_after_the_ruling_contesting_leads_to_it(scene, as_):
    dispute = scene.contested()
    decide_dispute(
        dispute=dispute, by=scene.ops, seen=dispute.version + 1, now=START + 7 * DAY,
        judgment=Judgment(owner=scene.salesman.pk, clauses=("FIL-10",), text="先报先保"),
    )  # fmt: skip
    page = as_(scene.guide).get(reverse("filings:contest", args=[scene.customer.pk]))
    assert "<textarea" not in page.content.decode()
    assert reverse("filings:dispute", args=[dispute.pk]) in page.content.decode()


def test_a_notice_says_which_dispute_it_is(scene):
    dispute = scene.contested()
    told = Notice.objects.get(person=scene.salesman, key=f"dispute-{dispute.pk}")
    assert str(dispute.pk) in sentence(told.kind, told.params)


def test_between_regions_only_sellers_of_the_trade_are_candidates(scene):
    cars = StoreFactory(region=scene.shop.region, trade=Trade.CARS)
    stranger = PersonFactory(store=cars)
    dispute = Dispute.objects.create(
        customer=scene.customer, project=scene.project, kind=DisputeKind.CROSS_REGION,
        deal=scene.deposit(scene.guide, START), opened_at=START,
    )  # fmt: skip
    given = {person.pk for person in candidates_of(dispute, [])}
    assert scene.mate.pk in given
    assert stranger.pk not in given


def test_a_filing_that_was_released_is_protected_no_longer_than_that(scene, as_):
    filing = scene.file(scene.salesman)
    services.release(filing=filing, by=scene.salesman, is_manager=False, now=START + DAY)
    page = as_(scene.salesman).get(reverse("filings:detail", args=[filing.pk]))
    with translation.override("zh-hans"):
        label = gettext("Protected until")
    facts = {fact.label: fact.text for fact in page.context["facts"]}
    assert "10:00:00" in facts[label]


def test_an_act_that_is_not_possible_has_no_button(scene, as_):
    filing = scene.file(scene.salesman)
    services.release(filing=filing, by=scene.salesman, is_manager=False, now=START + DAY)
    for name in ("filings:release", "filings:ask", "filings:void"):
        page = as_(scene.salesman).get(reverse(name, args=[filing.pk])).content.decode()
        assert 'class="act"' not in page
