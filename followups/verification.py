"""Whether what is due is stored as the pure rules say (`followups.rules`), and stands on tasks.

The engine works in SQL; here the same is worked out anew in Python, a batch of customers at a
time, from facts alone: nothing the engine keeps for itself is believed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.calendars import BusinessCalendar
from core.queries import business_calendar
from core.verification import Difference, id_batches, rows_of
from customers.models import Customer, OwnedProduct
from customers.states import Quiet
from followups import rules
from followups.models import Course, Obligation, Plan, Step
from followups.queries.calendar import anchored_on
from followups.states import AGREED_ANCHORS, PRODUCT_ANCHORS, Anchor, Cause, State

WAITING = (State.OPEN, State.SUSPENDED)
EVERYDAY = "everyday"

_OFF_THEIR_TASK = """
    SELECT obligation.id, obligation.customer_id, obligation.task_id, task.state
      FROM followups_obligation obligation
      JOIN followups_step step ON step.id = obligation.step_id
      LEFT JOIN followups_task task ON task.id = obligation.task_id
     WHERE obligation.state = 'open'
       AND (task.id IS NULL OR task.state <> 'open'
            OR task.customer_id <> obligation.customer_id
            OR task.assignee_id IS DISTINCT FROM obligation.assignee_id
            OR task.letter_id IS DISTINCT FROM
               CASE WHEN step.way = 'letter' THEN obligation.step_id END)
     ORDER BY obligation.id
"""

_EMPTY_TASKS = """
    SELECT task.id, task.customer_id FROM followups_task task
     WHERE task.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM followups_obligation obligation
                        WHERE obligation.task_id = task.id AND obligation.state = 'open')
     ORDER BY task.id
"""

# What is booked is to be done, by who is booked and at that hour, and nothing else is. What fell
# due in a silence is done no more, and stays booked until somebody says what became of it.
_OFF_THEIR_WORK = """
    SELECT appointment.id, appointment.customer_id, appointment.state, obligation.state
      FROM followups_step step
      JOIN customers_appointment appointment ON true
      LEFT JOIN followups_obligation obligation
        ON obligation.step_id = step.id AND obligation.subject_id = appointment.id
     WHERE step.anchor = 'appointment'
       AND COALESCE(obligation.cause, '') <> 'silence'
       AND ((appointment.state = 'booked')
            <> (COALESCE(obligation.state, '') IN ('open', 'suspended'))
            OR appointment.state = 'booked'
            AND (obligation.due_at <> appointment.starts_at
                 OR obligation.customer_id <> appointment.customer_id
                 OR obligation.assignee_id <> appointment.person_id))
     ORDER BY appointment.id
"""

_WRONG_NEXT_CONTACT = """
    SELECT customer.id, customer.next_contact_on, ahead.day
      FROM customers_customer customer
      LEFT JOIN (SELECT customer_id, min(day) AS day FROM followups_task
                  WHERE state = 'open' AND letter_id IS NULL GROUP BY customer_id) ahead
        ON ahead.customer_id = customer.id
     WHERE customer.next_contact_on IS DISTINCT FROM ahead.day
     ORDER BY customer.id
"""


def task_differences() -> Iterator[Difference]:
    """Every open obligation stands on an open task of its customer, assignee and kind."""
    for obligation, customer, task, state in rows_of(_OFF_THEIR_TASK):
        where = {"customer": customer, "obligation": obligation, "task": task}
        yield Difference(check="obligation_off_task", where=where, stored=state, expected="open")


def empty_task_differences() -> Iterator[Difference]:
    """No open task is without an open obligation."""
    for task, customer in rows_of(_EMPTY_TASKS):
        yield Difference(check="task_empty", where={"customer": customer, "task": task})


def appointment_differences() -> Iterator[Difference]:
    """Every booked appointment is open work of who is booked, at its hour; a closed one is none."""
    for appointment, customer, state, work in rows_of(_OFF_THEIR_WORK):
        where = {"customer": customer, "appointment": appointment, "state": state}
        yield Difference(check="appointment_off_its_work", where=where, stored=work)


def next_contact_differences() -> Iterator[Difference]:
    """The next contact on a card is the day of the earliest open task that is no letter."""
    for customer, stored, expected in rows_of(_WRONG_NEXT_CONTACT):
        yield Difference(
            check="next_contact", where={"customer": customer}, stored=stored, expected=expected
        )


def obligation_differences(*, now: datetime) -> Iterator[Difference]:
    """What the rules owe every customer within the horizon is there, once, and nothing else."""
    house = _House(
        today=timezone.localtime(now).date(),
        horizon=timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS),
    )
    for ids in id_batches(Customer.objects.filter(merged_into=None)):
        yield from _differences_of(_Batch(ids), house)


@dataclass(frozen=True, kw_only=True)
class _House:
    """What is the same for all customers: plans, steps, calendar, and how far ahead is made."""

    today: date
    horizon: timedelta
    calendar: BusinessCalendar = field(default_factory=business_calendar)

    @cached_property
    def steps_of_plan(self) -> Mapping[int, list[tuple[int, rules.StepSpec]]]:
        """The steps in use of each plan in use, counted from what a customer owns."""
        found = defaultdict(list)
        for step in self._steps(Q(plan__is_active=True, anchor__in=PRODUCT_ANCHORS)):
            spec = rules.StepSpec(
                code=step.code,
                anchor=step.anchor,
                offset=step.offset,
                unit=step.unit,
                every=step.every,
                times=step.times,
                ahead_days=step.ahead_days,
            )
            found[step.plan_id].append((step.pk, spec))
        return found

    @cached_property
    def plans_of_trade(self) -> Mapping[str, list[int]]:
        """The plans in use that a product of this trade starts."""
        found = defaultdict(list)
        for plan in Plan.objects.filter(is_active=True):
            for trade in plan.trades:
                found[trade].append(plan.pk)
        return found

    @cached_property
    def cadence(self) -> Mapping[str, Step]:
        """The step of each grade that is met by occasion."""
        return {step.grade: step for step in self._steps(Q(anchor=Anchor.CADENCE))}

    @cached_property
    def days_by_grade(self) -> Mapping[str, int]:
        return {grade: step.offset for grade, step in self.cadence.items()}

    @cached_property
    def codes(self) -> Mapping[int, str]:
        return dict(Step.objects.values_list("pk", "code"))

    @staticmethod
    def _steps(which: Q) -> Sequence[Step]:
        return list(Step.objects.filter(which, is_active=True).order_by("pk"))


class _Batch:
    """The facts of some customers, in five queries; of a product that is gone nothing is due."""

    def __init__(self, ids: Sequence[int]) -> None:
        customers = Customer.objects.filter(pk__in=ids).select_related("store").order_by("pk")
        self.customers = list(customers)
        self.products = defaultdict(list)
        owned = OwnedProduct.objects.filter(customer__in=ids, gone_on=None)
        for product in owned.select_related("store"):
            self.products[product.customer_id].append(product)
        self.obligations = defaultdict(list)
        for row in Obligation.objects.filter(customer__in=ids).select_related("step"):
            self.obligations[row.customer_id].append(row)
        courses = Course.objects.filter(customer__in=ids).select_related("plan")
        self.plans_of_product = defaultdict(set)
        self.everyday = set()
        for course in courses:
            if course.product_id is None:
                self.everyday.add(course.customer_id)
            else:
                self.plans_of_product[course.product_id].add(course.plan_id)


def _differences_of(batch: _Batch, house: _House) -> Iterator[Difference]:
    for customer in batch.customers:
        rows = batch.obligations[customer.pk]
        if customer.pk not in batch.everyday:
            yield Difference(
                check="course_missing", where={"customer": customer.pk}, expected=EVERYDAY
            )
        yield from _wrong_states(customer, rows, house)
        stored = {
            (row.step_id, row.subject_id, row.occurrence): row
            for row in rows
            if row.step.anchor in PRODUCT_ANCHORS
        }
        last_days = []
        for product in batch.products[customer.pk]:
            plans = batch.plans_of_product[product.pk]
            yield from _courses_missing(product, plans, house)
            for step_id, noted_on, due in _dues_of(product, plans, house):
                last_days.append(due.on)
                row = stored.pop((step_id, product.pk, due.occurrence), None)
                yield from _due_differences(product, step_id, noted_on, due, row, house)
        for row in stored.values():
            if row.state in WAITING:
                yield _of_row("obligation_too_many", row, house, stored=row.due_on)
        runs_until = max(last_days, default=None)
        yield from _cadence_differences(customer, rows, runs_until, house)


def _where(customer_id: int, step: str, subject: int, occurrence: object) -> dict[str, object]:
    return {"customer": customer_id, "step": step, "subject": subject, "occurrence": occurrence}


def _of_row(check: str, row: Obligation, house: _House, **values: object) -> Difference:
    where = _where(row.customer_id, house.codes[row.step_id], row.subject_id, row.occurrence)
    return Difference(check=check, where=where, **values)


def _wrong_states(
    customer: Customer, rows: Sequence[Obligation], house: _House
) -> Iterator[Difference]:
    """What rests under the customer's wish is suspended and the rest is not; one who wishes no
    contact may have agreed to something afterwards (FUP-24).
    """
    for row in rows:
        if customer.quiet == Quiet.ALL and row.step.anchor in AGREED_ANCHORS:
            continue
        is_resting = rules.rests(quiet=customer.quiet, anchor=row.step.anchor, way=row.step.way)
        expected = State.SUSPENDED if is_resting else State.OPEN
        if row.state in WAITING and row.state != expected:
            yield _of_row("obligation_state", row, house, stored=row.state, expected=str(expected))


def _courses_missing(product: OwnedProduct, plans: set[int], house: _House) -> Iterator[Difference]:
    """What was sold in a trade with a plan has that plan's course."""
    for plan in house.plans_of_trade.get(product.store.trade, ()):
        if plan not in plans:
            where = {"customer": product.customer_id, "product": product.pk, "plan": plan}
            yield Difference(check="course_missing", where=where)


def _dues_of(
    product: OwnedProduct, plans: set[int], house: _House
) -> Iterator[tuple[int, date, rules.Due]]:
    """Every occurrence by the pure rule: its step, when its anchor was noted, when it is due."""
    zone = product.store.tzinfo
    owed = plans | set(house.plans_of_trade.get(product.store.trade, ()))
    for plan in sorted(owed):
        for step_id, spec in house.steps_of_plan.get(plan, ()):
            anchored = anchored_on(spec.anchor, product)
            if anchored is None:
                continue
            for due in rules.occurrences(
                step=spec,
                anchored=anchored,
                zone=zone,
                add_working_days=house.calendar.add_working_days,
            ):
                yield step_id, anchored.noted_on, due


def _due_differences(
    product: OwnedProduct,
    step_id: int,
    noted_on: date,
    due: rules.Due,
    row: Obligation | None,
    house: _House,
) -> Iterator[Difference]:
    """One occurrence: made if the rules say so, and due when they say while it is open.

    One that was cancelled with its step or anchor is missing as soon as both are there again.
    """
    if row is None or row.cause == Cause.LEFT_OVER:
        if rules.is_made(
            due_on=due.on, noted_on=noted_on, today=house.today, horizon=house.horizon
        ):
            where = _where(product.customer_id, house.codes[step_id], product.pk, due.occurrence)
            yield Difference(check="obligation_missing", where=where, expected=due.on)
    elif row.state in WAITING and (row.due_on, row.due_at) != (due.on, due.at):
        yield _of_row("obligation_date", row, house, stored=row.due_at, expected=due.at)


def _cadence_differences(
    customer: Customer, rows: Sequence[Obligation], runs_until: date | None, house: _House
) -> Iterator[Difference]:
    """The one open occurrence of the grade's cadence, where the rules want one (decision 9)."""
    wanted = rules.cadence(care=_care(customer, rows, runs_until), days=house.days_by_grade)
    standing = [
        row for row in rows if row.step.anchor == Anchor.CADENCE and row.state == State.OPEN
    ]
    if wanted is not None:
        step = house.cadence[wanted.grade]
        right = next((row for row in standing if row.step_id == step.pk), None)
        due_at = rules.end_of_day(wanted.due_on, customer.store.tzinfo)
        if right is not None:
            standing.remove(right)
            if (right.due_on, right.due_at) != (wanted.due_on, due_at):
                yield _of_row("obligation_date", right, house, stored=right.due_at, expected=due_at)
        elif wanted.due_on <= house.today + house.horizon:
            where = _where(customer.pk, step.code, customer.pk, None)
            yield Difference(check="obligation_missing", where=where, expected=wanted.due_on)
    for row in standing:
        yield _of_row("obligation_too_many", row, house, stored=row.due_on)


def _care(customer: Customer, rows: Sequence[Obligation], runs_until: date | None) -> rules.Care:
    """The facts of one customer as the rule of cadence sees them."""
    zone = customer.store.tzinfo
    closed = [
        row.closed_at
        for row in rows
        if row.step.anchor == Anchor.CADENCE
        and row.state in (State.DONE, State.SKIPPED)
        and row.closed_at is not None
    ]
    agreed = [
        row.due_on for row in rows if row.step.anchor in AGREED_ANCHORS and row.state == State.OPEN
    ]
    return rules.Care(
        grade=customer.grade,
        quiet=customer.quiet,
        registered_on=customer.registered_at.astimezone(zone).date(),
        last_contact_on=_day(customer.last_contact_at, zone),
        last_closed_on=_day(max(closed, default=None), zone),
        plan_runs_until=runs_until,
        next_step_on=min(agreed, default=None),
    )


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()
