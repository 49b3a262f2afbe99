"""What happened with one customer, as rows of one shape that other rooms' rows can join."""

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    Func,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from customers.models import Contact, Customer, GradeChange, OwnedProduct

# One row: its kind and key, when, who, up to three codes of the kind's own, text, and standing.
TIMELINE_COLUMNS = ("at", "kind", "row", "who", "code", "code2", "code3", "text", "standing")


class TimelineKind(TextChoices):
    """What a row of the timeline is; also their order within one moment."""

    REGISTERED = "a_registered"
    GRADE = "b_grade"
    TASK = "c_task"
    PRODUCT = "d_product"
    CONTACT = "e_contact"


def contacts_of(customer: Customer) -> QuerySet[Contact]:
    """The contacts of one customer, newest first."""
    return customer.contacts.select_related("by", "on_behalf_of", "voided_by").order_by(
        "-occurred_at", "-pk"
    )


def as_rows(rows: QuerySet, **columns: object) -> QuerySet:
    """`rows` in the shape of the timeline; columns that are not given are empty."""
    given = {name: columns.get(name, Value("")) for name in TIMELINE_COLUMNS}
    # Aliased, because some models have columns of these names.
    shaped = rows.annotate(**{f"tl_{name}": value for name, value in given.items()})
    return shaped.values_list(*(f"tl_{name}" for name in TIMELINE_COLUMNS))


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _contacts(customer: Customer) -> QuerySet:
    standing = Case(
        When(voided_at__isnull=False, then=_text("void")),
        When(reached=False, then=_text("no")),
        When(is_late_entry=True, then=_text("late")),
        When(is_imported=True, then=_text("imported")),
        default=_text(""),
    )
    return as_rows(
        Contact.objects.filter(customer=customer),
        at=F("occurred_at"),
        kind=_text(TimelineKind.CONTACT),
        row=F("pk"),
        who=F("by__name"),
        code=F("channel"),
        code2=F("outcome"),
        code3=F("reason"),
        text=F("note"),
        standing=standing,
    )


def _grades(customer: Customer) -> QuerySet:
    return as_rows(
        GradeChange.objects.filter(customer=customer),
        at=F("at"),
        kind=_text(TimelineKind.GRADE),
        row=F("pk"),
        who=F("by__name"),
        code=F("before"),
        code2=F("after"),
        text=F("reason"),
    )


def _registered(customer: Customer) -> QuerySet:
    return as_rows(
        Customer.objects.filter(pk=customer.pk),
        at=F("registered_at"),
        kind=_text(TimelineKind.REGISTERED),
        row=F("pk"),
        who=F("registered_by__name"),
        code=F("source"),
    )


class MidnightOf(Func):
    """The beginning of a day in the company's zone."""

    arg_joiner = "::timestamp AT TIME ZONE "
    template = "(%(expressions)s)"
    output_field = DateTimeField()

    def __init__(self, day: Combinable) -> None:
        super().__init__(day, Value(settings.TIME_ZONE))


def _products(customer: Customer) -> QuerySet:
    day = Coalesce("delivered_on", "purchased_on")
    return as_rows(
        OwnedProduct.objects.filter(customer=customer),
        at=Coalesce("delivered_at", MidnightOf(day)),
        kind=_text(TimelineKind.PRODUCT),
        row=F("pk"),
        who=Coalesce("sold_by__name", _text("")),
        code=Case(
            When(delivered_on__isnull=False, then=_text("delivered")), default=_text("purchased")
        ),
        text=F("product"),
        standing=Case(When(delivered_at__isnull=True, then=_text("day")), default=_text("")),
    )


def timeline_rows(customer: Customer) -> list[QuerySet]:
    """The rows of this room: contacts, grade changes, the registration, products."""
    return [_contacts(customer), _grades(customer), _registered(customer), _products(customer)]
