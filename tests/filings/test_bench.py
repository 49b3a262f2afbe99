"""Deciding disputes: each refusal, what follows for credit and filings, the appeal."""

from datetime import timedelta
from uuid import uuid4

import pytest

from customers.models import Project, Suspicion
from filings.models import Deal, Dispute, Filing, Protection, Ruling
from filings.queries import judges
from filings.rules.parties import Judgment
from filings.services.appealing import NotAppealed, appeal, decide_appeal
from filings.services.bench import NotRuled
from filings.services.contesting import (
    NotContested,
    add_evidence,
    ask_proof,
    contest,
    withdraw_dispute,
)
from filings.services.judging import decide_dispute
from filings.states import DisputeKind, DisputeState, EvidenceRank, Finding, RulingKind
from staff.models import Notice
from tests.filings.bench_scenes import ADDRESS, START, Scene
from tests.filings.casting import CASES, Cast, Play

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=7)


@pytest.fixture
def scene():
    return Scene()


def said(owner=None, **options):
    base = {"clauses": ("FIL-10",), "text": "先报先保"}
    return Judgment(owner=owner.pk if owner else None, **{**base, **options})


def decide(scene, dispute, judgment, *, by=None, seen=None, now=LATER):
    dispute.refresh_from_db()
    return decide_dispute(
        dispute=dispute, judgment=judgment, seen=dispute.version if seen is None else seen,
        by=by or scene.ops, now=now,
    )  # fmt: skip


def test_a_decision_writes_the_ruling_the_credit_and_tells_both_sides(scene):
    dispute = scene.contested()
    assert Deal.objects.get().credited_to == scene.salesman
    ruling = decide(scene, dispute, said(scene.guide))
    assert (ruling.kind, ruling.by, ruling.text) == (RulingKind.DISPUTE, scene.ops, "先报先保")
    assert ruling.previous.kind == RulingKind.DEPOSIT
    assert ruling.statuses
    assert {reason["clause"] for reason in ruling.reasons} >= {"FIL-10", "FIL-41"}
    assert Deal.objects.get().credited_to == scene.guide
    dispute.refresh_from_db()
    assert (dispute.state, dispute.closed_by) == (DisputeState.DECIDED, scene.ops)
    told = Notice.objects.filter(kind="ruling").values_list("person", flat=True)
    assert set(told) == {scene.salesman.pk, scene.guide.pk}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "  "}, "text_missing"),
        ({"clauses": ()}, "clauses_missing"),
        ({"clauses": ("FIL-99",)}, "clause_unknown"),
        ({"owner": None}, "owner_missing"),
        ({"shares": "60/39"}, "shares_not_whole"),
        ({"shares": "100"}, "shares_of_two"),
    ],
)
def test_a_verdict_that_is_not_whole_is_refused_and_writes_nothing(scene, change, code):
    dispute = scene.contested()
    values = {"owner": scene.guide.pk, "clauses": ("FIL-10",), "text": "x"} | change
    if change.get("shares"):
        parts = [int(part) for part in change["shares"].split("/")]
        values["shares"] = dict(zip([scene.guide.pk, scene.salesman.pk], parts, strict=False))
    before = Ruling.objects.count()
    with pytest.raises(NotRuled) as refusal:
        decide(scene, dispute, Judgment(**values))
    assert code in refusal.value.codes
    assert str(refusal.value)
    assert Ruling.objects.count() == before


def test_somebody_who_is_no_party_cannot_be_given_it(scene):
    with pytest.raises(NotRuled) as refusal:
        decide(scene, scene.contested(), said(scene.mate))
    assert refusal.value.codes == ("owner_foreign",)


def test_a_split_sums_to_a_hundred_and_leaves_no_single_owner(scene):
    shares = {scene.guide.pk: 30, scene.salesman.pk: 70}
    ruling = decide(scene, scene.contested(), said(shares=shares))
    assert ruling.credited_to is None
    assert sorted(share["percent"] for share in ruling.shares) == [30, 70]
    assert Deal.objects.get().credited_to is None


def test_between_store_and_field_only_operations_decide(scene):
    dispute = scene.contested()
    for by in (scene.manager, scene.supervisor, scene.mate):
        with pytest.raises(NotRuled) as refusal:
            decide(scene, dispute, said(scene.guide), by=by)
        assert refusal.value.codes == ("not_yours",)
        decider = judges.decider_of(by, today=LATER.date())
        assert not judges.on_bench(decider).exists()


def test_inside_the_store_its_manager_decides_unless_party(scene):
    scene.file(scene.mate)
    scene.deposit(scene.guide, START + timedelta(days=2))
    dispute = contest(
        customer=scene.customer, reason="我接待", by=scene.guide, now=START + timedelta(days=3)
    )
    decider = judges.decider_of(scene.manager, today=LATER.date())
    assert judges.on_bench(decider).get() == dispute
    assert decide(scene, dispute, said(scene.guide), by=scene.manager).by == scene.manager


def test_nobody_decides_an_own_case_and_it_goes_one_level_up(scene):
    dispute = scene.contested(closer=scene.manager)
    with pytest.raises(NotRuled) as refusal:
        decide(scene, dispute, said(scene.manager), by=scene.manager)
    assert refusal.value.codes == ("own_case",)
    decider = judges.decider_of(scene.manager, today=LATER.date())
    assert not judges.on_bench(decider).exists()
    assert decide(scene, dispute, said(scene.manager)).credited_to == scene.manager


def test_where_operations_are_a_party_the_general_manager_decides(scene):
    dispute = scene.contested()
    dispute.parties.create(person=scene.ops)
    from tests.factories.staff import PersonFactory

    other = PersonFactory(role="ops_manager")
    with pytest.raises(NotRuled) as refusal:
        decide(scene, dispute, said(scene.guide), by=other)
    assert refusal.value.codes == ("one_level_up",)
    boss = judges.decider_of(scene.boss, today=LATER.date())
    assert judges.on_bench(boss).get() == dispute
    assert decide(scene, dispute, said(scene.guide), by=scene.boss)


def test_the_first_decision_stands(scene):
    dispute = scene.contested()
    seen = Dispute.objects.get(pk=dispute.pk).version
    decide(scene, dispute, said(scene.guide))
    with pytest.raises(NotRuled) as refusal:
        decide(scene, dispute, said(scene.salesman), seen=seen)
    assert refusal.value.codes == ("decided_already",)
    assert Deal.objects.get().credited_to == scene.guide


def test_what_came_in_meanwhile_is_looked_at_first(scene):
    dispute = scene.contested()
    seen = Dispute.objects.get(pk=dispute.pk).version
    add_evidence(
        dispute=dispute, rank=EvidenceRank.STATEMENT, text="有聊天", by=scene.guide, key=uuid4(),
        now=LATER,
    )  # fmt: skip
    with pytest.raises(NotRuled) as refusal:
        decide(scene, dispute, said(scene.guide), seen=seen)
    assert refusal.value.codes == ("changed_meanwhile",)


def test_contesting_after_the_days_of_a_claim_or_by_strangers_is_refused(scene):
    scene.file(scene.salesman)
    scene.deposit(scene.guide, START + timedelta(days=1))
    for by, days, code in (
        (scene.mate, 2, "not_a_party"), (scene.guide, 5, "too_late"),
    ):  # fmt: skip
        with pytest.raises(NotContested) as refusal:
            contest(customer=scene.customer, reason="x", by=by, now=START + timedelta(days=days))
        assert refusal.value.codes == (code,)
    with pytest.raises(NotContested) as refusal:
        contest(customer=scene.customer, reason=" ", by=scene.guide, now=START + timedelta(days=2))
    assert refusal.value.codes == ("reason_missing",)


def test_who_filed_only_after_the_deal_has_nothing_from_before(scene):
    scene.file(scene.salesman)
    scene.deposit(scene.guide, START + timedelta(days=1))
    scene.file(scene.mate, at=START + timedelta(days=2))
    with pytest.raises(NotContested) as refusal:
        contest(customer=scene.customer, reason="x", by=scene.mate, now=START + timedelta(days=2))
    assert refusal.value.codes == ("nothing_before",)


def test_a_refused_filer_contests_and_may_be_ruled_the_first(scene):
    first = scene.file(scene.salesman)
    later = scene.file(scene.guide, at=START + timedelta(days=1))
    assert later.invalid == "LATER_FILER"
    dispute = contest(
        customer=scene.customer, reason="首次到店由我接待", by=scene.guide,
        now=START + timedelta(days=2),
    )  # fmt: skip
    decide(scene, dispute, said(scene.guide), now=START + timedelta(days=3))
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.withdrawn, later.invalid) == ("merged", "")
    standing = Protection.objects.filter(project=scene.project, withdrawn=False)
    assert [row.filing_id for row in standing] == [later.pk]


def test_proof_is_asked_of_a_party_and_its_answer_ends_the_waiting(scene):
    dispute = scene.contested()
    for of, note, code in (
        (scene.mate, "x", "proof_of_whom"), (scene.guide, " ", "proof_of_what"),
    ):  # fmt: skip
        with pytest.raises(NotContested) as refusal:
            ask_proof(dispute=dispute, of=of, note=note, by=scene.ops, now=LATER)
        assert refusal.value.codes == (code,)
    ask_proof(dispute=dispute, of=scene.guide, note="聊天记录", by=scene.ops, now=LATER)
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.PROOF
    add_evidence(
        dispute=dispute, rank=EvidenceRank.STATEMENT, text="电话 13900139000", by=scene.guide,
        key=uuid4(), now=LATER,
    )  # fmt: skip
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.OPEN
    assert "13900139000" not in dispute.evidence.latest("pk").text


def test_only_the_opener_takes_a_dispute_back(scene):
    dispute = scene.contested()
    with pytest.raises(NotContested):
        withdraw_dispute(dispute=dispute, reason="", by=scene.salesman, now=LATER)
    withdraw_dispute(dispute=dispute, reason="算了", by=scene.guide, now=LATER)
    with pytest.raises(NotRuled) as refusal:
        decide(scene, dispute, said(scene.guide))
    assert refusal.value.codes == ("decided_already",)


def test_an_appeal_is_made_once_by_a_party_and_decided_by_the_general_manager(scene):
    dispute = scene.contested()
    with pytest.raises(NotAppealed) as refusal:
        appeal(dispute=dispute, reason="x", by=scene.guide, now=LATER)
    assert refusal.value.codes == ("not_decided",)
    decide(scene, dispute, said(scene.salesman))
    dispute.refresh_from_db()
    with pytest.raises(NotAppealed) as refusal:
        appeal(dispute=dispute, reason="x", by=scene.mate, now=LATER)
    assert refusal.value.codes == ("not_a_party",)
    made = appeal(dispute=dispute, reason="不服", by=scene.guide, now=LATER)
    with pytest.raises(NotAppealed) as refusal:
        appeal(dispute=dispute, reason="再", by=scene.guide, now=LATER)
    assert refusal.value.codes == ("appealed_already",)
    with pytest.raises(NotRuled) as refusal:
        decide_appeal(
            appeal=made, judgment=said(scene.guide), is_upheld=False, by=scene.ops, now=LATER
        )
    assert refusal.value.codes == ("only_appeals",)
    ruling = decide_appeal(
        appeal=made, judgment=said(scene.guide), is_upheld=False, by=scene.boss, now=LATER
    )
    assert ruling.kind == RulingKind.APPEAL
    assert Deal.objects.get().credited_to == scene.guide
    with pytest.raises(NotRuled) as refusal:
        decide_appeal(
            appeal=made, judgment=said(scene.guide), is_upheld=True, by=scene.boss, now=LATER
        )
    assert refusal.value.codes == ("decided_already",)


def test_case_21_comes_out_through_the_bench():
    case = next(case for case in CASES["cases"] if case["id"] == "C21")
    cast = Cast(CASES["cast"])
    play = Play(case, cast)
    customers_seen = []

    def suspected(customer):
        customers_seen.append(customer)
        if len(customers_seen) == 2:
            first, second = sorted(one.pk for one in customers_seen)
            Suspicion.objects.get_or_create(
                first_id=first, second_id=second, defaults={"because": "address"}
            )

    register = play._customer

    def registering(*args):
        found = register(*args)
        if found not in customers_seen:
            suspected(found)
        return found

    play._customer = registering
    play.run()
    ruling = play.rulings["O1"]
    assert (ruling.verdict, ruling.credited_to) == ("adjudicate", None)
    dispute = Dispute.objects.get(kind=DisputeKind.SAME_PERSON)
    assert dispute.deal_id == ruling.deal_id
    ops = cast.people["OPS"]
    decided = decide_dispute(
        dispute=dispute, judgment=said(cast.people["S1"], finding=Finding.ONE), by=ops,
        seen=dispute.version, now=ruling.at + timedelta(days=1),
    )  # fmt: skip
    first, later = play.filings["F1"], play.filings["F2"]
    assert decided.statuses[str(first.pk)] == "protected"
    assert decided.statuses[str(later.pk)] == "invalid:LATER_FILER"
    assert Deal.objects.get(pk=ruling.deal_id).credited_to == cast.people["S1"]
    later.refresh_from_db()
    assert later.withdrawn == "merged"
    cited = {reason["clause"] for reason in decided.reasons}
    assert set(case["rules"]) <= cited


def test_two_who_are_two_keep_each_their_filing_and_are_not_asked_about_again(scene):
    other = scene.register(phone="13900139001", address=ADDRESS, owner=scene.guide, name="陈先生")
    scene.file(scene.salesman)
    first, second = sorted([scene.customer.pk, other.pk])
    pair, _made = Suspicion.objects.get_or_create(
        first_id=first, second_id=second, defaults={"because": "address"}
    )
    scene.file(scene.guide, customer=other, at=START + timedelta(hours=1))
    dispute = Dispute.objects.get(kind=DisputeKind.SAME_PERSON)
    assert {party.person_id for party in dispute.parties.all()} == {
        scene.salesman.pk, scene.guide.pk
    }  # fmt: skip
    decide(scene, dispute, said(finding=Finding.TWO), now=START + timedelta(days=1))
    pair.refresh_from_db()
    assert pair.state == "different"
    assert not Filing.objects.exclude(withdrawn="").exists()


def test_a_new_project_is_confirmed_or_found_to_be_the_same(scene):
    scene.file(scene.salesman)
    flat = Project.objects.create(
        customer=scene.customer, address="杭州市余杭区二期7幢1单元201室", opened_by=scene.guide
    )
    later = scene.file(
        scene.guide, project=flat, at=START + timedelta(days=1), is_new_project=True,
        project_reason="第二套房",
    )  # fmt: skip
    dispute = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)
    decide(
        scene, dispute, said(scene.salesman, finding=Finding.SAME), now=START + timedelta(days=2)
    )
    later.refresh_from_db()
    assert later.withdrawn == "merged"


def test_filings_of_one_second_open_one_dispute(scene):
    scene.file(scene.salesman)
    scene.file(scene.guide, at=START + timedelta(milliseconds=300))
    scene.file(scene.mate, at=START + timedelta(seconds=2))
    dispute = Dispute.objects.get(kind=DisputeKind.SAME_SECOND)
    decide(scene, dispute, said(scene.guide), now=START + timedelta(days=1))
    standing = Protection.objects.filter(project=scene.project, withdrawn=False)
    assert [row.filing.holder for row in standing] == [scene.guide]


def test_case_22_comes_out_through_the_bench():
    case = next(case for case in CASES["cases"] if case["id"] == "C22")
    cast = Cast(CASES["cast"])
    play = Play(case, cast).run()
    ruling = play.rulings["O1"]
    dispute = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)
    assert (ruling.verdict, dispute.deal_id) == ("adjudicate", ruling.deal_id)
    owner = cast.people[case["expected"]["owner"]]
    decided = decide_dispute(
        dispute=dispute, judgment=said(owner, finding=Finding.NEW), by=cast.people["OPS"],
        seen=dispute.version, now=ruling.at + timedelta(days=1),
    )  # fmt: skip
    statuses = {name: decided.statuses[str(filing.pk)] for name, filing in play.filings.items()}
    assert statuses == case["expected"]["filings"]
    assert Deal.objects.get(pk=ruling.deal_id).credited_to == owner
    assert set(case["rules"]) <= {reason["clause"] for reason in decided.reasons}
