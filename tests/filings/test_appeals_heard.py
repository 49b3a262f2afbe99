"""Who hears an appeal is said on each page, beforehand; what went back is nobody's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from filings import services
from filings.models import Deal, Ruling
from filings.rules.parties import Judgment
from filings.services.appealing import appeal, decide_appeal
from filings.services.judging import decide_dispute
from filings.states import Hearing
from staff.models import Duty, Person
from tests.factories.staff import DutyFactory, PersonFactory
from tests.filings.bench_scenes import START, Scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NO_DUTY, FINAL = "Nobody hears appeals yet", "The ruling is final"


@pytest.fixture
def scene():
    made = Scene()
    Person.objects.update(language="en")
    for name in ("salesman", "guide", "ops", "boss"):
        getattr(made, name).refresh_from_db()
    return made


@pytest.fixture
def dispute(scene):
    return scene.contested()


def ruled(scene, dispute, *, by=None):
    dispute.refresh_from_db()
    judgment = Judgment(owner=scene.guide.pk, clauses=("FIL-10",), text="先报先保")
    return decide_dispute(
        dispute=dispute, judgment=judgment, seen=dispute.version, by=by or scene.ops,
        now=START + 7 * DAY,
    )  # fmt: skip


def said_on(browser, name, pk):
    answer = browser.get(reverse(f"filings:{name}", args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_and_after_the_ruling_it_is_said_who_hears_an_appeal(scene, dispute, as_):
    usual = str(Hearing.DUTY.label)
    assert usual in said_on(as_(scene.ops), "case", dispute.pk)
    Duty.objects.all().delete()
    assert NO_DUTY in said_on(as_(scene.ops), "case", dispute.pk)
    ruling = ruled(scene, dispute)
    side = as_(scene.salesman)
    assert NO_DUTY in said_on(side, "ruling", ruling.pk)
    assert NO_DUTY in said_on(side, "dispute", dispute.pk)
    assert NO_DUTY in said_on(side, "appeal", dispute.pk)
    answer = side.post(
        reverse("filings:appeal", args=[dispute.pk]), {"reason": "不服"}, follow=True
    )
    assert NO_DUTY in answer.content.decode()
    assert "lies before the general manager" not in answer.content.decode()


def test_where_the_ruling_is_final_no_appeal_is_offered(scene, dispute, as_):
    dispute.parties.create(person=scene.ops)
    DutyFactory(person=PersonFactory(is_active=False), kind="appeal")
    assert FINAL in said_on(as_(scene.boss), "case", dispute.pk)
    ruling = ruled(scene, dispute, by=scene.boss)
    side = as_(scene.salesman)
    for name, pk in (("ruling", ruling.pk), ("dispute", dispute.pk), ("appeal", dispute.pk)):
        assert FINAL in said_on(side, name, pk)
    assert reverse("filings:appeal", args=[dispute.pk]) not in said_on(side, "dispute", dispute.pk)


def test_after_the_deposit_went_back_nobody_has_the_credit(scene, dispute, as_):
    first = ruled(scene, dispute)
    services.undo_deal(deal=Deal.objects.get(), reason="退定", by=scene.ops, now=START + 8 * DAY)
    dispute.refresh_from_db()
    made = appeal(dispute=dispute, reason="不服", by=scene.salesman, now=START + 9 * DAY)
    last = decide_appeal(
        appeal=made, judgment=Judgment(clauses=("FIL-22",), text="维持"), is_upheld=True,
        by=scene.boss, now=START + 9 * DAY,
    )  # fmt: skip
    browser = as_(scene.ops)
    with translation.override("en"):
        assert "The credit is that of" in said_on(browser, "ruling", first.pk)
        text = said_on(browser, "ruling", last.pk)
        assert "The lead is that of 王倩. Nobody has the credit: the deposit went back." in text
        reversal = Ruling.objects.get(kind="reversal")
        assert "Nobody has the credit" in said_on(browser, "ruling", reversal.pk)
