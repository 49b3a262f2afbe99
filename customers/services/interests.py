"""What a customer is interested in: brands, styles, or words of their own (forms 2.7)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from core.services.once import once
from customers.models import Customer, Interest
from staff.models import Person
from stock.models import Brand, Style

MOST = 30


class InterestNotNoted(Refused):
    """An interest was not noted."""

    messages = {
        "nothing_named": _("Name a product, a style or a brand."),
        "too_many": _("%(most)s interests are kept for a customer at most. Remove one first."),
    }


def style_words(style: Style) -> str:
    """How a style is written and read back: brand and number."""
    return f"{style.brand.name} {style.number}"


def _read(text: str) -> dict[str, object]:
    """What the words name: a style with its brand, a style number that only one has, a brand, or
    themselves."""
    styles = Style.objects.select_related("brand").order_by("pk")
    brand_name, _space, number = text.rpartition(" ")
    style = styles.filter(brand__name__iexact=brand_name, number__iexact=number).first()
    if style is None:
        alone = list(styles.filter(number__iexact=text)[:2])
        style = alone[0] if len(alone) == 1 else None
    if style is not None:
        return {"style": style, "brand": style.brand, "text": style_words(style)[:120]}
    brand = Brand.objects.filter(name__iexact=text).order_by("pk").first()
    return {"brand": brand, "text": brand.name if brand else text}


@transaction.atomic
def add_interest(
    *, customer: Customer, text: str, by: Person, now: datetime, key: UUID
) -> Interest | None:
    """Note one interest; the same words noted before stay one. Raises InterestNotNoted."""
    text = " ".join(text.split())
    if not text:
        raise InterestNotNoted.because("nothing_named")

    with once(key=key, purpose="interest", by=by) as form:
        if form.result_id:
            return Interest.objects.filter(pk=form.result_id).first()
        read = _read(text)
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        noted = Interest.objects.filter(customer=customer)
        interest = noted.filter(text__iexact=str(read["text"])).first()
        if interest is None:
            if noted.count() >= MOST:
                raise InterestNotNoted.because("too_many", most=MOST)
            interest = Interest.objects.create(customer=customer, noted_at=now, noted_by=by, **read)
            audit.record(verb="add_interest", of=customer, by=by, interest=interest.pk)
        form.result_id = interest.pk
    return interest


@transaction.atomic
def remove_interest(*, interest: Interest, by: Person, now: datetime) -> None:
    """Take one interest off the card; twice does no harm."""
    gone, _rows = Interest.objects.filter(pk=interest.pk).delete()
    if gone:
        audit.record(verb="remove_interest", of=interest.customer, by=by, interest=interest.pk)
