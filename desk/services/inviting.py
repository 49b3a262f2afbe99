"""Inviting many: at once while it is quick, else as a job; each is then asked alone."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.models import Job
from core.refusals import Refused
from core.services import jobs
from core.services.jobs import Work
from core.services.once import once
from customers.queries import visible
from followups.models import Campaign
from followups.queries.campaigns import put_on_list, visible_campaigns
from followups.services.invitations import invite
from staff.models import Person
from staff.scope import Reach, reach_of

# A list that nobody has looked at is no invitation.
MOST = 2000
# So many are invited while one waits; more take longer than a third of a second.
AT_ONCE = 40
STEP = 100
KIND = "desk.tasks.invite_guests"


class ManyNotInvited(Refused):
    """Many were not invited."""

    messages = {
        "nobody": _("The list finds nobody who could be invited."),
        "too_many": _("At most %(most)s customers at once. Narrow the list."),
    }


@transaction.atomic
def ask_to_invite(
    *, campaign: Campaign, customers: Sequence[int], by: Person, key: UUID
) -> Job | None:
    """Invite these, as far as `by` still sees them; None where it is done already, else the job
    that does it. Raises ManyNotInvited, NotInvited.
    """
    if len(customers) > MOST:
        raise ManyNotInvited.because("too_many", most=MOST)
    with once(key=key, purpose="invite", by=by, content=f"{sorted(customers)}") as form:
        if form.result_id:
            return Job.objects.filter(pk=form.result_id, kind=KIND).first()
        seen = _within(reach_of(by, today=timezone.localdate()), customers)
        if not seen:
            raise ManyNotInvited.because("nobody")
        if len(customers) <= AT_ONCE:
            invite(campaign=campaign, customers=seen, by=by, now=timezone.now())
            return None
        job = jobs.ask(
            kind=KIND,
            by=by,
            params={
                "campaign": campaign.pk,
                "customers": list(customers),
                "page": {
                    "title": gettext_noop("Inviting customers"),
                    "result": "desk:invited",
                    "result_label": gettext_noop("To the guests"),
                    "back": "desk:campaigns",
                },
            },
        )
        form.result_id = job.pk
    return job


def _within(reach: Reach, customers: Sequence[int]) -> list[int]:
    """Those of these customers whose cards still lie within reach."""
    rows = visible(reach).filter(pk__in=customers)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def do_invite(work: Work) -> None:
    """Invite those of the job, a hundred at a time; whoever left the asker's reach is left out.

    Each step is done twice without harm: a customer stands on a list once.
    """
    by, params = work.job.asked_by, work.job.params
    reach = reach_of(by, today=timezone.localdate())
    campaign = visible_campaigns(reach).get(pk=params["campaign"])
    ids = sorted(params["customers"])
    for start in range(0, len(ids), STEP):
        chosen = _within(reach, ids[start : start + STEP])
        invite(campaign=campaign, customers=chosen, by=by, now=timezone.now())
        work.advance(min(start + STEP, len(ids)), len(ids))
    # Read from the list, for a job that was broken off begins anew.
    listed, kept_off = put_on_list(campaign, ids)
    left_out = len(ids) - listed - kept_off
    work.job.result = {"listed": listed, "kept_off": kept_off}
    if left_out:
        work.job.result["left_out"] = left_out
