"""What is left overdue is reported up, once, with a trail that stays (AFT-02, ORG-12).

A task of a salesperson, or of nobody, goes to the store's manager; what a manager does goes to
operations. One set-based round a minute; the row's uniqueness says that it is never done twice.
What was heard of too late has its hours from then (`rules.reported_from`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.rules import TAKE_BACK_WITHIN
from core.services import audit
from followups.models import Escalation
from followups.rules import HEARD_TOO_LATE
from staff.leaders import manager_sql
from staff.models import Person
from staff.queries_of_absences import stand_ins_of
from staff.scope import Reach
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind, Role

log = structlog.get_logger(__name__)

# One round at a time; others leave it to that one.
ROUND_LOCK = 7_201_032
# Rows of one transaction: after a long silence nobody waits for all of them.
BATCH = 5000
LATE_HOURS = HEARD_TOO_LATE // timedelta(hours=1)

# Who leads each store, by role alone: whoever does the sales manager's calls is not reported to.
# Where nobody is above, it waits until somebody is; what waits so holds up nobody else's.
# The hours are the twin of `rules.reported_from`. Of a delivery and a purchase we keep when we
# first learnt; when the days ahead were noted moves with each correction of any of them, and the
# reminder of an insurance would wait for a warranty that was put right.
REPORT_UP = f"""
    WITH manager AS MATERIALIZED (
        SELECT store.id AS store_id, {manager_sql()} AS person_id FROM staff_store store
    ), operations AS (
        SELECT person.id FROM staff_person person
         WHERE person.is_active AND person.role = 'ops_manager' AND NOT person.is_system
         ORDER BY person.id LIMIT 1
    ), late AS (
        SELECT obligation.id,
               CASE WHEN manager.person_id IS NULL OR step.assignee = 'sales_manager'
                         OR manager.person_id = obligation.assignee_id
                    THEN (SELECT id FROM operations) ELSE manager.person_id END AS to_id
          FROM followups_step step
          JOIN followups_obligation obligation ON obligation.step_id = step.id
          JOIN customers_customer customer ON customer.id = obligation.customer_id
          LEFT JOIN manager ON manager.store_id = customer.store_id
          LEFT JOIN customers_ownedproduct product
               ON product.id = obligation.subject_id AND step.anchor IN ('delivery', 'purchase')
          LEFT JOIN followups_anchorday day
               ON day.anchor = step.anchor AND day.subject_id = obligation.subject_id
         CROSS JOIN LATERAL (
               SELECT CASE step.anchor WHEN 'delivery' THEN product.delivered_noted_at
                                       WHEN 'purchase' THEN product.purchased_noted_at
                                       ELSE day.noted_at END AS at) known
         WHERE step.escalates_after IS NOT NULL AND obligation.state = 'open'
           AND obligation.due_at < %(now)s - make_interval(hours => step.escalates_after)
           AND (known.at IS NULL OR known.at <= obligation.due_at OR known.at < %(now)s
                - make_interval(hours => GREATEST(step.escalates_after, {LATE_HOURS})))
           AND NOT EXISTS (SELECT 1 FROM followups_escalation told
                            WHERE told.obligation_id = obligation.id))
    INSERT INTO followups_escalation (obligation_id, to_id, at, note)
    SELECT id, to_id, %(now)s, '' FROM late WHERE to_id IS NOT NULL
     ORDER BY id LIMIT %(batch)s
    ON CONFLICT (obligation_id) DO NOTHING
    RETURNING id
"""


class EscalationNotSeen(Refused):
    """What was reported up could not be marked as seen."""

    messages = {
        "seen_already": _("%(who)s has marked this as seen already."),
        "not_told_to_you": _("This was reported to somebody else, who marks it as seen."),
        "undo_too_late": _(
            "Whoever marked it as seen takes that back, within ten minutes. It stands."
        ),
    }


def report_overdue(*, now: datetime) -> int:
    """Report up what is overdue by more than its step allows; how many there were."""
    total = 0
    while True:
        made = _report_batch(now)
        total += made
        if made < BATCH:
            break
    if total:
        log.info("overdue_reported_up", count=total)
    return total


@transaction.atomic
def _report_batch(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROUND_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(REPORT_UP, {"now": now, "batch": BATCH})
        ids = [pk for (pk,) in cursor.fetchall()]
    if ids:
        _tell(ids, now=now)
    return len(ids)


def _tell(ids: Sequence[int], *, now: datetime) -> None:
    """One notice to each person for all of one salesperson's; who stands in for them hears, too."""
    rows = Escalation.objects.filter(pk__in=ids, to__isnull=False).order_by("pk")
    groups: dict[tuple[int, int | None], list[Escalation]] = {}
    for row in rows.select_related("obligation__assignee"):
        groups.setdefault((row.to_id or 0, row.obligation.assignee_id), []).append(row)
    leaders = {to for to, _assignee in groups}
    stand_ins = stand_ins_of(leaders, on=timezone.localdate(now))
    tellings = []
    for (to, _assignee), found in groups.items():
        assignee = found[0].obligation.assignee
        params: dict[str, object] = {"person": assignee.name} if assignee else {}
        if len(found) > 1 and assignee:
            params["count"] = len(found)
        tellings += [
            Telling(
                person_id=person,
                kind=NoticeKind.ESCALATED,
                key=f"escalation:{found[0].pk}",
                params=params,
                path=reverse("followups:reported"),
            )
            for person in (to, *stand_ins.get(to, ()))
        ]
    tell_many(tellings, now=now)


def may_mark(escalation: Escalation, reach: Reach) -> bool:
    """Whoever was told, those who act for them, and operations above them all."""
    return escalation.to_id in reach.acts_for or reach.role == Role.OPS_MANAGER


def _unseen(pk: int) -> QuerySet[Escalation]:
    return Escalation.objects.filter(pk=pk, seen_at=None)


@transaction.atomic
def mark_seen(
    *, escalation: Escalation, note: str, by: Person, reach: Reach, now: datetime
) -> None:
    """Note that somebody has dealt with what was reported. Raises EscalationNotSeen."""
    if not may_mark(escalation, reach):
        raise EscalationNotSeen.because("not_told_to_you")
    if not _unseen(escalation.pk).update(seen_at=now, seen_by=by, note=note):
        fresh = Escalation.objects.select_related("seen_by").get(pk=escalation.pk)
        raise EscalationNotSeen.because("seen_already", who=fresh.seen_by or "—")
    audit.record(verb="escalation_seen", of=escalation, by=by, reason=note)


def may_unmark(escalation: Escalation, *, by: Person, now: datetime) -> bool:
    """Whoever marked it, for ten minutes."""
    seen_at = escalation.seen_at
    return (
        seen_at is not None and escalation.seen_by_id == by.pk and now - seen_at <= TAKE_BACK_WITHIN
    )


@transaction.atomic
def unmark_seen(*, escalation: Escalation, by: Person, now: datetime) -> None:
    """It was marked as seen by mistake: it waits again, with what was written beside it.

    Raises EscalationNotSeen.
    """
    marked = Escalation.objects.filter(pk=escalation.pk, seen_by=by)
    fresh = marked.filter(seen_at__gte=now - TAKE_BACK_WITHIN)
    if not fresh.update(seen_at=None, seen_by=None):
        raise EscalationNotSeen.because("undo_too_late")
    audit.record(verb="escalation_unseen", of=escalation, by=by)
