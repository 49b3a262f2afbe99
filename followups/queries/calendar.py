"""What falls due for one customer, and what has been made of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from core.calendars import add_months
from core.queries import business_calendar
from customers.models import Customer, OwnedProduct, ProductEvent
from customers.models.kept import HasBirthday
from customers.queries import visible as visible_customers
from customers.states import ProductEventKind
from followups import rules
from followups.models import Obligation, Step, Task
from followups.states import BIRTHDAY_ANCHORS, PRODUCT_ANCHORS, Anchor, State
from staff.models import Person
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    """One line of a customer's calendar: what a product asks for, or somebody's birthday.

    `whose` is the name of the one near the customer whose birthday it is.
    """

    step: Step
    subject_id: int
    product: OwnedProduct | None
    whose: str = ""
    due: rules.Due
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
    )


def serviced_products(products: Iterable[int]) -> set[int]:
    """Those of these products whose first service was held: nothing to remind of."""
    held = ProductEvent.objects.filter(
        product__in=list(products), kind=ProductEventKind.FIRST_SERVICE, voided_at=None
    )
    return set(held.values_list("product", flat=True))


def anchored_on(
    anchor: str, product: OwnedProduct, *, is_serviced: bool = False
) -> rules.Anchored | None:
    """What a step with this anchor counts from on this product; None where it has not happened, or
    where a first service that was held leaves nothing to do.
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
    return rules.Anchored(on=on, at=at, noted_on=product.store.today(noted_at))


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
    products = list(
        customer.products.select_related("store").prefetch_related("courses").order_by("pk")
    )
    plans = {course.plan_id for product in products for course in product.courses.all()}
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
        ).select_related("assignee")
    }
    add_working_days = business_calendar().add_working_days
    days = list(_days_of_products(products, steps, made, add_working_days))
    until = max((day.due.on for day in days), default=today)
    until = max(until, add_months(today, 12))
    days += _birthdays(customer, steps, made, add_working_days, until=until)
    return sorted(days, key=lambda day: (day.due.at, day.step.position, day.due.occurrence))


def _days_of_products(
    products: Sequence[OwnedProduct],
    steps: Sequence[Step],
    made: Made,
    add_working_days: AddWorkingDays,
) -> Iterator[PlannedDay]:
    serviced = serviced_products(product.pk for product in products)
    for product in products:
        plans_of_product = {course.plan_id for course in product.courses.all()}
        for step in (step for step in steps if step.plan_id in plans_of_product):
            anchored = anchored_on(step.anchor, product, is_serviced=product.pk in serviced)
            if anchored is None:
                continue
            for due in rules.occurrences(
                step=spec_of(step),
                anchored=anchored,
                zone=product.store.tzinfo,
                add_working_days=add_working_days,
            ):
                row = made.get((step.pk, product.pk, due.occurrence))
                if row is None and due.on < anchored.noted_on - rules.LOOK_BACK:
                    continue
                if product.gone_on and (row is None or row.state == State.CANCELLED):
                    continue
                yield _planned(step, product.pk, due, row, product=product)


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
                whose = "" if who.pk == customer.pk and anchor == Anchor.BIRTHDAY else str(who)
                yield _planned(step, who.pk, due, row, whose=whose)


def _planned(
    step: Step,
    subject_id: int,
    due: rules.Due,
    row: Obligation | None,
    *,
    product: OwnedProduct | None = None,
    whose: str = "",
) -> PlannedDay:
    return PlannedDay(
        step=step,
        subject_id=subject_id,
        product=product,
        whose=whose,
        due=due,
        state=row.state if row else "planned",
        assignee=row.assignee if row else None,
    )


def people_with_birthdays(customer: Customer) -> Iterator[tuple[Anchor, HasBirthday]]:
    """The customer, the household and the key people, each with the anchor of their birthday."""
    yield Anchor.BIRTHDAY, customer
    for member in customer.household.order_by("pk"):
        yield Anchor.HOUSEHOLD_BIRTHDAY, member
    for person in customer.key_people.order_by("pk"):
        yield Anchor.KEY_BIRTHDAY, person


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
