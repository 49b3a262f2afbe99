"""Whom to visit in person this week, and who lives on the way (AFT-07)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Contact, Customer, OwnedProduct
from customers.queries import visible as visible_customers
from customers.states import Grade
from followups.models import Obligation
from followups.rules import visits as rules
from followups.states import BIRTHDAY_ANCHORS, State
from staff.scope import Reach

# A week's round for one person; more is no suggestion any more.
MOST, MOST_NEAR = 20, 3
ANNIVERSARIES = (("purchased_on", "purchase"), ("delivered_on", "delivery"))


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Why somebody may be visited: a birthday ("birthday", and whose), or the anniversary of a
    "purchase" or a "delivery" of `what`, `years` ago.
    """

    kind: str
    on: date
    years: int = 0
    what: str = ""
    anchor: str = ""


@dataclass(kw_only=True)
class Visit:
    """A visit suggested: whom, for what, and who lives in the same compound."""

    customer: Customer
    occasions: list[Occasion] = field(default_factory=list)
    near: list[Customer] = field(default_factory=list)

    @property
    def on(self) -> date:
        return min(occasion.on for occasion in self.occasions)


def occasions(reach: Reach, *, today: date, customer: Customer | None = None) -> list[Visit]:
    """Whom this person may visit in the coming week, the soonest first: of the customers they keep
    or assist with, or this one. Nobody is visited who was given up or wishes no visits (GRD-08,
    FUP-24); whoever was reached today is left in peace. Four queries, however many there are.
    """
    mine = visible_customers(reach).filter(merged_into=None).exclude(_was_reached(today))
    mine = mine.exclude(quiet__in=rules.NO_VISIT).exclude(grade=Grade.D)
    if customer is None:
        mine = mine.filter(owner__in=reach.acts_for)
        asked = mine
    else:
        mine = mine.filter(owner=customer.owner_id)
        asked = mine.filter(pk=customer.pk)
    days = rules.coming_days(today)
    found: dict[int, list[Occasion]] = defaultdict(list)
    for pk, occasion in (*_birthdays(asked, days), *_anniversaries(asked, days)):
        found[pk].append(occasion)
    soonest = sorted(found, key=lambda pk: (min(each.on for each in found[pk]), pk))[:MOST]
    people = Customer.objects.select_related("owner", "store").in_bulk(soonest)
    visits = [
        Visit(customer=people[pk], occasions=sorted(found[pk], key=lambda each: each.on))
        for pk in soonest
    ]
    near = _near([visit.customer for visit in visits], mine)
    for visit in visits:
        visit.near = near.get(visit.customer.pk, [])
    return visits


def _was_reached(today: date) -> Exists:
    """Visited or spoken with on this day."""
    talks = Contact.objects.filter(customer=OuterRef("pk"), reached=True, voided_at=None)
    return Exists(talks.filter(occurred_at__date=today))


def _birthdays(
    customers: QuerySet[Customer], days: Sequence[date]
) -> Iterable[tuple[int, Occasion]]:
    """Birthdays are on the list already: the greetings that are open."""
    rows = Obligation.objects.filter(
        state=State.OPEN,
        step__anchor__in=BIRTHDAY_ANCHORS,
        due_on__range=(days[0], days[-1]),
        customer__in=customers,
    )
    for pk, on, anchor in rows.values_list("customer", "due_on", "step__anchor").order_by("due_on"):
        yield pk, Occasion(kind="birthday", on=on, anchor=anchor)


def _anniversaries(
    customers: QuerySet[Customer], days: list[date]
) -> Iterable[tuple[int, Occasion]]:
    """The day a product was bought or delivered comes round; one thing a product."""
    coming = Q(pk__in=[])
    for month, day in rules.months_and_days(days):
        for column, _kind in ANNIVERSARIES:
            coming |= Q(**{f"{column}__month": month, f"{column}__day": day})
    owned = OwnedProduct.objects.filter(coming, gone_on=None, customer__in=customers)
    for product in owned.only("customer_id", "product", "purchased_on", "delivered_on"):
        for column, kind in ANNIVERSARIES:
            day = getattr(product, column)
            on = rules.anniversary_in(day, days) if day else None
            if on is not None:
                years = on.year - day.year
                yield (
                    product.customer_id,
                    Occasion(kind=kind, on=on, years=years, what=product.product),
                )
                break


def _near(
    visited: Sequence[Customer], customers: QuerySet[Customer]
) -> Mapping[int, list[Customer]]:
    """For each visited customer, a few others of the same compound."""
    compounds = {who.pk: rules.compound_of(who.address_key) for who in visited}
    wanted = Q(pk__in=[])
    for compound in sorted({each for each in compounds.values() if each}):
        wanted |= Q(address_key__startswith=compound)
    beside: dict[str, list[Customer]] = defaultdict(list)
    for row in customers.filter(wanted).order_by("pk")[: MOST * MOST]:
        beside[rules.compound_of(row.address_key)].append(row)
    return {
        pk: [row for row in beside[compound] if row.pk != pk][:MOST_NEAR]
        for pk, compound in compounds.items()
        if compound
    }
