"""Invitations: many are put on a list, each is asked, answers and comes alone (ORG-18, AFT-24)."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.days import moment_text
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers.models import Contact, Customer
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome
from followups import wording
from followups.models import Campaign, Invitation
from followups.queries.campaigns import guest_that_stands, may_manage, why_no_step
from followups.rules import campaigns as rules
from followups.services import contacts, engine, guest_news, guests
from followups.services.foreseeing import REASON, Foreseen, foresee, judged
from followups.services.greetings import GreetingNotSent, text_blockers
from followups.services.holding import hold, hold_of, hold_one
from followups.states import (
    RUNNING_CAMPAIGNS,
    Answer,
    CampaignKind,
    CampaignState,
    Withheld,
)
from staff.models import Person
from staff.scope import reach_of

TICKET_BYTES = 18


class NotInvited(Refused):
    """A guest was not invited, asked or noted as told."""

    messages = {
        **GreetingNotSent.messages,
        "is_closed": _("This campaign takes no more invitations: it is over or called off."),
        "already_sent": _("This invitation was sent already: by %(who)s, %(when)s."),
        "quiet": _("This customer wishes no marketing. Nothing was sent."),
        "given_up": _("This customer was given up. Nothing was sent."),
        "no_keeper": _("Nobody keeps this customer. Give them a keeper first."),
        "recent": _(
            "We have spoken with this customer only just now. Send it when the gap has passed."
        ),
        "answer_missing": _("Choose an answer."),
        "step_missing": _("Choose when you call them again: nothing else is agreed with them."),
        "answered_meanwhile": _("Somebody has noted another answer in the meantime: %(answer)s."),
        "no_door": _("This round of care has no event, and nobody comes to it."),
        "too_early": _("Guests are noted on the day of the event."),
        "attended_already": _("Noted already: by %(who)s, %(when)s."),
        "not_attended": _("This guest is not noted as come."),
    }


def _running(campaign: Campaign) -> Campaign:
    """The campaign, held so that nobody ends it meanwhile. Raises NotInvited."""
    fresh = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if fresh.state not in RUNNING_CAMPAIGNS:
        raise NotInvited.because("is_closed")
    return fresh


@transaction.atomic
def invite(*, campaign: Campaign, customers: Sequence[int], by: Person, now: datetime) -> int:
    """Put these customers on the list, each once; whom the guard keeps off, with the reason.

    Answers with how many are invited anew. Raises NotInvited.
    """
    held = [who for who in hold(sorted(set(customers))) if who.merged_into_id is None]
    campaign = _running(campaign)
    seen = foresee(campaign=campaign, customers=held, now=now)
    kept_off = {pk: reason for reason, ids in seen.withheld.items() for pk in ids}
    new = {*seen.ids, *kept_off}
    Invitation.objects.bulk_create(
        [
            Invitation(
                campaign=campaign,
                customer=who,
                assignee=who.owner,
                ticket=secrets.token_urlsafe(TICKET_BYTES),
                withheld=kept_off.get(who.pk, Withheld.NONE),
                invited_at=now,
                invited_by=by,
            )
            for who in held
            if who.pk in new
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    _judge_anew(campaign, seen, kept_off)

    added = list(
        Invitation.objects.filter(campaign=campaign, customer__in=seen.ids, withheld="")
        .select_related("customer__store", "assignee")
        .order_by("pk")
    )
    guests.open_for(added, campaign=campaign, now=now)
    # To begin is for those who lead the campaign: a salesperson's guests stand on a planned list.
    if may_manage(reach_of(by, today=timezone.localdate(now)), campaign):
        planned = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.PLANNED)
        planned.update(state=CampaignState.INVITING)
    audit.record(verb="invite", of=campaign, by=by, invited=len(seen.ids), withheld=len(kept_off))
    engine.touch_and_ask(customers=seen.ids, now=now)
    return len(added)


def _judge_anew(campaign: Campaign, seen: Foreseen, kept_off: Mapping[int, Withheld]) -> None:
    """Who was kept off before and passes now is invited; who still does not has today's reason."""
    before = Invitation.objects.filter(campaign=campaign).exclude(withheld="")
    before.filter(customer__in=seen.ids).update(withheld="")
    for reason in set(kept_off.values()):
        ids = [pk for pk, verdict in kept_off.items() if verdict == reason]
        before.filter(customer__in=ids).update(withheld=reason)


def _held(invitation: Invitation) -> Invitation:
    """The invitation under its customer's lock. One that stayed behind with a merged card, with
    its ticket and whatever page was open, stands for the kept card's.
    """
    rows = Invitation.objects.select_related(
        "campaign", "customer__store", "customer__owner", "sent_by", "attended_noted_by"
    )
    pk = invitation.pk
    while True:
        pk = guest_that_stands(pk)
        hold_of(rows.get(pk=pk))
        if guest_that_stands(pk) == pk:  # else its card was merged until we held it
            return rows.get(pk=pk)


def _fresh(invitation: Invitation) -> Invitation:
    """The invitation under its customer's lock, and its campaign's. Raises NotInvited."""
    fresh = _held(invitation)
    _running(fresh.campaign)
    return fresh


@transaction.atomic
def send_invitation(
    *,
    invitation: Invitation,
    text: str,
    signature: wording.Signature,
    by: Person,
    now: datetime,
) -> None:
    """Note that this one invitation went out with its own text. Raises NotInvited.

    Care is done by being sent; a guest of an event is still asked for an answer.
    """
    fresh = _fresh(invitation)
    if fresh.sent_at is not None:
        when = moment_text(fresh.sent_at, now=now)
        who = fresh.sent_by.name if fresh.sent_by else "–"
        raise NotInvited.because("already_sent", who=who, when=when)
    verdict = judged([fresh.customer], now=now)[fresh.customer_id]
    if verdict != Withheld.NONE and not (fresh.answer and verdict == Withheld.RECENT):
        raise NotInvited.because(verdict.value)
    refuse_if(NotInvited, text_blockers(text, customer=fresh.customer, signature=signature))

    Invitation.objects.filter(pk=fresh.pk, sent_at=None).update(
        sent_at=now, sent_by=by, text=text.strip(), withheld=""
    )
    if fresh.campaign.kind == CampaignKind.CARE:
        guests.finish(fresh, now=now)

    audit.record(verb="send_invitation", of=fresh, by=by, customer=fresh.customer_id)
    engine.touch_and_ask(customers=[fresh.customer_id], now=now)


def _step_for(
    fresh: Invitation, answer: Answer, *, then_on: date | None, now: datetime
) -> NextStep:
    """What was agreed by the answer: the visit, another call, or that all goes on without.

    Raises NotInvited where nothing goes on and no day is named (FUP-01).
    """
    zone = fresh.customer.store.tzinfo
    today = now.astimezone(zone).date()
    starts_on = fresh.campaign.starts_at.astimezone(zone).date()
    ends_on = fresh.campaign.ends_at.astimezone(zone).date()
    name = fresh.campaign.name[:200]
    comes_on = rules.visit_day(starts_on=starts_on, ends_on=ends_on, today=today)
    if answer == Answer.COMING and comes_on is not None:
        return NextStep(kind=NextKind.STORE_VISIT, on=comes_on, text=name)
    if answer == Answer.UNDECIDED:
        day = rules.asked_again_on(due_on=starts_on - timedelta(days=1), today=today)
        return NextStep(kind=NextKind.CALL, on=day, text=name)
    if then_on is not None:
        return NextStep(kind=NextKind.CALL, on=then_on)
    goes_on = why_no_step(fresh)
    if goes_on is None:
        raise NotInvited.because("step_missing")
    return NextStep(kind=NextKind.NONE, none_reason=goes_on)


def _log(
    fresh: Invitation,
    answer: Answer,
    *,
    channel: Channel,
    note: str,
    then_on: date | None,
    by: Person,
    **how,
) -> Contact:
    """The talk in which the guest answered, as a contact because of the event.

    What else is due with this customer was not talked about, and stays.
    """
    now = how["now"]
    assists = reach_of(by, today=fresh.customer.store.today(now)).assists
    keeper = fresh.assignee if fresh.assignee_id in assists else None
    is_call = channel in (Channel.CALL, Channel.EMAIL)
    return contacts.log_contact(
        customer=fresh.customer,
        channel=channel,
        outcome=Outcome.CONNECTED if is_call else Outcome.REPLIED,
        reason=REASON,
        note=note,
        next_step=_step_for(fresh, answer, then_on=then_on, now=now),
        leaves_rest=True,
        by=by,
        on_behalf_of=keeper,
        **how,
    )


@transaction.atomic
def answer_invitation(
    *,
    invitation: Invitation,
    answer: Answer,
    by: Person,
    now: datetime,
    key: UUID,
    channel: Channel | str = "",
    note: str = "",
    is_inbound: bool = False,
    override: str = "",
    then_on: date | None = None,
) -> None:
    """Note what the guest says; with a `channel` the talk is logged as a contact of its own, which
    passes the guard like any other (`log_contact`).

    Coming and not coming end the asking; undecided is asked again in two days. A visit or call that
    an earlier answer agreed on gives way. `then_on`: when they are called after not coming; needed
    where nothing else goes on with them. Raises NotInvited, and what logging a contact raises.
    """
    if answer == Answer.NONE:
        raise NotInvited.because("answer_missing")
    fresh = _fresh(invitation)
    if fresh.answer not in (invitation.answer, answer):
        label = str(Answer(fresh.answer).label)
        raise NotInvited.because("answered_meanwhile", answer=label)

    contact = None
    if channel:
        contact = _log(
            fresh, answer, channel=Channel(channel), note=note, then_on=then_on, by=by, now=now,
            key=key, is_inbound=is_inbound, override=override,
        )  # fmt: skip
    if contact is not None or answer != fresh.answer:
        guests.replace_step(fresh, now=now)
    guest_news.hear(fresh, now=now)
    Invitation.objects.filter(pk=fresh.pk).update(
        answer=answer, answered_at=now, contact=contact or fresh.contact
    )
    if rules.is_answered(answer) or contact is not None:
        guests.finish(fresh, now=now)
    else:
        zone = fresh.customer.store.tzinfo
        last = fresh.campaign.starts_at.astimezone(zone).date() - timedelta(days=1)
        today = now.astimezone(zone).date()
        guests.ask_again(fresh, on=rules.asked_again_on(due_on=last, today=today))

    audit.record(verb="answer_invitation", of=fresh, by=by, answer=answer)
    engine.touch_and_ask(customers=[fresh.customer_id], now=now)


def _door_blockers(campaign: Campaign, *, now: datetime) -> list[Blocker]:
    return rules.door_blockers(
        kind=campaign.kind,
        state=campaign.state,
        starts_on=timezone.localdate(campaign.starts_at),
        today=timezone.localdate(now),
    )


def why_shut(campaign: Campaign, *, now: datetime) -> str:
    """Why nobody is noted as come now; "" where guests are."""
    shut = _door_blockers(campaign, now=now)
    return str(NotInvited(*shut)) if shut else ""


@transaction.atomic
def note_attended(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """The guest has come: ticked at the door or scanned, once. Raises NotInvited."""
    fresh = _held(invitation)
    refuse_if(NotInvited, _door_blockers(fresh.campaign, now=now))
    unseen = Invitation.objects.filter(pk=fresh.pk, attended_at=None)
    if not unseen.update(attended_at=now, attended_noted_by=by):
        who = fresh.attended_noted_by.name if fresh.attended_noted_by else "–"
        when = moment_text(fresh.attended_at or now, now=now)
        raise NotInvited.because("attended_already", who=who, when=when)
    guests.finish(fresh, now=now)
    guest_news.hear(fresh, now=now)

    audit.record(verb="attended", of=fresh, by=by, campaign=fresh.campaign_id)
    engine.touch_and_ask(customers=[fresh.customer_id], now=now)


@transaction.atomic
def take_back_attended(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """Ticked by mistake; who was written down at the door is taken off again. Raises NotInvited."""
    fresh = _held(invitation)
    if fresh.attended_at is None:
        raise NotInvited.because("not_attended")

    audit.record(verb="not_attended", of=fresh, by=by, campaign=fresh.campaign_id)
    if fresh.invited_at == fresh.attended_at and not fresh.sent_at and not fresh.answer:
        fresh.delete()
    else:
        Invitation.objects.filter(pk=fresh.pk).update(attended_at=None, attended_noted_by=None)
        guests.take_back_finish(fresh, finished_at=fresh.attended_at)
    engine.touch_and_ask(customers=[fresh.customer_id], now=now)


@transaction.atomic
def walk_in(*, campaign: Campaign, customer: Customer, by: Person, now: datetime) -> Invitation:
    """Somebody came who was not asked: written down and noted in one; an invited one is noted.

    Raises NotInvited.
    """
    held = hold_one(customer)
    refuse_if(NotInvited, _door_blockers(campaign, now=now))
    invitation, is_new = Invitation.objects.get_or_create(
        campaign=campaign,
        customer=held,
        defaults={
            "assignee": held.owner,
            "ticket": secrets.token_urlsafe(TICKET_BYTES),
            "invited_at": now,
            "invited_by": by,
            "attended_at": now,
            "attended_noted_by": by,
        },
    )
    if not is_new:
        note_attended(invitation=invitation, by=by, now=now)
        return invitation

    audit.record(verb="walked_in", of=invitation, by=by, campaign=campaign.pk)
    return invitation
