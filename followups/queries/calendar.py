"""What falls due for one customer, and what has been made of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.functional import SimpleLazyObject

from core.calendars import add_months
from core.queries import business_calendar
from customers.models import Customer, HouseholdMember, KeyPerson, OwnedProduct, ProductEvent
from customers.models.kept import HasBirthday
from customers.queries import visible as visible_customers
from customers.states import ProductEventKind
from followups import rules
from followups.models import Course, Obligation, Step, Task
from followups.states import BIRTHDAY_ANCHORS, PRODUCT_ANCHORS, Anchor, State
from staff.models import Person
from staff.scope import Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Cared(TypedDict):
        plan_ids: list[int]
        is_serviced: bool
        ends_before: list[date]

    CaredFor = WithAnnotations[OwnedProduct, _Cared]


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    """One line of a customer's calendar: what a product asks for, or somebody's birthday.

    `whose` is the name of the one near the customer whose birthday it is; `on` the day of its
    task, where it is open and was moved, or the one on which it was due when it was done.
    """

    step: Step
    subject_id: int
    product: OwnedProduct | None
    whose: str = ""
    due: rules.Due
    on: date
    state: str
    assignee: Person | None


Made = Mapping[tuple[int, int, int], Obligation]
AddWorkingDays = Callable[[date, int], date]


def spec_of(step: Step) -> rules.StepSpec:
    """The step as the rules see it."""
    return rules.StepSpec(
        code=step.code,
        anchor=step.anchor,
        offset=step.offset,
        unit=step.unit,
        every=step.every,
        times=step.times,
        ahead_days=step.ahead_days,
        is_before=step.is_before,
        asks_from=step.asks_from,
    )


def _first_services() -> QuerySet[ProductEvent]:
    return ProductEvent.objects.filter(kind=ProductEventKind.FIRST_SERVICE, voided_at=None)


def _renewals() -> QuerySet[ProductEvent]:
    return ProductEvent.objects.filter(
        kind=ProductEventKind.RENEWAL, voided_at=None, insured_before_until__isnull=False
    )


def serviced_products(products: Iterable[int]) -> set[int]:
    """Those of these products whose first service was held: nothing to remind of."""
    held = _first_services().filter(product__in=list(products))
    return set(held.values_list("product", flat=True))


def renewed_ends(products: Iterable[int]) -> dict[int, list[date]]:
    """Product → the ends of its insurances that were renewed since."""
    found: dict[int, list[date]] = {}
    rows = _renewals().filter(product__in=list(products)).order_by("pk")
    for product, end in rows.values_list("product", "insured_before_until"):
        if end is not None:
            found.setdefault(product, []).append(end)
    return found


def anchored_on(
    anchor: str,
    product: OwnedProduct,
    *,
    is_serviced: bool = False,
    ends_before: Iterable[date] = (),
) -> rules.Anchored | None:
    """What a step with this anchor counts from on this product; None where it has not happened, or
    where a first service that was held leaves nothing to do.

    `ends_before` are the ends of its insurances that were renewed since.
    """
    at = None
    if anchor == Anchor.DELIVERY:
        on, at, noted_at = product.delivered_on, product.delivered_at, product.delivered_noted_at
    elif anchor == Anchor.PURCHASE:
        on, noted_at = product.purchased_on, product.purchased_noted_at
    elif anchor == Anchor.FIRST_SERVICE and is_serviced:
        return None
    else:
        on, noted_at = getattr(product, TERM_DAYS[anchor]), product.terms_noted_at
    if on is None or noted_at is None:
        return None
    ends = tuple(ends_before) if anchor == Anchor.INSURANCE else ()
    return rules.Anchored(on=on, at=at, noted_on=product.store.today(noted_at), ends_before=ends)


TERM_DAYS: Mapping[str, str] = {
    Anchor.INSURANCE: "insurance_until",
    Anchor.FIRST_SERVICE: "first_service_on",
    Anchor.WARRANTY: "warranty_until",
}


def calendar_of(customer: Customer, *, today: date) -> list[PlannedDay]:
    """The whole calendar of care of this customer, to month 60, by the pure rule: what their
    products ask for, and the birthdays of the same years.

    Of a product that is gone, what was done stays. What has been made already shows its state; what
    lies beyond the horizon is `planned`, and what was long past when it was registered is left out.
    A handful of queries, however long.
    """
    products = list(_cared_for(customer))
    plans = {plan for product in products for plan in product.plan_ids}
    in_use = Step.objects.filter(plan__is_active=True, is_active=True)
    steps = list(
        in_use.filter(
            Q(plan__in=plans, anchor__in=PRODUCT_ANCHORS) | Q(anchor__in=BIRTHDAY_ANCHORS)
        ).order_by("plan_id", "position")
    )
    made: Made = {
        (row.step_id, row.subject_id, row.occurrence): row
        for row in Obligation.objects.filter(
            customer=customer, step__anchor__in=(*PRODUCT_ANCHORS, *BIRTHDAY_ANCHORS)
        ).select_related("assignee", "task")
    }
    calendar = SimpleLazyObject(business_calendar)

    def add_working_days(day: date, n: int) -> date:
        return calendar.add_working_days(day, n)

    days = list(_days_of_products(customer, products, steps, made, add_working_days))
    until = max((day.due.on for day in days), default=today)
    until = max(until, add_months(today, 12))
    days += _birthdays(customer, steps, made, add_working_days, until=until)
    return sorted(days, key=lambda day: (day.due.at, day.step.position, day.due.occurrence))


def _cared_for(customer: Customer) -> "QuerySet[CaredFor]":
    """What this customer owns, each with `plan_ids`, whether it `is_serviced` already and the
    `ends_before` of its insurances.
    """
    courses = Course.objects.filter(product=OuterRef("pk"))
    return (
        customer.products.select_related("store")
        .annotate(
            plan_ids=ArraySubquery(courses.values("plan_id")),
            is_serviced=Exists(_first_services().filter(product=OuterRef("pk"))),
            ends_before=ArraySubquery(
                _renewals().filter(product=OuterRef("pk")).values("insured_before_until")
            ),
        )
        .order_by("pk")
    )


def _days_of_products(
    customer: Customer,
    products: "Sequence[CaredFor]",
    steps: Sequence[Step],
    made: Made,
    add_working_days: AddWorkingDays,
) -> Iterator[PlannedDay]:
    for product in products:
        for step in (step for step in steps if step.plan_id in product.plan_ids):
            anchored = anchored_on(
                step.anchor,
                product,
                is_serviced=product.is_serviced,
                ends_before=product.ends_before,
            )
            if anchored is None:
                continue
            for due in rules.occurrences(
                step=spec_of(step),
                anchored=anchored,
                zone=product.store.tzinfo,
                add_working_days=add_working_days,
            ):
                row = made.get((step.pk, product.pk, due.occurrence))
                if row is None and _is_long_past(due, anchored.noted_on, step):
                    continue
                if product.gone_on and (row is None or row.state == State.CANCELLED):
                    continue
                yield _planned(customer, step, product.pk, due, row, product=product)


def _is_long_past(due: rules.Due, noted_on: date, step: Step) -> bool:
    """Whether this was past when its anchor was noted, or before the plan asked for it."""
    known_on = noted_on if step.asks_from is None else max(noted_on, step.asks_from)
    return due.on < known_on - rules.LOOK_BACK


def _birthdays(
    customer: Customer,
    steps: Sequence[Step],
    made: Made,
    add_working_days: AddWorkingDays,
    *,
    until: date,
) -> Iterator[PlannedDay]:
    zone = customer.store.tzinfo
    for anchor, who in people_with_birthdays(customer):
        birthday = birthday_of(who, zone)
        if birthday is None:
            continue
        for step in (step for step in steps if step.anchor == anchor):
            for due in rules.greetings(
                step=spec_of(step),
                birthday=birthday,
                until=until,
                zone=zone,
                add_working_days=add_working_days,
            ):
                row = made.get((step.pk, who.pk, due.occurrence))
                if row is None and _is_long_past(due, birthday.noted_on, step):
                    continue
                whose = "" if who.pk == customer.pk and anchor == Anchor.BIRTHDAY else str(who)
                yield _planned(customer, step, who.pk, due, row, whose=whose)


def _planned(
    customer: Customer,
    step: Step,
    subject_id: int,
    due: rules.Due,
    row: Obligation | None,
    *,
    product: OwnedProduct | None = None,
    whose: str = "",
) -> PlannedDay:
    """What is done or left out stands on the day on which it was due then, whatever the plan says
    by now; what is not made yet rests where it would rest.
    """
    on, state = due.on, row.state if row else "planned"
    if row is not None and row.state == State.OPEN and row.task:
        on = row.task.day
    elif row is not None and row.state in (State.DONE, State.SKIPPED):
        on = row.due_on
    elif row is None and rules.rests(
        quiet=customer.quiet, grade=customer.grade, anchor=step.anchor, way=step.way
    ):
        state = State.SUSPENDED
    return PlannedDay(
        step=step,
        subject_id=subject_id,
        product=product,
        whose=whose,
        due=due,
        on=on,
        state=state,
        assignee=row.assignee if row else None,
    )


BORN = [field.name for field in HasBirthday._meta.get_fields()]


def people_with_birthdays(customer: Customer) -> Iterator[tuple[Anchor, HasBirthday]]:
    """The customer, the household and the key people, each with the anchor of their birthday; one
    query.
    """
    yield Anchor.BIRTHDAY, customer
    household = customer.household.annotate(
        anchor=Value(Anchor.HOUSEHOLD_BIRTHDAY, CharField()), kin=F("relation")
    )
    key_people = customer.key_people.annotate(
        anchor=Value(Anchor.KEY_BIRTHDAY, CharField()), kin=Value("", CharField())
    )
    read = ("anchor", "kin", "id", "name", *BORN)
    near = household.values_list(*read).union(key_people.values_list(*read), all=True)
    for anchor, kin, *known in near.order_by("anchor", "id"):
        fields = dict(zip(read[2:], known, strict=True))
        if anchor == Anchor.KEY_BIRTHDAY:
            yield Anchor.KEY_BIRTHDAY, KeyPerson(**fields)
        else:
            yield Anchor.HOUSEHOLD_BIRTHDAY, HouseholdMember(relation=kin, **fields)


def birthday_of(who: HasBirthday, zone: ZoneInfo) -> rules.Birthday | None:
    """A birthday as the rules see it; None where it is not known."""
    if who.birth_month is None or who.birth_day is None or who.birthday_noted_at is None:
        return None
    return rules.Birthday(
        month=who.birth_month,
        day=who.birth_day,
        is_lunar=who.birth_is_lunar,
        is_leap_month=who.birth_is_leap_month,
        noted_on=who.birthday_noted_at.astimezone(zone).date(),
    )


def obligations(
    reach: Reach | None,
    *,
    from_day: date | None = None,
    to_day: date | None = None,
    customers: Sequence[int] | None = None,
    state: str = "",
) -> QuerySet[Obligation]:
    """Obligations by business day, customer and state; `reach` None is the system itself."""
    rows = Obligation.objects.select_related("step__plan", "customer", "assignee")
    if reach is not None:
        rows = rows.filter(customer__in=visible_customers(reach))
    if from_day:
        rows = rows.filter(due_on__gte=from_day)
    if to_day:
        rows = rows.filter(due_on__lte=to_day)
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("due_at", "pk")


def product_of_letter(task: Task) -> OwnedProduct | None:
    """What a letter gives thanks for: the product its step speaks of."""
    row = Obligation.objects.filter(task=task, step=task.letter_id).order_by("pk").first()
    return OwnedProduct.objects.filter(pk=row.subject_id).first() if row else None
