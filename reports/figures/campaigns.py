"""`report campaigns`: what came of each campaign, side by side (ORG-18, KPI-15)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.phones import mask_in_text
from followups.models import Campaign, Invitation
from followups.queries.campaigns import Figures, visible_campaigns, visible_invitations
from orders.queries.campaigns import figures_of
from reports.asking.parameters import Parameter, days_of, read_day
from staff.scope import Reach

PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="begins on this day or later", read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="begins on this day or earlier", read=read_day),
)
COLUMNS = (
    "campaign_id", "name", "kind", "state", "store", "starts_on", "invited", "coming", "came",
    "walked_in", "bought", "bought_who_came", "amount", "withheld", "came_of_invited",
)  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _listed(params: Mapping[str, Any], *, reach: Reach | None) -> list[Campaign]:
    """The campaigns that begin in the asked days, the newest first."""
    begins, ends = days_of(params)
    found = Campaign.objects.all() if reach is None else visible_campaigns(reach)
    if begins:
        found = found.filter(starts_at__date__gte=begins)
    if ends:
        found = found.filter(starts_at__date__lte=ends)
    return list(found.select_related("store").order_by("-starts_at", "-pk"))


def _row(campaign: Campaign, told: Figures) -> dict[str, object]:
    return {
        "campaign_id": campaign.pk,
        "name": mask_in_text(campaign.name),
        "kind": campaign.kind,
        "state": campaign.state,
        "store": campaign.store.code if campaign.store else None,
        "starts_on": timezone.localdate(campaign.starts_at).isoformat(),
        "invited": told.invited,
        "coming": told.coming,
        "came": told.came,
        "walked_in": told.walked_in,
        "bought": told.bought,
        "bought_who_came": told.bought_who_came,
        "amount": f"{told.amount:.2f}",
        "withheld": told.kept_off,
        # Whoever came is invited or walked in, never both, so that this is no more than 1.
        "came_of_invited": _share(told.came - told.walked_in, told.invited),
    }


def campaigns(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each campaign, the newest first. `reach` None sees everybody."""
    listed = _listed(params, reach=reach)
    guests = Invitation.objects.all() if reach is None else visible_invitations(reach)
    figures = figures_of(guests, [row.pk for row in listed])
    rows = [_row(row, figures[row.pk]) for row in listed]
    total: dict[str, object] = {
        "campaigns": len(rows),
        "invited": sum(figures[row.pk].invited for row in listed),
        "came": sum(figures[row.pk].came for row in listed),
    }
    notes = [
        "bought counts guests, invited or come, who bought from the day it began until its days "
        "after the end; what was returned, cancelled or recorded by mistake is none; an order "
        "counts at its amount from the day it was placed, other purchases at their price"
    ]
    return rows, total, notes
