"""Tags: words by which a company groups its customers."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from core.refusals import Refused
from core.services import audit
from customers.models import Customer, Tag, TaggedCustomer
from staff.models import Person

LONGEST_TAG = 30
MOST_TAGS = 200


class TagNotChanged(Refused):
    """A tag was not made."""

    messages = {
        "name_missing": _("Name the tag."),
        "name_is_too_long": _("A tag has at most %(longest)s characters."),
        "name_holds_a_number": _("A tag holds no phone number."),
        "too_many_tags": _("There are %(most)s tags already. Use one of them, or remove one."),
    }


@transaction.atomic
def make_tag(*, name: str, by: Person, now: datetime) -> Tag:
    """The tag of this name, in whatever case; made where there is none. Raises TagNotChanged."""
    name = " ".join(name.split())
    if not name:
        raise TagNotChanged.because("name_missing")
    if len(name) > LONGEST_TAG:
        raise TagNotChanged.because("name_is_too_long", longest=LONGEST_TAG)
    if mask_in_text(name) != name:
        raise TagNotChanged.because("name_holds_a_number")
    known = Tag.objects.filter(name__iexact=name).first()
    if known is not None:
        return known
    if Tag.objects.count() >= MOST_TAGS:
        raise TagNotChanged.because("too_many_tags", most=MOST_TAGS)

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_tag (name, made_at, made_by_id) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [name, now, by.pk],
        )
    return Tag.objects.get(name__iexact=name)


@transaction.atomic
def tag_customers(*, tag: Tag, customers: Sequence[int], by: Person, now: datetime) -> int:
    """Give these customers the tag; who has it keeps it. Answers with how many were new."""
    rows = [
        TaggedCustomer(customer_id=pk, tag=tag, tagged_at=now, tagged_by=by)
        for pk in sorted(set(customers))
    ]
    before = tag.tagged.count()
    TaggedCustomer.objects.bulk_create(rows, ignore_conflicts=True)
    made = tag.tagged.count() - before
    audit.record(verb="tag", of=tag, by=by, customers=len(rows))
    return made


@transaction.atomic
def untag_customers(*, tag: Tag, customers: Sequence[int], by: Person, now: datetime) -> int:
    """Take the tag from these customers. Answers with how many had it."""
    removed, _by_table = tag.tagged.filter(customer__in=list(customers)).delete()
    audit.record(verb="untag", of=tag, by=by, customers=removed)
    return removed


@transaction.atomic
def set_tags(*, customer: Customer, tags: Sequence[Tag], by: Person, now: datetime) -> None:
    """Let the customer have exactly these tags."""
    had = set(customer.tagged.values_list("tag", flat=True))
    wanted = {tag.pk: tag for tag in tags}
    for pk in had - wanted.keys():
        customer.tagged.filter(tag=pk).delete()
    for pk in wanted.keys() - had:
        TaggedCustomer.objects.get_or_create(
            customer=customer, tag=wanted[pk], defaults={"tagged_at": now, "tagged_by": by}
        )
    if had != wanted.keys():
        audit.record(verb="set_tags", of=customer, by=by, tags=sorted(wanted))
