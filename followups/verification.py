"""Whether what is due is stored as the pure rules say (`followups.rules`), and stands on tasks.

The engine works in SQL; here the same is worked out anew in Python, a batch of customers at a
time, from facts alone: nothing the engine keeps for itself is believed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.calendars import BusinessCalendar
from core.queries import business_calendar
from core.verification import Difference, id_batches
from customers.models import Customer, HouseholdMember, KeyPerson, OwnedProduct
from customers.models.kept import HasBirthday
from customers.states import Quiet
from followups import rules
from followups.duty_verification import duty_differences
from followups.hands_verification import Hands, wrong_hands
from followups.models import Case, Course, Obligation, Plan, Step
from followups.queries.calendar import (
    anchored_on,
    birthday_of,
    renewed_ends,
    serviced_products,
    spec_of,
)
from followups.queries.quieting import taken_up_at
from followups.states import (
    AGREED_ANCHORS,
    BIRTHDAY_ANCHORS,
    PLANNED_ANCHORS,
    PRODUCT_ANCHORS,
    TERM_ANCHORS,
    WAITING,
    Anchor,
    CaseState,
    Cause,
    State,
)
from followups.task_verification import (
    appointment_differences,
    asking_differences,
    empty_task_differences,
    next_contact_differences,
    task_differences,
)
from staff.leaders import Leaders, leaders_on

__all__ = [
    "appointment_differences",
    "asking_differences",
    "duty_differences",
    "empty_task_differences",
    "next_contact_differences",
    "obligation_differences",
    "task_differences",
]

EVERYDAY = "everyday"


def obligation_differences(*, now: datetime) -> Iterator[Difference]:
    """What the rules owe every customer within the horizon is there, once, and nothing else."""
    house = _House(
        today=timezone.localtime(now).date(),
        horizon=timedelta(days=settings.FOLLOW_UP_HORIZON_DAYS),
    )
    for ids in id_batches(Customer.objects.filter(merged_into=None)):
        yield from _differences_of(_Batch(ids, house.leaders), house)


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
            found[step.plan_id].append((step.pk, spec_of(step)))
        return found

    @cached_property
    def birthday_steps(self) -> Mapping[str, list[tuple[int, rules.StepSpec]]]:
        """The steps in use that greet whoever has a birthday."""
        found = defaultdict(list)
        for step in self._steps(Q(plan__is_active=True, anchor__in=BIRTHDAY_ANCHORS)):
            found[step.anchor].append((step.pk, spec_of(step)))
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
    def leaders(self) -> Mapping[int, Leaders]:
        """Who leads each store today."""
        return leaders_on(self.today)

    @cached_property
    def codes(self) -> Mapping[int, str]:
        return dict(Step.objects.values_list("pk", "code"))

    @staticmethod
    def _steps(which: Q) -> Sequence[Step]:
        return list(Step.objects.filter(which, is_active=True).order_by("pk"))


class _Batch:
    """The facts of some customers, in fifteen queries; of a product that is gone nothing is due."""

    def __init__(self, ids: Sequence[int], leaders: Mapping[int, Leaders]) -> None:
        customers = Customer.objects.filter(pk__in=ids).select_related("store").order_by("pk")
        self.customers = list(customers)
        self.products = defaultdict(list)
        owned = OwnedProduct.objects.filter(customer__in=ids, gone_on=None)
        found = list(owned.select_related("store"))
        for product in found:
            self.products[product.customer_id].append(product)
        self.serviced = serviced_products(product.pk for product in found)
        self.renewed = renewed_ends(product.pk for product in found)
        self.hands = Hands(self.customers, leaders)
        self.taken_up = taken_up_at(ids)
        self.people: dict[int, list[tuple[Anchor, HasBirthday]]] = defaultdict(list)
        for anchor, model in ((Anchor.HOUSEHOLD_BIRTHDAY, HouseholdMember),
                              (Anchor.KEY_BIRTHDAY, KeyPerson)):  # fmt: skip
            for who in model.objects.filter(customer__in=ids).exclude(birth_month=None):
                self.people[who.customer_id].append((anchor, who))
        self.obligations = defaultdict(list)
        for row in Obligation.objects.filter(customer__in=ids).select_related("step"):
            self.obligations[row.customer_id].append(row)
        paused = Case.objects.filter(customer__in=ids, state=CaseState.PAUSED)
        self.paused_cases = frozenset(paused.values_list("pk", flat=True))
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
        yield from wrong_hands(customer, rows, batch.hands, house.codes)
        yield from _wrong_states(customer, rows, house, paused_cases=batch.paused_cases)
        stored = {
            (row.step_id, row.subject_id, row.occurrence): row
            for row in rows
            if row.step.anchor in (*PRODUCT_ANCHORS, *BIRTHDAY_ANCHORS)
        }
        last_days = []
        for product in batch.products[customer.pk]:
            plans = batch.plans_of_product[product.pk]
            yield from _courses_missing(product, plans, house)
            for owed in _dues_of(product, plans, house, batch):
                if owed.anchor in PLANNED_ANCHORS:
                    last_days.append(owed.due.on)
                row = stored.pop((owed.step_id, product.pk, owed.due.occurrence), None)
                yield from _due_differences(customer, owed, row, house)
        # Corrected to a day beyond the horizon, a greeting that stood stands there.
        until = max((row.due_on for row in stored.values()), default=house.today)
        for owed in _greetings_of(customer, batch.people[customer.pk], house, until=until):
            row = stored.pop((owed.step_id, owed.subject_id, owed.due.occurrence), None)
            yield from _due_differences(customer, owed, row, house)
        for row in stored.values():
            if row.state in WAITING:
                yield _of_row("obligation_too_many", row, house, stored=row.due_on)
        runs_until = max(last_days, default=None)
        care = _care(customer, rows, runs_until, batch.taken_up.get(customer.pk))
        yield from _cadence_differences(customer, rows, care, house)


def _where(customer_id: int, step: str, subject: int, occurrence: object) -> dict[str, object]:
    return {"customer": customer_id, "step": step, "subject": subject, "occurrence": occurrence}


def _of_row(check: str, row: Obligation, house: _House, **values: object) -> Difference:
    where = _where(row.customer_id, house.codes[row.step_id], row.subject_id, row.occurrence)
    return Difference(check=check, where=where, **values)


def _wrong_states(
    customer: Customer, rows: Sequence[Obligation], house: _House, *, paused_cases: Set[int]
) -> Iterator[Difference]:
    """What rests under the customer's wish or grade, and a case whose clock rests, is suspended
    and the rest is not; one who wishes no contact may have agreed to something afterwards (FUP-24).
    """
    for row in rows:
        if customer.quiet == Quiet.ALL and row.step.anchor in AGREED_ANCHORS:
            continue
        is_resting = rules.rests(
            quiet=customer.quiet,
            grade=customer.grade,
            anchor=row.step.anchor,
            way=row.step.way,
        )
        is_paused = row.step.anchor == Anchor.CASE and row.subject_id in paused_cases
        expected = State.SUSPENDED if is_resting or is_paused else State.OPEN
        if row.state in WAITING and row.state != expected:
            yield _of_row("obligation_state", row, house, stored=row.state, expected=str(expected))


def _courses_missing(product: OwnedProduct, plans: set[int], house: _House) -> Iterator[Difference]:
    """What was sold in a trade with a plan has that plan's course."""
    for plan in house.plans_of_trade.get(product.store.trade, ()):
        if plan not in plans:
            where = {"customer": product.customer_id, "product": product.pk, "plan": plan}
            yield Difference(check="course_missing", where=where)


@dataclass(frozen=True, kw_only=True)
class _Owed:
    """One occurrence by the pure rule: of which step and whom, when its anchor was noted, and
    since when the plan asks for it.
    """

    step_id: int
    anchor: str
    subject_id: int
    noted_on: date
    asks_from: date | None
    due: rules.Due


def _greetings_of(
    customer: Customer,
    people: Sequence[tuple[Anchor, HasBirthday]],
    house: _House,
    *,
    until: date,
) -> Iterator[_Owed]:
    """Every greeting within the horizon, or until this day, by the pure rule."""
    zone = customer.store.tzinfo
    for anchor, who in ((Anchor.BIRTHDAY, customer), *people):
        birthday = birthday_of(who, zone)
        if birthday is None:
            continue
        for step_id, spec in house.birthday_steps[anchor]:
            for due in rules.greetings(
                step=spec,
                birthday=birthday,
                until=max(until, house.today + house.horizon),
                zone=zone,
                add_working_days=house.calendar.add_working_days,
            ):
                yield _Owed(
                    step_id=step_id,
                    anchor=anchor,
                    subject_id=who.pk,
                    noted_on=birthday.noted_on,
                    asks_from=spec.asks_from,
                    due=due,
                )


def _dues_of(
    product: OwnedProduct, plans: set[int], house: _House, batch: _Batch
) -> Iterator[_Owed]:
    """Every occurrence of what this product asks for by the pure rule."""
    zone = product.store.tzinfo
    owed = plans | set(house.plans_of_trade.get(product.store.trade, ()))
    for plan in sorted(owed):
        for step_id, spec in house.steps_of_plan.get(plan, ()):
            anchored = anchored_on(
                spec.anchor,
                product,
                is_serviced=product.pk in batch.serviced,
                ends_before=batch.renewed.get(product.pk, ()),
            )
            if anchored is None:
                continue
            for due in rules.occurrences(
                step=spec,
                anchored=anchored,
                zone=zone,
                add_working_days=house.calendar.add_working_days,
            ):
                yield _Owed(
                    step_id=step_id,
                    anchor=spec.anchor,
                    subject_id=product.pk,
                    noted_on=anchored.noted_on,
                    asks_from=spec.asks_from,
                    due=due,
                )


def _due_differences(
    customer: Customer, owed: _Owed, row: Obligation | None, house: _House
) -> Iterator[Difference]:
    """One occurrence: made if the rules say so, and due when they say while it is open.

    One that was cancelled with its step or anchor is missing as soon as both are there again; the
    end of an insurance is noted anew when it is corrected, what was owed for it once is owed.
    """
    due = owed.due
    if row is None or row.cause == Cause.LEFT_OVER:
        is_back = row is not None and owed.anchor in TERM_ANCHORS
        if rules.is_made(
            due_on=due.on,
            noted_on=due.on if is_back else owed.noted_on,
            asks_from=owed.asks_from if row is None else None,
            today=house.today,
            horizon=house.horizon,
        ):
            where = _where(customer.pk, house.codes[owed.step_id], owed.subject_id, due.occurrence)
            yield Difference(check="obligation_missing", where=where, expected=due.on)
    elif row.state in WAITING and (row.due_on, row.due_at) != (due.on, due.at):
        yield _of_row("obligation_date", row, house, stored=row.due_at, expected=due.at)


def _cadence_differences(
    customer: Customer, rows: Sequence[Obligation], care: rules.Care, house: _House
) -> Iterator[Difference]:
    """The one open occurrence of the grade's cadence, where the rules want one (decision 9)."""
    wanted = rules.cadence(care=care, days=house.days_by_grade)
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


def _care(
    customer: Customer,
    rows: Sequence[Obligation],
    runs_until: date | None,
    taken_up_at: datetime | None,
) -> rules.Care:
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
        again_on=_day(taken_up_at, zone),
        plan_runs_until=runs_until,
        next_step_on=min(agreed, default=None),
    )


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()
