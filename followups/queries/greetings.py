"""Whom to greet now, and with what: worked out when asked for, never stored (FUP-11, AFT-23)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from core.lunar import LunarRefused, solar_dates_in
from customers.models import (
    Customer,
    CustomerPhone,
    HouseholdMember,
    KeyPerson,
    Opportunity,
    OwnedProduct,
)
from customers.queries import visible as visible_customers
from customers.states import Grade, StageKind
from followups.models import Festival, Greeting, Obligation, Task, Wording
from followups.queries.tasks import HAS_PHONE, of_mine
from followups.queries.tasks import visible as visible_tasks
from followups.rules import occasions as rules
from followups.states import (
    KEY_CUSTOMERS,
    Anchor,
    Occasion,
    State,
    Way,
    Whom,
    WordingUse,
)
from staff.scope import Reach

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Key(TypedDict):
        whom: str

    KeyCustomer = WithAnnotations[Customer, _Key]

    class _Greeted(_Key):
        owned_name: str | None
        wanted_name: str | None
        has_phone: bool

    GreetedCustomer = WithAnnotations[Customer, _Greeted]

    class _Born(TypedDict):
        reasons: list[Obligation]
        has_phone: bool

    BirthdayTask = WithAnnotations[Task, _Born]
else:
    KeyCustomer = Customer
    GreetedCustomer = Customer
    BirthdayTask = Task

FRIDAY, BIRTHDAY = "friday", "birthday"


@dataclass(frozen=True, kw_only=True)
class OpenOccasion:
    """Something for which people are greeted now: this Friday evening, a festival, birthdays.

    `slug` names it in addresses; `on` is its day; `festivals` are those that fall on it.
    """

    slug: str
    kind: Occasion
    on: date
    festivals: Sequence[Festival] = field(default=())


def solar_days(festival: Festival, *, near: date) -> list[date]:
    """The days of this and the next solar year on which a festival falls."""
    days = []
    for year in (near.year, near.year + 1):
        try:
            if festival.is_lunar:
                days += solar_dates_in(year, festival.month, festival.day)
            else:
                days.append(date(year, festival.month, festival.day))
        except (LunarRefused, ValueError):
            continue
    return days


def open_occasions(*, now: datetime, zone: ZoneInfo) -> list[OpenOccasion]:
    """What people are greeted for at this moment by the store's clock; festivals come first.

    Two festivals of one day are greeted together: nobody is written to twice.
    """
    local = now.astimezone(zone)
    today = local.date()
    by_day: dict[date, list[Festival]] = {}
    for festival in Festival.objects.filter(is_active=True).order_by("pk"):
        for day in solar_days(festival, near=today):
            if rules.is_greeted_for(festival_on=day, today=today):
                by_day.setdefault(day, []).append(festival)
    found = [
        OpenOccasion(slug=rows[0].code, kind=Occasion.FESTIVAL, on=day, festivals=tuple(rows))
        for day, rows in sorted(by_day.items())
    ]
    if (friday := rules.friday_of(local=local)) is not None:
        found.append(OpenOccasion(slug=FRIDAY, kind=Occasion.FRIDAY, on=friday))
    found.append(OpenOccasion(slug=BIRTHDAY, kind=Occasion.BIRTHDAY, on=today))
    return found


# The twin of `rules.occasions.whom` in SQL; wants `is_late_stage` and `is_near`.
WHOM = Case(
    When(grade=Grade.D, then=Value("")),
    When(grade=Grade.B2, then=Value(Whom.SIGNED.value)),
    When(Q(grade=Grade.B1) | Q(is_late_stage=True), then=Value(Whom.ABOUT_TO_SIGN.value)),
    When(grade=Grade.A, then=Value(Whom.TRACKED.value)),
    When(grade=Grade.C2, then=Value(Whom.LATER.value)),
    When(is_near=True, then=Value(Whom.LONG_TERM.value)),
    default=Value(""),
    output_field=CharField(),
)


def _is_near(today: date) -> Case:
    """Something was heard or sold within time, or the card is as young as that."""
    since = today - timedelta(days=rules.LONG_TERM_DAYS)
    lately = (
        Q(registered_at__date__gte=since)
        | Q(last_contact_at__date__gte=since)
        | Q(last_bought_on__gte=since)
    )
    return Case(When(lately, then=Value(True)), default=Value(False))


def with_whom(customers: QuerySet[Customer], *, today: date) -> QuerySet[KeyCustomer]:
    """Each customer with `whom`, as what they are greeted: "" for nobody's key customer."""
    late = Opportunity.objects.filter(
        customer=OuterRef("pk"),
        state=StageKind.OPEN,
        stage__default_chance__gte=rules.ABOUT_TO_SIGN_FROM,
    )
    rows = customers.annotate(is_late_stage=Exists(late), is_near=_is_near(today))
    return rows.annotate(whom=WHOM)


def with_text_facts(customers: QuerySet[Any]) -> QuerySet[GreetedCustomer]:
    """What a text to each customer names: what they own and mean to buy, and whether they have a
    number to write to.
    """
    owned = OwnedProduct.objects.filter(customer=OuterRef("pk"), gone_on=None)
    wanted = Opportunity.objects.filter(customer=OuterRef("pk"), state=StageKind.OPEN)
    numbers = CustomerPhone.objects.filter(customer=OuterRef("pk"), retired_at=None)
    return customers.select_related("store", "owner").annotate(
        owned_name=Subquery(owned.order_by("-pk").values("product")[:1]),
        wanted_name=Subquery(wanted.order_by("-pk").values("product")[:1]),
        has_phone=Exists(numbers),
    )


def key_customers(reach: Reach, *, occasion: OpenOccasion, today: date) -> QuerySet[KeyCustomer]:
    """Whom this person greets for the occasion: those they keep themselves, or whose keepers they
    assist. A festival also greets those who mean to buy later.
    """
    mine = visible_customers(reach).filter(owner__in=reach.acts_for)
    asked = mine.exclude(quiet__in=rules.NO_GREETING)
    kinds: tuple[Whom, ...] = KEY_CUSTOMERS
    if occasion.kind == Occasion.FESTIVAL:
        kinds = (*KEY_CUSTOMERS, Whom.LATER)
    return with_whom(asked, today=today).filter(whom__in=kinds)


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def sent_for(reach: Reach, occasion: OpenOccasion, *, zone: ZoneInfo) -> QuerySet[Greeting]:
    """What went out for the occasion to this person's customers; of birthdays what did today."""
    sent = Greeting.objects.filter(occasion=occasion.kind, customer__owner__in=reach.acts_for)
    if occasion.kind == Occasion.BIRTHDAY:
        return sent.filter(sent_at__gte=_start_of(occasion.on, zone))
    return sent.filter(on=occasion.on)


def still_to_greet(
    reach: Reach, *, occasion: OpenOccasion, today: date, zone: ZoneInfo
) -> QuerySet[KeyCustomer]:
    """The key customers who were not greeted yet, those about to decide first.

    Whoever was greeted for a festival or a birthday since yesterday is not written to once more
    because it is Friday.
    """
    rows = key_customers(reach, occasion=occasion, today=today)
    sent = Greeting.objects.filter(customer=OuterRef("pk"))
    if occasion.kind == Occasion.FRIDAY:
        rows = rows.exclude(Exists(sent.filter(sent_at__gte=_start_of(today - rules.EVE, zone))))
    rows = rows.exclude(Exists(sent.filter(occasion=occasion.kind, on=occasion.on)))
    order = Case(*(When(whom=kind, then=Value(at)) for at, kind in enumerate(Whom)))
    return rows.annotate(rank=order).order_by("rank", "pk")


def tasks_to_greet(reach: Reach) -> QuerySet[BirthdayTask]:
    """Tasks that are greetings, of this person and those they assist, whatever became of them."""
    reasons = Obligation.objects.select_related("step").order_by("pk")
    return (
        visible_tasks(reach)
        .filter(of_mine(reach), letter__way=Way.GREETING)
        .select_related("customer__store", "customer__owner", "assignee", "letter")
        .prefetch_related(Prefetch("obligations", reasons, to_attr="reasons"))
        .annotate(has_phone=HAS_PHONE)
    )


def birthday_tasks(reach: Reach, *, today: date) -> QuerySet[BirthdayTask]:
    """The open greetings that the plan of care has made: birthdays, today's and those overdue.

    What the list of the day shows some days ahead is sent on the day itself.
    """
    rows = tasks_to_greet(reach).filter(state=State.OPEN, shown_on__lte=today, day__lte=today)
    return rows.order_by("day", "pk")


def whose_birthdays(
    tasks: Sequence[BirthdayTask],
) -> dict[int, HouseholdMember | KeyPerson | None]:
    """By task, the one near the customer whose birthday it is; None where it is the customer's."""
    subjects: dict[str, set[int]] = {}
    for task in tasks:
        for row in task.reasons:
            subjects.setdefault(row.step.anchor, set()).add(row.subject_id)
    people: dict[str, dict[int, Any]] = {
        Anchor.HOUSEHOLD_BIRTHDAY: HouseholdMember.objects.in_bulk(
            subjects.get(Anchor.HOUSEHOLD_BIRTHDAY, ())
        ),
        Anchor.KEY_BIRTHDAY: KeyPerson.objects.in_bulk(subjects.get(Anchor.KEY_BIRTHDAY, ())),
    }
    return {
        task.pk: next(
            (
                people[row.step.anchor].get(row.subject_id)
                for row in task.reasons
                if row.step.anchor in people
            ),
            None,
        )
        for task in tasks
    }


def wordings_of(use: WordingUse) -> QuerySet[Wording]:
    """The wordings in use for this, in their order."""
    return Wording.objects.filter(use=use, is_active=True).order_by("position", "pk")


def wordings_for(occasion: OpenOccasion) -> list[Wording]:
    """The wordings that an occasion can be greeted with."""
    rows = wordings_of(WordingUse(occasion.kind.value))
    if occasion.kind == Occasion.FESTIVAL:
        rows = rows.filter(festival__in=[festival.pk for festival in occasion.festivals])
    return list(rows)


def counts_of(
    reach: Reach, occasions: Sequence[OpenOccasion], *, today: date, zone: ZoneInfo
) -> dict[str, tuple[int, int]]:
    """By slug: how many were greeted, and how many there are in all."""
    counts = {}
    for occasion in occasions:
        sent = sent_for(reach, occasion, zone=zone).count()
        if occasion.kind == Occasion.BIRTHDAY:
            left = birthday_tasks(reach, today=today).order_by().count()
        else:
            left = still_to_greet(reach, occasion=occasion, today=today, zone=zone).count()
        counts[occasion.slug] = (sent, sent + left)
    return counts
