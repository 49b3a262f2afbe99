"""Campaigns: planned, moved on, reviewed; what changes moves the work of their guests along."""

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from followups.models import Campaign, Invitation
from followups.queries.campaigns import STANDING, may_manage
from followups.rules import campaigns as rules
from followups.rules import wordings as wording_rules
from followups.services import engine, guest_news, guests
from followups.services.holding import hold
from followups.states import (
    RUNNING_CAMPAIGNS,
    STILL_ASKED,
    Answer,
    CampaignKind,
    CampaignState,
)
from staff.models import Person, Store
from staff.scope import reach_of
from stock.models import Style

# So many guests' lists are put right at once; those of more by the engine's next round.
AT_ONCE = 200


class CampaignNotSaved(Refused):
    """A campaign was left as it was."""

    messages = {
        "name_missing": _("Name the campaign."),
        "text_missing": _("Write the text of the invitation."),
        "unknown_place": _(
            "There is no place “%(place)s”. Use {name}, {title}, {product}, {sender}, {store}, "
            "{company}, {occasion} or {day}."
        ),
        "stray_brace": _("A brace stands alone. A place is written like {name}."),
        "ends_before_it_starts": _("It ends after it starts."),
        "too_long": _("A campaign lasts a year at most."),
        "deal_days_wrong": _("Deals are counted for 1 to %(most)s days after it."),
        "not_yours": _("You plan campaigns of your own store or team."),
        "is_closed": _("This campaign is over. What was invited to stays as it was."),
        "changed_meanwhile": _(
            "Somebody else changed this campaign in the meantime. Look at it again, then change it."
        ),
        "cannot_move": _("The campaign has moved on in the meantime. Look at it again."),
        "reviewed_meanwhile": _(
            "Somebody else wrote in this review in the meantime. Their words are below yours: put "
            "both together, then save again."
        ),
        "has_passed": _(
            "Its days have passed: there is nothing left to call off. Say that it is over, and "
            "write in the review how it went."
        ),
        "not_begun": _("The campaign has not begun yet. Call it off, or wait until it is over."),
    }


@dataclass(frozen=True, kw_only=True)
class CampaignTerms:
    """A campaign as its planner wants it."""

    name: str
    kind: CampaignKind | str
    store: Store | None
    place: str
    starts_at: datetime
    ends_at: datetime
    text: str
    target_invited: int | None = None
    target_attended: int | None = None
    target_amount: Decimal | None = None
    deals_within_days: int = 30


def version_of(campaign: Campaign) -> str:
    """What a campaign says, in a few characters: its form carries it, and is held against it."""
    said = [repr(getattr(campaign, field.name)) for field in fields(CampaignTerms)]
    said.append(str(campaign.store_id))
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]


def version_of_review(campaign: Campaign) -> str:
    """What a review says, as its form carries it."""
    return hashlib.sha256(campaign.review.encode()).hexdigest()[:16]


def _columns(terms: CampaignTerms) -> dict[str, Any]:
    return {field.name: getattr(terms, field.name) for field in fields(terms)}


def _blockers(terms: CampaignTerms) -> list[Blocker]:
    found = [] if terms.name.strip() else [Blocker("name_missing")]
    found += wording_rules.wording_blockers(text=terms.text)
    found += rules.campaign_blockers(
        starts_on=terms.starts_at.date(),
        ends_on=terms.ends_at.date(),
        deals_within_days=terms.deals_within_days,
    )
    if terms.ends_at < terms.starts_at and terms.ends_at.date() == terms.starts_at.date():
        found.append(Blocker("ends_before_it_starts"))
    return found


def _refuse_foreign(store: Store | None, *, by: Person, now: datetime) -> None:
    reach = reach_of(by, today=timezone.localdate(now))
    if not may_manage(reach, Campaign(store=store)):
        raise CampaignNotSaved.because("not_yours")


@transaction.atomic
def plan_campaign(
    *, terms: CampaignTerms, by: Person, now: datetime, key: UUID, style: Style | None = None
) -> Campaign:
    """Plan a campaign, or a call list about a `style`; the same form again answers with the same
    one. Raises CampaignNotSaved.
    """
    _refuse_foreign(terms.store, by=by, now=now)
    refuse_if(CampaignNotSaved, _blockers(terms))

    with once(key=key, purpose="campaign", by=by) as form:
        if form.result_id:
            return Campaign.objects.get(pk=form.result_id)
        campaign = Campaign.objects.create(**_columns(terms), style=style, made_at=now, made_by=by)
        audit.record(verb="plan_campaign", of=campaign, by=by)
        form.result_id = campaign.pk
    return campaign


@dataclass(frozen=True, kw_only=True)
class _Guests:
    """Whom a change of a campaign concerns: who is asked still, and who said they would come."""

    asked: list[Invitation]
    coming: list[Invitation]

    @property
    def customers(self) -> list[int]:
        return sorted({row.customer_id for row in (*self.asked, *self.coming)})


def _hold_guests(campaign: Campaign) -> _Guests:
    """The guests to be asked or told, held with their cards for the rest of the transaction."""
    rows = Invitation.objects.filter(
        STANDING, campaign=campaign, withheld="", attended_at=None,
        answer__in=(*STILL_ASKED, Answer.COMING),
    )  # fmt: skip
    hold(sorted(rows.values_list("customer", flat=True)))
    found = rows.select_related("customer__store", "customer__owner", "assignee", "contact")
    asked: list[Invitation] = []
    coming: list[Invitation] = []
    for row in found.order_by("pk"):
        (coming if row.answer == Answer.COMING else asked).append(row)
    return _Guests(asked=asked, coming=coming)


def _ask(customers: list[int], *, now: datetime) -> None:
    if len(customers) <= AT_ONCE:
        engine.touch_and_ask(customers=customers, now=now)
    else:
        engine.touch(customers=customers)


@transaction.atomic
def change_campaign(
    *, campaign: Campaign, terms: CampaignTerms, seen: str, by: Person, now: datetime
) -> None:
    """Change a campaign that stands as its planner saw it. Raises CampaignNotSaved."""
    for store in (campaign.store, terms.store):
        _refuse_foreign(store, by=by, now=now)
    refuse_if(CampaignNotSaved, _blockers(terms))
    concerned = _hold_guests(campaign)
    fresh = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if fresh.state not in RUNNING_CAMPAIGNS:
        raise CampaignNotSaved.because("is_closed")
    if version_of(fresh) != seen:
        raise CampaignNotSaved.because("changed_meanwhile")

    Campaign.objects.filter(pk=fresh.pk).update(**_columns(terms))
    after = Campaign.objects.get(pk=fresh.pk)
    guests.move_days(concerned.asked, campaign=after, now=now)
    guest_news.change(concerned.coming, before=fresh, after=after, now=now)

    audit.record(verb="change_campaign", of=fresh, by=by)
    _ask(concerned.customers, now=now)


def _move_guests(concerned: _Guests, *, campaign: Campaign, now: datetime) -> None:
    """Where the campaign stands now, and what that means for its guests."""
    everybody = Invitation.objects.filter(campaign=campaign)
    if campaign.state in RUNNING_CAMPAIGNS:
        guests.take_up(concerned.asked, campaign=campaign, now=now)
    else:
        guests.call_off(everybody, now=now)
    if campaign.state == CampaignState.PLANNED:
        guest_news.take_up(concerned.coming, campaign=campaign, now=now)
    elif campaign.state == CampaignState.CALLED_OFF:
        guest_news.call_off(concerned.coming, campaign=campaign, now=now)
    elif campaign.state == CampaignState.OVER:
        guest_news.drop(everybody, now=now)


def blockers_of_move(campaign: Campaign, to: CampaignState, *, now: datetime) -> list[Blocker]:
    """What stops this campaign from moving on now; its pages say it before the tap."""
    return rules.move_blockers(
        state=campaign.state,
        to=to,
        has_started=campaign.starts_at <= now,
        has_passed=timezone.localdate(campaign.ends_at) < timezone.localdate(now),
    )


@transaction.atomic
def move_campaign(
    *, campaign: Campaign, to: CampaignState, by: Person, now: datetime, reason: str = ""
) -> None:
    """Begin to invite, end, call off (with its reason) or take up again; `campaign` is as its
    reader saw it.

    Raises CampaignNotSaved.
    """
    _refuse_foreign(campaign.store, by=by, now=now)
    refuse_if(CampaignNotSaved, blockers_of_move(campaign, to, now=now))
    concerned = _hold_guests(campaign)
    seen = Campaign.objects.filter(pk=campaign.pk, state=campaign.state)
    if not seen.update(state=to):
        raise CampaignNotSaved.because("cannot_move")

    _move_guests(concerned, campaign=Campaign.objects.get(pk=campaign.pk), now=now)

    audit.record(
        verb="move_campaign", of=campaign, by=by, reason=reason, before=campaign.state, after=to
    )
    _ask(concerned.customers, now=now)


@transaction.atomic
def review_campaign(
    *, campaign: Campaign, review: str, seen: str, by: Person, now: datetime
) -> None:
    """Write down how it went (KNW-06), over what its writer saw. Raises CampaignNotSaved."""
    _refuse_foreign(campaign.store, by=by, now=now)
    fresh = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if version_of_review(fresh) != seen:
        raise CampaignNotSaved.because("reviewed_meanwhile")

    Campaign.objects.filter(pk=fresh.pk).update(review=review.strip())

    audit.record(verb="review_campaign", of=campaign, by=by)
