"""A leaver's hand-over in one action: out at once, and all in hand goes to whom the manager says.

The sessions end and the account is closed with the manager's tap. What was in hand moves in
batches, each a transaction that says in the hand-over's own row what it did: a worker that dies
between two of them leaves whole customers only, and the next one goes on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.models import Job
from core.refusals import Refused
from core.services import audit, jobs
from core.services.jobs import TakenOver, Work
from core.services.once import once
from core.states import OPEN_JOB_STATES
from customers.models import Customer, HandOver
from customers.rules.sharing import share_out
from customers.services import give_access
from customers.services import leaving as customers
from desk import leaving
from filings.services import leaving as leads
from followups import services as followups
from orders.services import leaving as orders
from staff import services as staff
from staff.models import Person
from staff.scope import reach_of
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind

HAND_OVER = "desk.tasks.hand_over"
# So many customers change hands while their manager waits; more are left to a worker.
AT_ONCE = 60

Advance = Callable[[int, int], None]


class NotHandedOver(Refused):
    """Nothing was handed over."""

    messages = {
        "nobody_receives": _("Choose at least one person who takes over."),
        "receiver_not_yours": _(
            "Somebody you chose does not serve customers any more, or is not yours to choose. "
            "Choose again."
        ),
        "under_way": _("This hand-over is under way already. Wait until it is done."),
    }


@transaction.atomic
def hand_over(
    *,
    leaver: Person,
    receivers: Sequence[Person],
    reason: str,
    by: Person,
    now: datetime,
    key: UUID,
) -> Job:
    """Close a leaver's account and have all in hand moved to `receivers`, dealt out in turn.

    Raises NotHandedOver and PersonNotChanged. `key` is the form's own id: sent twice, the same
    work comes back.
    """
    with once(key=key, purpose="hand_over", by=by) as form:
        if form.result_id:
            return Job.objects.get(pk=form.result_id)
        _check(leaver, receivers, by=by, now=now)

        left = staff.let_go(person=leaver, by=by, now=now)
        if _is_under_way(leaver):  # asked under the leaver's lock
            raise NotHandedOver.because("under_way")
        ended = customers.end_the_rest(person=leaver, now=now)
        ids = [pk for pk, _grade in leaving.customers_to_deal(leaver)]
        dealt = share_out(ids=ids, among=[person.pk for person in receivers])
        handed = HandOver.objects.create(
            leaver=leaver,
            by=by,
            at=now,
            reason=reason,
            moved={
                "dealt": {str(pk): share for pk, share in dealt.items()},
                "to": {str(pk): {} for pk in dealt},
                "ended": {**asdict(left), **ended.as_json()},
                "clashes": [],
                "is_done": False,
            },
        )
        audit.record(
            verb="hand_over",
            of=leaver,
            by=by,
            reason=reason,
            hand_over=handed.pk,
            receivers=sorted(dealt),
            customers=len(ids),
        )
        job = jobs.ask(kind=HAND_OVER, by=by, params=_params(handed))
        form.result_id = job.pk
    return job


def _params(handed: HandOver) -> dict[str, object]:
    return {
        "hand_over": handed.pk,
        "page": {
            "title": gettext_noop("Handing over"),
            "result": "desk:hand_over_done",
            "result_label": gettext_noop("To the report"),
            "back": "staff:people",
        },
    }


def _check(leaver: Person, receivers: Sequence[Person], *, by: Person, now: datetime) -> None:
    """Somebody receives, and each of them is one whom this manager may choose."""
    if not receivers:
        raise NotHandedOver.because("nobody_receives")
    reach = reach_of(by, today=timezone.localdate(now))
    offered = leaving.receivers_for(leaver, reach=reach)
    wanted = {person.pk for person in receivers}
    if set(offered.filter(pk__in=wanted).values_list("pk", flat=True)) != wanted:
        raise NotHandedOver.because("receiver_not_yours")


def _is_under_way(leaver: Person) -> bool:
    numbers = HandOver.objects.filter(leaver=leaver, moved__is_done=False).values_list("pk")
    jobs_open = Job.objects.filter(kind=HAND_OVER, state__in=OPEN_JOB_STATES)
    return jobs_open.filter(params__hand_over__in=[pk for (pk,) in numbers]).exists()


def carry_out(handed: HandOver, *, by: Person, now: datetime, advance: Advance) -> None:
    """Move what is still in the leaver's hand; asked again after a crash, it goes on."""
    dealt = {int(pk): list(ids) for pk, ids in handed.moved["dealt"].items()}
    receivers = Person.objects.filter(is_active=True).in_bulk(list(dealt))
    if not receivers:
        raise NotHandedOver.because("receiver_not_yours")
    shares = _still_in_hand(handed.leaver, dealt, sorted(receivers))
    total = sum(map(len, shares.values()))
    done = 0
    for pk, ids in shares.items():
        for batch in followups.batches(ids):
            _move_customers(handed, batch, receivers[pk], by=by, now=now)
            done += len(batch)
            advance(done, total)
    _move_the_rest(handed, [receivers[pk] for pk in sorted(receivers)], by=by, now=now)


def _still_in_hand(
    leaver: Person, dealt: Mapping[int, Sequence[int]], receivers: Sequence[int]
) -> dict[int, list[int]]:
    """As dealt, as far as it was not moved yet; what nobody was dealt, or one who left, anew."""
    left = {pk for pk, _grade in leaving.customers_to_deal(leaver)}
    shares = {pk: [one for one in dealt.get(pk, ()) if one in left] for pk in receivers}
    anew = sorted(left.difference(*shares.values()))
    for pk, more in share_out(ids=anew, among=receivers).items():
        shares[pk] += more
    return shares


def _locked(handed: HandOver) -> HandOver:
    """The row in which each batch says what it did."""
    return HandOver.objects.select_for_update(of=("self",), no_key=True).get(pk=handed.pk)


def _note(row: HandOver, receiver_id: int, **ids: Sequence[int]) -> None:
    """Add to what went to this receiver."""
    got = row.moved["to"].setdefault(str(receiver_id), {})
    for what, more in ids.items():
        if more:
            got[what] = sorted({*got.get(what, ()), *more})


def _note_papers(row: HandOver, papers: orders.PassedOn) -> None:
    for what, shares in vars(papers).items():
        for receiver_id, ids in shares.items():
            _note(row, receiver_id, **{what: ids})


@transaction.atomic
def _move_customers(
    handed: HandOver, ids: Sequence[int], receiver: Person, *, by: Person, now: datetime
) -> None:
    """One batch: the customers who are still the leaver's, with all that hangs on them."""
    followups.hold(ids)
    kept = Customer.objects.filter(pk__in=ids, owner=handed.leaver_id)
    moved = followups.reassign(
        customers=list(kept.values_list("pk", flat=True)),
        keeper=receiver,
        by=by,
        now=now,
        reason=handed.reason,
        hand_over=handed.pk,
    )
    passed = leads.pass_on_leads(
        customers=ids, person=handed.leaver, receiver=receiver, reason=handed.reason, by=by, now=now
    )
    papers = orders.pass_on_orders(
        customers=ids, person=handed.leaver, receiver=receiver, by=by, now=now
    )
    row = _locked(handed)
    _note(row, receiver.pk, **asdict(moved), **asdict(passed))
    _note_papers(row, papers)
    row.save(update_fields=["moved"])


@transaction.atomic
def _move_the_rest(
    handed: HandOver, receivers: Sequence[Person], *, by: Person, now: datetime
) -> None:
    """What hangs on no customer of the leaver's own: work for others' customers, designers."""
    leaver, first = handed.leaver, receivers[0]
    hidden = leaving.hidden_cards(leaver)
    # At once and in order: what follows would hold them one kind after the other.
    others = {*leaving.work_elsewhere(leaver), *leads.customers_elsewhere(leaver)}
    with_papers = orders.customers_of(leaver)
    followups.hold(sorted({*hidden, *others, *with_papers}))
    followups.reassign(
        customers=hidden, keeper=first, by=by, now=now, reason=handed.reason, hand_over=handed.pk
    )
    elsewhere = leaving.work_elsewhere(leaver)
    work = followups.pass_on_work(customers=elsewhere, person=leaver, receiver=first, now=now)
    opportunities, appointments = customers.pass_on_sales(person=leaver, receiver=first)
    passed = _leads_elsewhere(handed, first, by=by, now=now)
    papers = orders.pass_on_orders(
        customers=with_papers, person=leaver, receiver=first, by=by, now=now
    )
    orders.leave_desk(leaver)
    followups.pass_on_days(person=leaver, receiver=first)
    chores = followups.pass_on_chores(person=leaver, receiver=first)
    designers = _pass_on_designers(leaver, receivers)

    row = _locked(handed)
    went: tuple[tuple[str, Mapping[Any, Sequence[int]]], ...] = (
        ("tasks", work.tasks),
        ("opportunities", opportunities),
        ("appointments", work.appointments),
        ("appointments", appointments),
        ("designers", designers),
        ("filings", {first.pk: passed.filings}),
        ("drafts", {first.pk: passed.drafts}),
        ("chores", {first.pk: chores}),
    )
    for what, shares in went:
        for receiver_id, ids in shares.items():
            if receiver_id is not None:
                _note(row, receiver_id, **{what: ids})
    _note_papers(row, papers)
    booked = [pk for got in row.moved["to"].values() for pk in got.get("appointments", ())]
    row.moved["clashes"] = leaving.clashes_among(booked)
    row.moved["is_done"] = True
    row.save(update_fields=["moved"])
    _tell(row, by=by, now=now)


def _pass_on_designers(leaver: Person, receivers: Sequence[Person]) -> dict[int, list[int]]:
    """Designers are dealt out in turn, as customers are."""
    shares = share_out(
        ids=list(leaver.designers.order_by("pk").values_list("pk", flat=True)),
        among=[person.pk for person in receivers],
    )
    customers.pass_on_designers(shares=shares, person=leaver)
    return shares


def _leads_elsewhere(
    handed: HandOver, receiver: Person, *, by: Person, now: datetime
) -> leads.PassedOn:
    """Leads of customers whom others keep: the holder's access goes with them (decision 1)."""
    ids = leads.customers_elsewhere(handed.leaver)
    held = followups.hold(ids)
    closed = leads.closed_to(handed.leaver)
    for customer in held:
        if customer.pk not in closed:
            give_access(customer=customer, person=receiver)
    return leads.pass_on_leads(
        customers=ids, person=handed.leaver, receiver=receiver, reason=handed.reason, by=by, now=now
    )


def _tell(handed: HandOver, *, by: Person, now: datetime) -> None:
    """Say to each who received customers how many; the list opens on one's own."""
    tell_many(
        [
            Telling(
                person_id=int(receiver),
                kind=NoticeKind.HANDED_OVER,
                key=f"handover:{handed.pk}",
                params={"by": by.name, "count": len(got["customers"])},
                path=reverse("desk:customers"),
            )
            for receiver, got in handed.moved["to"].items()
            if got.get("customers")
        ],
        now=now,
    )


def do_hand_over(job_id: int) -> None:
    """The body of the task that moves what a leaver had in hand."""
    with jobs.working(job_id) as work:
        if work is not None:
            _work_off(work)


def _work_off(work: Work) -> None:
    found = HandOver.objects.select_related("leaver")
    handed = found.get(pk=work.job.params["hand_over"])
    if not handed.moved["is_done"]:
        carry_out(handed, by=work.job.asked_by, now=timezone.now(), advance=work.advance)
    work.job.result = {"hand_over": handed.pk}
    if not jobs.mine(work.job).exists():
        raise TakenOver


def done_at_once(job: Job, *, customers: int) -> Job:
    """A few customers change hands while their manager waits."""
    if customers <= AT_ONCE:
        do_hand_over(job.pk)
        job.refresh_from_db()
    return job
