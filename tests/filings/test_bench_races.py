"""Two who decide one dispute at once: the first decision stands (C06)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from customers.models import Customer
from filings.models import Deal, Dispute, Ruling
from filings.rules.parties import Judgment
from filings.services import judging
from filings.services.bench import NotRuled
from filings.services.judging import decide_dispute
from filings.states import DisputeState
from tests.factories.staff import PersonFactory
from tests.filings.bench_scenes import START, Scene

pytestmark = pytest.mark.django_db(transaction=True)


def two_decide() -> tuple[list, Dispute]:
    """Two operations managers press at the same moment, each for another side."""
    scene = Scene()
    dispute = scene.contested()
    dispute.refresh_from_db()
    other = PersonFactory(role="ops_manager")
    gate = Barrier(2)

    def one(act):
        by, owner = act
        gate.wait()
        try:
            return decide_dispute(
                dispute=dispute, by=by, seen=dispute.version, now=START + timedelta(days=7),
                judgment=Judgment(owner=owner.pk, clauses=("FIL-10",), text="先报先保"),
            )  # fmt: skip
        except NotRuled as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        acts = [(scene.ops, scene.guide), (other, scene.salesman)]
        return list(pool.map(one, acts)), dispute


def test_the_first_decision_stands_and_the_second_is_told():
    answers, dispute = two_decide()
    (refusal,) = [answer for answer in answers if isinstance(answer, NotRuled)]
    (ruling,) = [answer for answer in answers if isinstance(answer, Ruling)]
    assert refusal.codes == ("decided_already",)
    assert Ruling.objects.filter(dispute=dispute).get() == ruling
    assert Deal.objects.get().credited_to_id == ruling.credited_to_id


def test_without_the_claim_both_would_be_written(monkeypatch):
    def claim(dispute, *, seen, by, at):
        Dispute.objects.filter(pk=dispute.pk).update(
            state=DisputeState.DECIDED, closed_at=at, closed_by=by
        )

    monkeypatch.setattr(judging, "_claim", claim)
    answers, dispute = two_decide()
    assert not [answer for answer in answers if isinstance(answer, NotRuled)]
    assert Ruling.objects.filter(dispute=dispute).count() == 2
    assert Customer.objects.count() == 1
