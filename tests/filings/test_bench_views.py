"""The bench's pages: who may, what each reads, what a refusal says; as many queries for twelve."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from filings.models import Dispute, Ruling
from filings.queries import bench as queries
from filings.rules.parties import Judgment
from filings.services.judging import decide_dispute
from filings.showing.timeline import timeline_of
from tests.filings.bench_scenes import START, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def dispute(scene):
    return scene.contested()


def case_url(dispute):
    return reverse("filings:case", args=[dispute.pk])


def sent(dispute, person, **changes):
    dispute.refresh_from_db()
    return {
        "seen": dispute.version, "owner": person.pk, "clauses": ["FIL-10"], "text": "先报先保",
        "is_against": "on",
    } | changes  # fmt: skip


def test_the_bench_is_for_those_who_decide(scene, dispute, as_):
    url = reverse("filings:bench")
    expected = {
        scene.ops: 200, scene.manager: 200, scene.supervisor: 200, scene.boss: 200,
        scene.guide: 403, scene.salesman: 403,
    }  # fmt: skip
    for person, status in expected.items():
        assert as_(person).get(url).status_code == status, person
    assert "陈女士" in as_(scene.ops).get(url).content.decode()
    assert "陈女士" not in as_(scene.manager).get(url).content.decode()


def test_a_case_opens_for_its_decider_alone(scene, dispute, as_):
    expected = {scene.ops: 200, scene.manager: 404, scene.supervisor: 404, scene.guide: 403}
    for person, status in expected.items():
        assert as_(person).get(case_url(dispute)).status_code == status, person
    assert as_(scene.ops).get(case_url(dispute)[:-2] + "999/").status_code == 404
    assert as_(scene.ops).put(case_url(dispute)).status_code == 405


def test_a_case_shows_both_lines_the_proposal_and_no_number(scene, dispute, as_):
    page = as_(scene.ops).get(case_url(dispute)).content.decode()
    assert "林晓" in page
    assert "王倩" in page
    assert "FIL-41" in page
    assert "13800138001" not in page
    assert 'style="' not in page


def test_the_bench_opens_with_its_oldest_case_to_be_decided_at_once(scene, dispute, as_):
    browser = as_(scene.ops)
    page = browser.get(reverse("filings:bench"))
    assert page.context["dispute"] == dispute
    assert f'action="{case_url(dispute)}"' in page.content.decode()
    assert "dispute" not in browser.get(reverse("filings:bench") + "?tab=appeal").context


def test_a_ruled_case_says_how_it_was_ruled(scene, dispute, as_):
    browser = as_(scene.ops)
    assert browser.get(case_url(dispute)).context["ruled"] is None
    browser.post(case_url(dispute), sent(dispute, scene.guide, text="先报先保，归先报人。"))
    page = browser.get(case_url(dispute))
    assert page.context["ruled"]["ruling"] == Ruling.objects.latest("pk")
    assert "先报先保，归先报人。" in page.content.decode()


def test_a_decision_leads_to_its_ruling(scene, dispute, as_):
    answer = as_(scene.ops).post(case_url(dispute), sent(dispute, scene.guide))
    ruling = Ruling.objects.latest("pk")
    assert answer.url == reverse("filings:ruling", args=[ruling.pk])
    assert ruling.credited_to == scene.guide


@pytest.mark.parametrize("changes", [{"text": ""}, {"clauses": []}, {"owner": ""}])
def test_a_refusal_stands_at_its_field_and_nothing_is_lost(scene, dispute, as_, changes):
    data = sent(dispute, scene.guide, **{"text": "双方已听取", **changes})
    answer = as_(scene.ops).post(case_url(dispute), data)
    assert answer.status_code == 200
    assert "invalid-feedback" in answer.content.decode() or "wrong" in answer.content.decode()
    assert not Ruling.objects.filter(kind="dispute").exists()


def test_shares_are_written_as_typed(scene, dispute, as_):
    shares = {f"share_{scene.guide.pk}": 40, f"share_{scene.salesman.pk}": 60}
    data = sent(dispute, scene.guide, owner="split", **shares)
    as_(scene.ops).post(case_url(dispute), data)
    assert sorted(one["percent"] for one in Ruling.objects.latest("pk").shares) == [40, 60]


def test_a_side_reads_its_own_page_and_nothing_of_the_other(scene, dispute, as_):
    url = reverse("filings:dispute", args=[dispute.pk])
    page = as_(scene.guide).get(url).content.decode()
    assert "林晓" not in page
    assert "业务部" not in page
    days = set(re.findall(r"<time>([^<]*)</time>", page))
    assert len(days) == 1  # the own deposit, and no moment of the other side
    for person in (scene.mate, scene.ops):
        assert as_(person).get(url).status_code == 404


def test_a_ruling_is_read_whole_by_the_decider_and_in_part_by_a_side(scene, dispute, as_):
    dispute.refresh_from_db()
    ruling = decide_dispute(
        dispute=dispute, by=scene.ops, seen=dispute.version, now=START + timedelta(days=7),
        judgment=Judgment(owner=scene.guide.pk, clauses=("FIL-10",), text="接待在先"),
    )  # fmt: skip
    url = reverse("filings:ruling", args=[ruling.pk])
    whole = as_(scene.ops).get(url).content.decode()
    assert "林晓" in whole
    assert ruling.hash in whole
    part = as_(scene.guide).get(url).content.decode()
    assert "接待在先" in part
    assert "林晓" not in part
    assert as_(scene.mate).get(url).status_code == 404


def test_contesting_is_for_who_filed_or_closed(scene, as_):
    scene.file(scene.salesman)
    url = reverse("filings:contest", args=[scene.customer.pk])
    assert as_(scene.mate).get(url).status_code == 404
    assert as_(scene.mate).get(reverse("filings:contest", args=[999999])).status_code == 404
    scene.file(scene.guide, at=START + timedelta(hours=1))
    page = as_(scene.guide).get(url)
    assert page.status_code == 200
    assert "林晓" not in page.content.decode()
    answer = as_(scene.guide).post(url, {"reason": "首次到店由我接待"})
    opened = Dispute.objects.get(opened_by=scene.guide)
    assert answer.url == reverse("filings:dispute", args=[opened.pk])
    assert as_(scene.guide).post(url, {"reason": ""}).status_code == 200


def test_evidence_and_proof_go_both_ways(scene, dispute, as_):
    ask = reverse("filings:ask_proof", args=[dispute.pk])
    assert as_(scene.manager).get(ask).status_code == 404
    assert as_(scene.ops).get(ask).status_code == 200
    as_(scene.ops).post(ask, {"of": scene.guide.pk, "note": "聊天记录"})
    dispute.refresh_from_db()
    assert dispute.state == "proof"
    give = reverse("filings:evidence", args=[dispute.pk])
    assert as_(scene.mate).get(give).status_code == 404
    assert as_(scene.guide).get(give).status_code == 200
    as_(scene.guide).post(
        give,
        {
            "rank": "3_statement",
            "text": "见前台登记",
            "key": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        },
    )
    dispute.refresh_from_db()
    assert dispute.state == "open"


def test_a_party_appeals_once_on_its_page(scene, dispute, as_):
    url = reverse("filings:appeal", args=[dispute.pk])
    assert as_(scene.guide).get(url).status_code == 404
    as_(scene.ops).post(case_url(dispute), sent(dispute, scene.salesman))
    assert as_(scene.guide).get(url).status_code == 200
    as_(scene.guide).post(url, {"reason": "不服"})
    page = as_(scene.boss).get(reverse("filings:bench") + "?tab=appeal").content.decode()
    assert "陈女士" in page
    answer = as_(scene.boss).post(
        case_url(dispute), {"outcome": "upheld", "text": "维持", "clauses": ["FIL-10"]}
    )
    assert answer.status_code == 302
    assert Ruling.objects.latest("pk").kind == "appeal"


def test_a_clause_opens_in_plain_words(scene, as_):
    page = as_(scene.guide).get(reverse("filings:clause", args=["FIL-14"])).content.decode()
    assert "FIL-14" in page
    assert as_(scene.guide).get(reverse("filings:clause", args=["FIL-99"])).status_code == 404


def queries_of(dispute):
    found = queries.get_disputes().get(pk=dispute.pk)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        timeline_of(queries.case_of(found, now=timezone.now()))
    return len(seen)


def test_a_case_takes_as_many_queries_for_twelve_events_as_for_one(scene, dispute):
    before = queries_of(dispute)
    for day in range(12):
        scene.call(scene.salesman, START + timedelta(days=6, hours=day))
        scene.call(scene.guide, START + timedelta(days=6, hours=day, minutes=7), reached=False)
    assert queries_of(dispute) == before


def test_the_sides_stand_on_one_linear_scale(scene, dispute):
    case = queries.case_of(queries.get_disputes().get(pk=dispute.pk), now=timezone.now())
    drawn = timeline_of(case)
    marks = {mark.kind: mark.x for row in drawn.rows for mark in row.marks}
    a_day = drawn.days[1].x - drawn.days[0].x
    assert marks["effective"] - marks["filed"] == pytest.approx(3 * a_day, abs=0.3)
    assert marks["deal"] - marks["filed"] == pytest.approx(5 * a_day, abs=0.3)
    assert all(drawn.left <= mark.x <= drawn.width for row in drawn.rows for mark in row.marks)
