"""Deals that come and go while a dispute waits, further deposits, third projects, appeals."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from PIL import Image

from core.models import AuditEntry
from customers.models import Access, Customer, Project, Suspicion
from customers.services.pictures import read_picture
from filings import services
from filings.models import Deal, Dispute, Evidence, Filing, FilingEvent
from filings.queries.history import journal_of
from filings.rules.events import Dealt
from filings.rules.parties import Judgment
from filings.services import Sale
from filings.services.appealing import appeal, decide_appeal
from filings.services.contesting import (
    NotContested,
    add_evidence,
    contest,
    withdraw_dispute,
)
from filings.services.judging import decide_dispute, today_of
from filings.states import DisputeKind, DisputeState, EventKind, EvidenceRank, Finding, Withdrawn
from filings.verification import credit_differences, filing_differences, ruling_differences
from staff.models import Notice
from tests.factories.staff import PersonFactory
from tests.filings.bench_scenes import ADDRESS, START, Scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def scene():
    return Scene()


def said(owner=None, **options):
    base = {"clauses": ("FIL-10",), "text": "先报先保"}
    return Judgment(owner=owner.pk if owner else None, **{**base, **options})


def decide(scene, dispute, judgment, *, now, by=None):
    dispute.refresh_from_db()
    return decide_dispute(
        dispute=dispute, judgment=judgment, seen=dispute.version, by=by or scene.ops, now=now
    )


def contested_before_the_deal(scene):
    scene.file(scene.salesman)
    scene.file(scene.guide, at=START + DAY)
    return contest(
        customer=scene.customer, reason="首次到店由我接待", by=scene.guide, now=START + 2 * DAY
    )


def nothing_differs():
    found = [*credit_differences(), *ruling_differences(), *filing_differences()]
    assert found == []


def further(scene, closer, at, order_no):
    sale = Sale(
        customer=scene.customer, project=scene.project, closer=closer, store=closer.store,
        amount=5000, order_no=order_no,
    )  # fmt: skip
    services.settle(sale, by=closer, now=at)
    return Deal.objects.get(order_no=order_no)


def test_a_deal_made_while_a_contest_waits_waits_for_the_ruling(scene):
    dispute = contested_before_the_deal(scene)
    deal = scene.deposit(scene.salesman, START + 3 * DAY)
    dispute.refresh_from_db()
    assert (dispute.deal, deal.credited_to, deal.is_contested) == (deal, None, True)
    assert deal.rulings.get().verdict == "adjudicate"
    assert Dispute.objects.count() == 1
    journal = journal_of([scene.customer.pk])
    dealt = [event for event in journal.events() if isinstance(event, Dealt)]
    assert [event.is_contested for event in dealt] == [True]
    ruling = decide(scene, dispute, said(scene.guide), now=START + 4 * DAY)
    deal.refresh_from_db()
    assert (deal.credited_to, ruling.deal) == (scene.guide, deal)
    assert AuditEntry.objects.filter(verb="decide_dispute").get().detail["deals"] == [deal.pk]
    nothing_differs()


def test_a_deal_after_the_ruling_is_decided_by_the_rules_again(scene):
    dispute = contested_before_the_deal(scene)
    decide(scene, dispute, said(scene.guide), now=START + 3 * DAY)
    deal = scene.deposit(scene.salesman, START + 4 * DAY)
    assert (deal.credited_to, deal.is_contested) == (scene.guide, False)


def test_returning_the_deposit_closes_what_the_deal_had_raised(scene):
    dispute = scene.contested()
    deal = Deal.objects.get()
    services.undo_deal(deal=deal, reason="退定 13900139000", by=scene.ops, now=START + 7 * DAY)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.closed_by) == (DisputeState.WITHDRAWN, scene.ops)
    assert dispute.close_note.startswith("退定")
    assert "13900139000" not in dispute.close_note
    told = Notice.objects.filter(key=f"returned-{dispute.pk}").values_list("person", flat=True)
    assert set(told) == {scene.salesman.pk, scene.guide.pk}
    again = scene.deposit(scene.guide, START + 8 * DAY, order_no="DD-2")
    assert contest(
        customer=scene.customer, reason="再", by=scene.guide, now=START + 9 * DAY
    ).deal == again  # fmt: skip
    nothing_differs()


def test_a_question_from_before_the_deal_outlives_its_return(scene):
    dispute = contested_before_the_deal(scene)
    first = scene.deposit(scene.salesman, START + 3 * DAY)
    services.undo_deal(deal=first, reason="退定", by=scene.ops, now=START + 4 * DAY)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.deal) == (DisputeState.OPEN, None)
    second = scene.deposit(scene.salesman, START + 5 * DAY, order_no="DD-2")
    dispute.refresh_from_db()
    assert (dispute.deal, second.credited_to) == (second, None)
    decide(scene, dispute, said(scene.guide), now=START + 6 * DAY)
    second.refresh_from_db()
    assert second.credited_to == scene.guide
    nothing_differs()


def test_of_two_deposits_one_goes_back_and_the_dispute_is_about_the_other(scene):
    dispute = scene.contested()
    first = Deal.objects.get()
    second = further(scene, scene.guide, START + 6 * DAY, "DD-2")
    services.undo_deal(deal=first, reason="退定", by=scene.ops, now=START + 7 * DAY)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.deal) == (DisputeState.OPEN, second)


def test_further_deposits_wait_along_and_are_credited_alike(scene):
    dispute = contested_before_the_deal(scene)
    first = scene.deposit(scene.salesman, START + 3 * DAY)
    second = further(scene, scene.salesman, START + 3 * DAY, "DD-2")
    assert second.rulings.get().verdict == "adjudicate"
    decide(scene, dispute, said(scene.guide), now=START + 4 * DAY)
    third = further(scene, scene.salesman, START + 5 * DAY, "DD-3")
    for deal in (first, second, third):
        deal.refresh_from_db()
        assert deal.credited_to == scene.guide
    nothing_differs()


def test_a_split_is_a_split_of_every_deposit_of_the_project(scene):
    dispute = scene.contested()
    further(scene, scene.guide, START + 6 * DAY, "DD-2")
    shares = {scene.guide.pk: 30, scene.salesman.pk: 70}
    ruling = decide(scene, dispute, said(shares=shares), now=START + 7 * DAY)
    further(scene, scene.guide, START + 8 * DAY, "DD-3")
    for deal in Deal.objects.all():
        assert deal.credited_to is None
        assert deal.rulings.latest("pk").shares == ruling.shares
    assert dispute.rulings.get() == ruling
    nothing_differs()


def flat_of(scene, person, number):
    return Project.objects.create(
        customer=scene.customer, address=f"杭州市余杭区二期{number}幢1单元201室",
        address_key=f"二期-{number}", opened_by=person,
    )  # fmt: skip


def claimed(scene):
    """The salesman's home, the mate's confirmed one, and the guide's new one, which is asked."""
    first = scene.file(scene.salesman)
    confirmed = scene.file(
        scene.mate, at=START + DAY, project=flat_of(scene, scene.mate, 7), is_new_project=True,
        project_reason="第二套房",
    )  # fmt: skip
    seen = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)
    decide(scene, seen, said(finding=Finding.NEW), now=START + DAY)
    later = scene.file(
        scene.guide, at=START + 2 * DAY, project=flat_of(scene, scene.guide, 9),
        is_new_project=True, project_reason="第三套房",
    )  # fmt: skip
    dispute = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT, state=DisputeState.OPEN)
    return first, confirmed, later, dispute


def withdrawn():
    return set(Filing.objects.exclude(withdrawn="").values_list("pk", flat=True))


@pytest.mark.parametrize("owner", ["salesman", "mate"])
def test_a_joining_finding_leaves_third_and_confirmed_projects_alone(scene, owner):
    _first, _confirmed, later, dispute = claimed(scene)
    judgment = said(getattr(scene, owner), finding=Finding.SAME)
    decide(scene, dispute, judgment, now=START + 3 * DAY)
    assert withdrawn() == {later.pk}
    nothing_differs()


def test_the_claimed_project_wins_over_one_other_alone(scene):
    first, _confirmed, _later, dispute = claimed(scene)
    decide(scene, dispute, said(scene.guide, finding=Finding.SAME), now=START + 3 * DAY)
    assert withdrawn() == {first.pk}


def test_one_customer_joins_the_two_homes_that_are_one(scene):
    """Each card has a home of its own beside the one in question."""
    scene.file(scene.salesman)
    own = scene.file(scene.mate, at=START, project=flat_of(scene, scene.mate, 7))
    other = scene.register(phone="13900139001", address=ADDRESS, owner=scene.guide, name="陈先生")
    first, second = sorted([scene.customer.pk, other.pk])
    Suspicion.objects.get_or_create(
        first_id=first, second_id=second, defaults={"because": "address"}
    )
    later = scene.file(scene.guide, customer=other, at=START + timedelta(hours=1))
    dispute = Dispute.objects.get(kind=DisputeKind.SAME_PERSON, project=later.project)
    decide(scene, dispute, said(scene.salesman, finding=Finding.ONE), now=START + DAY)
    assert withdrawn() == {later.pk}
    own.refresh_from_db()
    assert own.withdrawn == ""
    assert Access.objects.filter(customer=other, person=scene.salesman).exists()


def test_an_appeal_gives_back_the_own_filing_with_its_own_time(scene):
    first = scene.file(scene.salesman)
    later = scene.file(
        scene.guide, at=START + DAY, project=flat_of(scene, scene.guide, 7), is_new_project=True,
        project_reason="第二套房",
    )  # fmt: skip
    dispute = Dispute.objects.get(kind=DisputeKind.NEW_PROJECT)
    decide(scene, dispute, said(scene.salesman, finding=Finding.SAME), now=START + 2 * DAY)
    assert withdrawn() == {later.pk}
    dispute.refresh_from_db()
    made = appeal(dispute=dispute, reason="不服", by=scene.guide, now=START + 3 * DAY)
    judgment = said(scene.guide, finding=Finding.SAME)
    ruling = decide_appeal(
        appeal=made, judgment=judgment, is_upheld=False, by=scene.boss, now=START + 3 * DAY
    )
    assert (ruling.filing, withdrawn()) == (later, {first.pk})
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.holder, later.holder) == (scene.salesman, scene.guide)
    assert not FilingEvent.objects.filter(kind=EventKind.HANDED_OVER).exists()
    nothing_differs()


def test_an_appeal_gives_back_what_a_refused_filing_had_taken(scene):
    dispute = contested_before_the_deal(scene)
    decide(scene, dispute, said(scene.guide), now=START + 3 * DAY)
    first, later = Filing.objects.order_by("pk")
    assert (first.withdrawn, later.invalid) == (Withdrawn.MERGED, "")
    dispute.refresh_from_db()
    made = appeal(dispute=dispute, reason="不服", by=scene.salesman, now=START + 4 * DAY)
    decide_appeal(
        appeal=made, judgment=said(scene.salesman), is_upheld=False, by=scene.boss,
        now=START + 4 * DAY,
    )  # fmt: skip
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.withdrawn, first.holder) == ("", scene.salesman)
    assert later.withdrawn == Withdrawn.MERGED
    nothing_differs()


def test_a_contest_is_not_taken_back_once_a_deposit_waits_for_it(scene):
    dispute = contested_before_the_deal(scene)
    deal = scene.deposit(scene.mate, START + 3 * DAY)
    with pytest.raises(NotContested) as refusal:
        withdraw_dispute(dispute=dispute, reason="算了", by=scene.guide, now=START + 3 * DAY)
    assert refusal.value.codes == ("deal_waits",)
    services.undo_deal(deal=deal, reason="退定", by=scene.ops, now=START + 4 * DAY)
    withdraw_dispute(dispute=dispute, reason="算了", by=scene.guide, now=START + 4 * DAY)


def test_what_was_sold_for_another_home_keeps_nobody_from_contesting(scene):
    scene.file(scene.salesman)
    scene.deposit(scene.salesman, START + DAY)
    second = flat_of(scene, scene.salesman, 7)
    said = {"project": second, "is_new_project": True, "project_reason": "第二套房"}
    assert scene.file(scene.mate, at=START + 9 * DAY, **said).invalid == ""
    assert scene.file(scene.guide, at=START + 10 * DAY, **said).invalid == "LATER_FILER"
    dispute = contest(
        customer=scene.customer, reason="先接待", by=scene.guide, now=START + 11 * DAY
    )
    assert (dispute.project, dispute.deal) == (second, None)


def appealed_by_the_guide(scene, *, at):
    dispute = Dispute.objects.get()
    decide(scene, dispute, said(scene.salesman), now=at)
    dispute.refresh_from_db()
    return appeal(dispute=dispute, reason="不服", by=scene.guide, now=at)


def changed(scene, made, *, at):
    return decide_appeal(
        appeal=made, judgment=said(scene.guide), is_upheld=False, by=scene.boss, now=at
    )


def test_an_appeal_after_the_deposit_went_back_gives_the_lead(scene):
    contested_before_the_deal(scene)
    deal = scene.deposit(scene.salesman, START + 3 * DAY)
    made = appealed_by_the_guide(scene, at=START + 4 * DAY)
    services.undo_deal(deal=deal, reason="退定", by=scene.ops, now=START + 5 * DAY)
    ruling = changed(scene, made, at=START + 6 * DAY)
    first, later = Filing.objects.order_by("pk")
    assert (ruling.deal, ruling.filing) == (None, later)
    assert (first.withdrawn, later.invalid) == (Withdrawn.MERGED, "")
    again = scene.deposit(scene.mate, START + 7 * DAY, order_no="DD-2")
    assert again.credited_to == scene.guide
    nothing_differs()


def test_a_deposit_while_an_appeal_waits_goes_where_the_appeal_goes(scene):
    contested_before_the_deal(scene)
    made = appealed_by_the_guide(scene, at=START + 3 * DAY)
    deal = scene.deposit(scene.mate, START + 4 * DAY)
    assert deal.credited_to == scene.salesman  # the ruling stands until then
    ruling = changed(scene, made, at=START + 5 * DAY)
    deal.refresh_from_db()
    assert (ruling.deal, deal.credited_to) == (deal, scene.guide)
    nothing_differs()


def test_the_day_of_who_has_no_store_is_the_houses(scene):
    boss = PersonFactory(role="ops_manager", store=None)
    late = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    assert today_of(boss, late) == date(2026, 3, 2)


@pytest.mark.parametrize(("filer", "is_asked"), [("guide", True), ("salesman", False)])
def test_a_buyer_filed_by_another_than_the_keeper_is_asked_about(scene, filer, is_asked):
    Customer.objects.filter(pk=scene.customer.pk).update(bought_count=1)
    scene.file(
        getattr(scene, filer), project=flat_of(scene, scene.guide, 7), is_new_project=True,
        project_reason="第二套房",
    )  # fmt: skip
    assert Dispute.objects.filter(kind=DisputeKind.NEW_PROJECT).exists() is is_asked


def test_whoever_wins_may_serve_and_the_keeper_stays(scene):
    dispute = scene.contested()
    decide(scene, dispute, said(scene.guide), now=START + 7 * DAY)
    assert Access.objects.filter(customer=scene.customer, person=scene.guide).exists()
    scene.customer.refresh_from_db()
    assert scene.customer.owner == scene.salesman


def heard(dispute):
    return set(Notice.objects.filter(key=f"bench-{dispute.pk}").values_list("person", flat=True))


def test_whoever_decides_hears_that_a_dispute_waits(scene):
    dispute = scene.contested()
    assert heard(dispute) == {scene.ops.pk}
    notice = Notice.objects.get(key=f"bench-{dispute.pk}")
    assert notice.path == reverse("filings:case", args=[dispute.pk])


def test_inside_a_store_its_manager_hears_of_it(scene):
    scene.file(scene.mate)
    scene.deposit(scene.guide, START + DAY)
    dispute = contest(customer=scene.customer, reason="我接待", by=scene.guide, now=START + 2 * DAY)
    assert heard(dispute) == {scene.manager.pk}


def picture():
    stream = BytesIO()
    Image.new("RGB", (60, 40), "red").save(stream, "JPEG")
    return read_picture(stream.getvalue())


def test_the_other_side_sees_no_evidence_on_the_card(scene, as_):
    dispute = scene.contested()
    add_evidence(
        dispute=dispute, rank=EvidenceRank.STATEMENT, text="聊天截图", by=scene.guide, key=uuid4(),
        pictures=[picture()], now=START + 7 * DAY,
    )  # fmt: skip
    piece = Evidence.objects.exclude(attachment=None).get()
    card = reverse("desk:customer", args=[scene.customer.pk])
    for tab in ("files", "timeline", ""):
        answer = as_(scene.salesman).get(card, {"tab": tab} if tab else {})
        assert "聊天截图" not in answer.content.decode()
    for name in ("attachment", "picture", "thumbnail"):
        url = reverse(f"customers:{name}", args=[piece.attachment_id])
        assert as_(scene.salesman).get(url).status_code == 404
    url = reverse("filings:evidence_picture", args=[piece.pk])
    expected = {
        scene.guide: 200, scene.ops: 200, scene.salesman: 404, scene.mate: 404,
        PersonFactory(role="marketing_manager"): 404,
    }  # fmt: skip
    for person, status in expected.items():
        assert as_(person).get(url).status_code == status, person
    own = as_(scene.guide).get(reverse("filings:dispute", args=[dispute.pk])).content.decode()
    assert url in own
