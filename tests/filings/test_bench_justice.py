"""Nobody judges for themselves, both sides are told, and rulings say what was there before them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.services.audit import LONGEST_REASON
from customers.models import Access, Customer
from filings import services
from filings.models import Deal, Dispute, Protection
from filings.queries import bench, judges
from filings.queries.candidates import candidates_of
from filings.queries.hearing import hearing_of
from filings.queries.proposals import proposed_of
from filings.rules.parties import Judgment
from filings.services import Lead, Sale
from filings.services.appealing import NotAppealed, appeal, decide_appeal
from filings.services.bench import NotRuled
from filings.services.contesting import contest
from filings.services.judging import decide_dispute
from filings.states import DisputeKind, DisputeState, Finding, Hearing, Invalid
from filings.verification import credit_differences, filing_differences, ruling_differences
from staff.models import Duty, Notice, Person
from staff.states import Role
from tests.factories.staff import DutyFactory, PersonFactory, RegionFactory, StoreFactory
from tests.filings.bench_scenes import START, Scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def scene():
    return Scene()


def said(owner=None, **options):
    base = {"clauses": ("FIL-10",), "text": "先报先保"}
    return Judgment(owner=owner.pk if owner else None, **{**base, **options})


def decide(scene, dispute, judgment, *, now=START + 7 * DAY, by=None):
    dispute.refresh_from_db()
    return decide_dispute(
        dispute=dispute, judgment=judgment, seen=dispute.version, by=by or scene.ops, now=now
    )


def appealed(dispute, by, *, now=START + 8 * DAY, reason="不服"):
    dispute.refresh_from_db()
    return appeal(dispute=dispute, reason=reason, by=by, now=now)


def upheld(made, *, by, now=START + 9 * DAY, **options):
    return decide_appeal(appeal=made, judgment=said(**options), is_upheld=True, by=by, now=now)


def told(person, kind="ruling"):
    return Notice.objects.filter(person=person, kind=kind).exists()


def refused(act, code):
    with pytest.raises(NotRuled) as refusal:
        act()
    assert refusal.value.codes == (code,)
    assert str(refusal.value)


def nothing_differs():
    assert [*credit_differences(), *ruling_differences(), *filing_differences()] == []


def test_long_words_stand_in_the_ruling_and_are_clipped_in_the_trail(scene):
    dispute = scene.contested()
    long = "依据" * 900
    ruling = decide(scene, dispute, said(scene.salesman, text=long))
    assert ruling.text == long
    made = appealed(dispute, scene.guide, reason="不服" * 450)
    assert upheld(made, by=scene.boss, text=long).text == long
    for verb in ("decide_dispute", "appeal", "decide_appeal"):
        kept = AuditEntry.objects.get(verb=verb).reason
        assert (len(kept), kept[-1]) == (LONGEST_REASON, "…")


def sold_from_afar(scene):
    """Somebody of another region sells to a customer of the home region, whom nobody had filed."""
    afar = StoreFactory(name="西安店", region=RegionFactory(places="西安"))
    seller = PersonFactory(name="远客", store=afar)
    sale = Sale(
        customer=scene.customer, project=scene.project, closer=seller, store=afar, amount=20000,
        order_no="DD-9", is_agreed_by_manager=False,
    )  # fmt: skip
    services.settle(sale, by=seller, now=START + DAY)
    return Dispute.objects.get(kind=DisputeKind.CROSS_REGION), seller


def test_who_leads_the_home_region_decides_and_is_given_nothing(scene):
    DutyFactory(person=scene.manager, kind="department_manager", region=scene.shop.region)
    dispute, _seller = sold_from_afar(scene)
    parties = bench.parties_of([dispute])[dispute.pk]
    offered = candidates_of(dispute, parties)
    assert scene.guide in offered
    assert scene.manager not in offered
    for kind in ("owner", "shares"):
        given = {"owner": said(scene.manager), "shares": said(
            shares={scene.manager.pk: 50, scene.guide.pk: 50})}[kind]  # fmt: skip
        with pytest.raises(NotRuled) as refusal:
            decide(scene, dispute, given, by=scene.manager)
        assert "own_credit" in refusal.value.codes
    assert decide(scene, dispute, said(scene.guide), by=scene.manager).credited_to == scene.guide


def test_whoever_may_be_given_it_does_not_decide_it(scene, as_):
    """A manager who stands in for a seller of the home region, and the region's own sellers."""
    DutyFactory(person=scene.manager, kind="department_manager", region=scene.shop.region)
    DutyFactory(person=scene.manager, kind="assistant", assists=scene.mate)
    dispute, _seller = sold_from_afar(scene)
    decider = judges.decider_of(scene.manager, today=timezone.localdate())
    assert not judges.on_bench(decider).exists()
    refused(lambda: decide(scene, dispute, said(scene.guide), by=scene.manager), "own_case")
    browser, url = as_(scene.manager), reverse("filings:case", args=[dispute.pk])
    assert browser.get(url).status_code == 404
    assert browser.post(url, {"owner": scene.manager.pk}).status_code == 404
    assert as_(scene.ops).get(url).status_code == 200


def test_who_wins_between_regions_is_told_and_appeals_against(scene, as_):
    dispute, seller = sold_from_afar(scene)
    decide(scene, dispute, said(scene.guide))
    for person in (scene.guide, seller):
        assert told(person)
        page = as_(person).get(reverse("filings:dispute", args=[dispute.pk]))
        assert page.status_code == 200
    made = appealed(dispute, seller)
    changed = decide_appeal(
        appeal=made, judgment=said(scene.mate), is_upheld=False, by=scene.boss,
        now=START + 9 * DAY,
    )  # fmt: skip
    assert changed.credited_to == scene.mate
    assert dispute.parties.filter(person=scene.mate).exists()
    nothing_differs()


def bought_before(scene, closer):
    Customer.objects.filter(pk=scene.customer.pk).update(bought_count=1)
    scene.customer.refresh_from_db()
    deal = scene.deposit(closer, START + DAY)
    return Dispute.objects.get(kind=DisputeKind.BUYER), deal


def test_the_keeper_of_a_buyer_is_a_side_from_the_beginning(scene, as_):
    dispute, _deal = bought_before(scene, scene.guide)
    assert set(dispute.parties.values_list("person", flat=True)) == {
        scene.guide.pk, scene.salesman.pk
    }  # fmt: skip
    assert told(scene.salesman, "dispute")
    assert as_(scene.salesman).get(
        reverse("filings:dispute", args=[dispute.pk])
    ).status_code == 200  # fmt: skip
    decide(scene, dispute, said(scene.guide))
    assert told(scene.salesman)
    appealed(dispute, scene.salesman)


def test_operations_that_keep_the_buyer_do_not_decide(scene):
    Customer.objects.filter(pk=scene.customer.pk).update(owner=scene.ops)
    dispute, _deal = bought_before(scene, scene.guide)
    other = PersonFactory(role=Role.OPS_MANAGER)
    refused(lambda: decide(scene, dispute, said(scene.ops)), "own_case")
    refused(lambda: decide(scene, dispute, said(scene.guide), by=other), "one_level_up")
    assert decide(scene, dispute, said(scene.guide), by=scene.boss)


def test_who_loses_the_standing_credit_is_told(scene):
    """Whoever held the filing when it was withdrawn is no party from the beginning."""
    first = scene.file(scene.salesman)
    scene.file(scene.guide, at=START + timedelta(hours=1))
    dispute = contest(
        customer=scene.customer, reason="我接待", by=scene.guide, now=START + timedelta(hours=2)
    )
    colleague = PersonFactory(role=Role.SALES_FIELD, store=scene.team)
    services.hand_over(
        filing=first, holder=colleague, reason="调岗", by=scene.supervisor, now=START + DAY
    )
    decide(scene, dispute, said(scene.guide), now=START + 2 * DAY)
    assert told(colleague)
    assert dispute.parties.get(person=colleague).filing == first


def contested_without_a_deal(scene):
    first = scene.file(scene.salesman)
    later = scene.file(scene.guide, at=START + DAY)
    dispute = contest(
        customer=scene.customer, reason="首次到店由我接待", by=scene.guide, now=START + 2 * DAY
    )
    return dispute, first, later


def facts_of(ruling, filing):
    return {row["code"] for row in ruling.reasons if row["filing"] == filing.pk}


@pytest.mark.parametrize("is_upheld", [True, False])
def test_an_appeal_is_about_what_was_there_before_the_ruling(scene, is_upheld):
    dispute, first, later = contested_without_a_deal(scene)
    ruling = decide(scene, dispute, said(scene.guide), now=START + 3 * DAY)
    assert ruling.facts["proposed"] == scene.salesman.pk
    assert "departed" in {row["code"] for row in ruling.reasons}
    made = appealed(dispute, scene.salesman, now=START + 4 * DAY)
    proposed = proposed_of(bench.get_disputes().get(pk=dispute.pk), finding="", at=START + 20 * DAY)
    assert proposed.owner == scene.salesman.pk
    assert "protected" in {row.code for row in proposed.reasons if row.filing == first.pk}
    last = decide_appeal(
        appeal=made, judgment=said(scene.salesman), is_upheld=is_upheld, by=scene.boss,
        now=START + 20 * DAY,
    )  # fmt: skip
    assert "later_filer" not in facts_of(last, first)
    assert facts_of(last, first) >= {"protected", "server_time"}
    assert last.facts["proposed"] == scene.salesman.pk
    assert ("departed" in {row["code"] for row in last.reasons}) is is_upheld
    assert last.filing == (later if is_upheld else first)
    assert last.facts["is_departure"] is is_upheld
    nothing_differs()


def test_what_the_rules_propose_is_no_departure(scene):
    dispute, *_filings = contested_without_a_deal(scene)
    ruling = decide(scene, dispute, said(scene.salesman), now=START + 3 * DAY)
    assert ruling.facts["is_departure"] is False
    assert "departed" not in {row["code"] for row in ruling.reasons}


def filed_late(scene, person):
    lead = Lead(project=scene.project, acquired_at=START - 3 * DAY)
    filing = services.file_lead(
        customer=scene.customer, lead=lead, filer=person, by=person, now=START
    )
    assert filing.invalid == Invalid.LATE_24H
    return filing


def test_a_ruling_admits_a_filing_that_was_refused_as_late(scene):
    filing = filed_late(scene, scene.guide)
    dispute = contest(customer=scene.customer, reason="断网", by=scene.guide, now=START + DAY)
    ruling = decide(scene, dispute, said(scene.guide), now=START + 2 * DAY)
    filing.refresh_from_db()
    assert (ruling.credited_to, ruling.filing, filing.invalid) == (scene.guide, filing, "")
    during = Protection.objects.get(filing=filing, withdrawn=False).during
    assert during.lower == ruling.at
    assert "handed_by_ruling" in facts_of(ruling, filing)
    nothing_differs()


def test_what_no_ruling_can_lift_is_refused_in_words(scene):
    afar = StoreFactory(region=RegionFactory(places="西安"))
    seller = PersonFactory(store=afar)
    filing = scene.file(seller)
    assert filing.invalid == Invalid.CROSS_REGION
    dispute = contest(customer=scene.customer, reason="x", by=seller, now=START + DAY)
    refused(lambda: decide(scene, dispute, said(seller), now=START + 2 * DAY), "nothing_to_give")
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.OPEN
    with pytest.raises(NotRuled) as refusal:
        decide(scene, dispute, said(shares={seller.pk: 100}), now=START + 2 * DAY)
    assert "nothing_to_share" in refusal.value.codes


def with_operations_as_a_party(scene):
    dispute = scene.contested()
    dispute.parties.create(person=scene.ops)
    decide(scene, dispute, said(scene.guide), by=scene.boss)
    dispute.refresh_from_db()
    return dispute


def hearing(dispute, **options):
    parties = bench.parties_of([dispute]).get(dispute.pk, [])
    return hearing_of(dispute, parties, **options)


def test_another_operations_manager_hears_what_the_only_general_manager_decided(scene):
    other = PersonFactory(role=Role.OPS_MANAGER)
    dispute = with_operations_as_a_party(scene)
    assert hearing(dispute) == Hearing.OPERATIONS
    made = appealed(dispute, scene.salesman)
    assert Notice.objects.filter(key=f"appeal-{made.pk}", person=other).exists()
    refused(lambda: upheld(made, by=scene.boss), "own_ruling")
    refused(lambda: upheld(made, by=scene.ops), "own_case")
    for person, sees in ((other, True), (scene.ops, False)):
        decider = judges.decider_of(person, today=timezone.localdate())
        assert judges.on_bench(decider).filter(pk=dispute.pk).exists() is sees
    assert upheld(made, by=other).by == other


def test_without_anybody_else_the_ruling_is_final_and_says_so_before(scene):
    dispute = scene.contested()
    dispute.parties.create(person=scene.ops)
    assert hearing(dispute, decided_by=scene.boss.pk) == Hearing.FINAL
    decide(scene, dispute, said(scene.guide), by=scene.boss)
    with pytest.raises(NotAppealed) as refusal:
        appealed(dispute, scene.salesman)
    assert refusal.value.codes == ("ruling_final",)


def test_where_nobody_hears_appeals_operations_and_administrators_are_told(scene):
    admin = PersonFactory(role=Role.ADMIN)
    Duty.objects.all().delete()
    dispute = scene.contested()
    decide(scene, dispute, said(scene.guide))
    assert hearing(dispute) == Hearing.NOBODY_YET
    made = appealed(dispute, scene.salesman)
    heard = Notice.objects.filter(key=f"appeal-{made.pk}", params__has_key="unheard")
    assert {row.person for row in heard} == {scene.ops, admin}
    refused(lambda: upheld(made, by=scene.ops), "only_appeals")
    DutyFactory(person=scene.boss, kind="appeal")
    assert upheld(made, by=scene.boss)


def test_what_nobody_may_decide_is_told(scene):
    Duty.objects.all().delete()
    Person.objects.filter(pk=scene.salesman.pk).update(role=Role.OPS_MANAGER)
    dispute = scene.contested()
    heard = Notice.objects.filter(key=f"bench-{dispute.pk}", params__has_key="undecided")
    assert scene.ops in {row.person for row in heard}


def test_a_deposit_that_went_back_is_said_in_the_case_and_the_later_ruling(scene):
    dispute = scene.contested()
    decide(scene, dispute, said(scene.guide))
    deal = Deal.objects.get()
    services.undo_deal(deal=deal, reason="退定", by=scene.ops, now=START + 7 * DAY)
    made = appealed(dispute, scene.salesman)
    proposed = proposed_of(bench.get_disputes().get(pk=dispute.pk), finding="", at=START + 8 * DAY)
    codes = [row.code for row in proposed.reasons]
    assert "deposit_returned" in codes
    assert "deal_moment" not in codes
    ruling = upheld(made, by=scene.boss)
    assert ruling.deal is None
    assert "deposit_returned" in {row["code"] for row in ruling.reasons}
    deal.refresh_from_db()
    assert deal.undone_at is not None


def test_shares_of_a_deposit_that_went_back_are_nobodys(scene):
    dispute = scene.contested()
    decide(scene, dispute, said(shares={scene.guide.pk: 30, scene.salesman.pk: 70}))
    deal = Deal.objects.get()
    services.undo_deal(deal=deal, reason="退定", by=scene.ops, now=START + 7 * DAY)
    ruling = upheld(appealed(dispute, scene.salesman), by=scene.boss)
    assert (ruling.deal, ruling.credited_to, ruling.shares) == (None, None, [])


def test_two_without_a_deal_are_given_to_nobody(scene):
    scene.file(scene.salesman)
    flat = scene.customer.projects.create(address="二期7幢1单元201室", opened_by=scene.guide)
    scene.file(
        scene.guide, project=flat, at=START + DAY, is_new_project=True, project_reason="第二套房"
    )
    dispute = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)
    ruling = decide(scene, dispute, said(scene.guide, finding=Finding.NEW), now=START + 2 * DAY)
    assert ruling.credited_to is None


def test_who_has_left_is_credited_and_gets_no_key_to_the_card(scene):
    dispute = scene.contested()
    Person.objects.filter(pk=scene.guide.pk).update(is_active=False)
    assert decide(scene, dispute, said(scene.guide)).credited_to == scene.guide
    assert not Access.objects.filter(customer=scene.customer, person=scene.guide).exists()
