"""Whether every day of an order has what is owed for it, once, and nothing else (ORD-17, ORD-20).

Worked out by the pure rules from the days alone, a batch of them at a time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from core.calendars import BusinessCalendar
from core.queries import business_calendar
from core.verification import Difference, id_batches, rows_of
from followups import rules
from followups.models import AnchorDay, Obligation, Step
from followups.queries.calendar import spec_of
from followups.states import ORDER_ANCHORS, WAITING, Cause, State

# What waits for a day that does not stand, of another customer than it, or for none at all.
_OFF_THEIR_DAY = """
    SELECT obligation.id, obligation.customer_id, step.code, obligation.subject_id,
           obligation.state, day.customer_id
      FROM followups_step step
      JOIN followups_obligation obligation
        ON obligation.step_id = step.id AND obligation.state IN ('open', 'suspended')
      LEFT JOIN followups_anchorday day
        ON day.anchor = step.anchor AND day.subject_id = obligation.subject_id
       AND day.ended_at IS NULL AND day.paused_from IS NULL
     WHERE step.anchor = ANY(%(anchors)s)
       AND (day.id IS NULL OR day.customer_id <> obligation.customer_id
            OR obligation.state <> 'open')
     ORDER BY obligation.id
"""
Made = Mapping[tuple[int, int, int], Obligation]


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """The steps in use, the calendar, and how far ahead is made."""

    today: date
    horizon: timedelta
    calendar: BusinessCalendar
    steps: Mapping[str, Sequence[Step]]


def order_differences(*, now: datetime) -> Iterator[Difference]:
    """What the rules owe for every day of an order is there, when they say; and nothing waits for
    a day that is paused, has ended or is another customer's.
    """
    steps = defaultdict(list)
    in_use = Step.objects.filter(anchor__in=ORDER_ANCHORS, is_active=True, plan__is_active=True)
    for step in in_use.order_by("pk"):
        steps[step.anchor].append(step)
    plan = _Plan(
        today=timezone.localdate(now),
        horizon=timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS),
        calendar=business_calendar(),
        steps=steps,
    )
    for ids in id_batches(AnchorDay.objects.filter(ended_at=None, paused_from=None)):
        yield from _of_batch(ids, plan)
    params = {"anchors": [anchor.value for anchor in ORDER_ANCHORS]}
    for pk, customer, code, subject, state, expected in rows_of(_OFF_THEIR_DAY, params):
        where = {"customer": customer, "step": code, "subject": subject, "obligation": pk}
        yield Difference(
            check="order_work_off_its_day", where=where, stored=state, expected=expected
        )


def _of_batch(ids: Sequence[int], plan: _Plan) -> Iterator[Difference]:
    days = list(
        AnchorDay.objects.filter(pk__in=ids).select_related("customer__store").order_by("pk")
    )
    rows = Obligation.objects.filter(
        step__anchor__in=ORDER_ANCHORS, subject_id__in=[day.subject_id for day in days]
    )
    made: Made = {(row.step_id, row.subject_id, row.occurrence): row for row in rows}
    for day in days:
        for step in plan.steps.get(day.anchor, ()):
            yield from _of_step(day, step, made, plan)


def _of_step(day: AnchorDay, step: Step, made: Made, plan: _Plan) -> Iterator[Difference]:
    store = day.customer.store
    seen = rules.OrderDay(
        on=day.on, noted_on=store.today(day.noted_at), asks_from=day.asks_from
    )  # fmt: skip
    spec = spec_of(step)
    for due in rules.dues_of_order(
        step=spec, day=seen, zone=store.tzinfo, add_working_days=plan.calendar.add_working_days
    ):
        where = {
            "customer": day.customer_id,
            "step": step.code,
            "subject": day.subject_id,
            "occurrence": due.occurrence,
        }
        row = made.get((step.pk, day.subject_id, due.occurrence))
        if row is None or (row.state, row.cause) == (State.CANCELLED, Cause.LEFT_OVER):
            if rules.is_owed_for_order(
                step=spec, day=seen, due_on=due.on, today=plan.today, horizon=plan.horizon
            ):
                yield Difference(check="order_work_missing", where=where, expected=due.on)
        elif row.state in WAITING and (row.due_on, row.due_at) != (due.on, due.at):
            yield Difference(
                check="order_work_date", where=where, stored=row.due_at, expected=due.at
            )
