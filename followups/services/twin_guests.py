"""Both cards of one customer are invited to one campaign: the kept card's guest knows what the
other's said, and is asked once (DAT-02, FUP-12).

The other invitation stays with its card, unseen; `queries.campaigns.guest_that_stands` follows its
ticket. Part of the caller's transaction, which holds both cards.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from followups.models import Invitation, Obligation
from followups.rules import campaigns as rules
from followups.states import (
    RUNNING_CAMPAIGNS,
    STILL_ASKED,
    WAITING,
    Anchor,
    CampaignKind,
    Cause,
    State,
)

# What goes along together, and where it is that the kept card's guest has it already.
PARTS = (
    ("sent_at", ("sent_at", "sent_by_id", "text")),
    ("answer", ("answer", "answered_at", "contact_id")),
    ("attended_at", ("attended_at", "attended_noted_by_id")),
)
Joined = dict[str, Any]


def _works(invitation: int) -> QuerySet[Obligation]:
    """To ask this guest, and to tell them what has changed."""
    anchors = (Anchor.CAMPAIGN, Anchor.CAMPAIGN_NEWS)
    return Obligation.objects.filter(step__anchor__in=anchors, subject_id=invitation)


def join(*, merged: int, kept: int, now: datetime) -> list[Joined]:
    """Put together the guests that are invited twice; says what became of each pair."""
    theirs = Invitation.objects.filter(customer=kept)
    twins = {row.campaign_id: row for row in theirs}
    rows = Invitation.objects.filter(customer=merged, campaign__in=theirs.values("campaign"))
    pairs = [_join(row, twins[row.campaign_id], now=now) for row in rows.order_by("pk")]
    return [pair for pair in pairs if pair is not None]


def _join(merged: Invitation, kept: Invitation, *, now: datetime) -> Joined | None:
    said = _carried(merged, kept)
    same = _works(kept.pk).filter(step=OuterRef("step"), occurrence=OuterRef("occurrence"))
    named = list(
        _works(merged.pk).filter(~Exists(same)).order_by("pk").values_list("pk", flat=True)
    )
    theirs, ours = _waiting(merged.pk), _waiting(kept.pk)
    if not (said or named or theirs):
        return None  # put together before

    Invitation.objects.filter(pk=kept.pk).update(**said)
    Obligation.objects.filter(pk__in=named).update(subject_id=kept.pk)
    _works(merged.pk).filter(state__in=WAITING).update(
        state=State.CANCELLED, cause=Cause.REPLACED, closed_at=now
    )
    answer, has_come = said.get("answer", kept.answer), said.get("attended_at", kept.attended_at)
    if rules.is_answered(answer) or has_come:
        asking = _works(kept.pk).filter(step__anchor=Anchor.CAMPAIGN, state__in=WAITING)
        asking.update(state=State.DONE, closed_at=now)
    return {
        "kept": kept.pk,
        "merged": merged.pk,
        "before": {column: _plain(getattr(kept, column)) for column in said},
        "after": {column: _plain(value) for column, value in said.items()},
        "named": named,
        "waiting": theirs + ours,
    }


def _carried(merged: Invitation, kept: Invitation) -> dict[str, Any]:
    """What the kept card's guest learns from the other; invited on one card is invited."""
    said: dict[str, Any] = {}
    for has, columns in PARTS:
        if getattr(merged, has) and not getattr(kept, has):
            said |= {column: getattr(merged, column) for column in columns}
    if merged.withheld:
        return said
    if kept.withheld:
        said["withheld"] = ""
    if merged.invited_at < kept.invited_at:  # who was asked has not walked in
        said |= {"invited_at": merged.invited_at, "invited_by_id": merged.invited_by_id}
    return said


def _waiting(invitation: int) -> list[list[Any]]:
    rows = _works(invitation).filter(state__in=WAITING).order_by("pk")
    return [list(row) for row in rows.values_list("pk", "state")]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def part(pairs: Sequence[Mapping[str, Any]]) -> None:
    """The cards are taken apart: each guest is as they were, but for what was said since."""
    for pair in reversed(pairs):
        kept = Invitation.objects.get(pk=pair["kept"])
        said_now = {column: _plain(getattr(kept, column)) for column in pair["after"]}
        if said_now == pair["after"]:
            Invitation.objects.filter(pk=kept.pk).update(**pair["before"])
        Obligation.objects.filter(pk__in=pair["named"], subject_id=kept.pk).update(
            subject_id=pair["merged"]
        )
        _ask_again(pair)


def _ask_again(pair: Mapping[str, Any]) -> None:
    """What waited before waits again, where the guest is to be asked still."""
    asked = Invitation.objects.filter(
        pk__in=[pair["kept"], pair["merged"]],
        withheld="",
        answer__in=STILL_ASKED,
        attended_at=None,
        campaign__state__in=RUNNING_CAMPAIGNS,
    ).exclude(campaign__kind=CampaignKind.CARE, sent_at__isnull=False)
    ended = Q(state=State.CANCELLED, cause=Cause.REPLACED) | Q(state=State.DONE)
    for pk, state in pair["waiting"]:
        Obligation.objects.filter(ended, pk=pk, subject_id__in=asked.values("pk")).update(
            state=state, cause="", closed_at=None, task=None
        )
