"""Special prices (特价申请): asked for, decided, and used by a quote under the floor (FIL-38)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from customers.models import Customer
from filings.models import SpecialPrice, SpecialPriceLine
from filings.rules import prices as rules
from filings.rules.deciders import Matter
from filings.services import decision_news as news
from filings.services.entering import moment
from filings.states import SpecialPriceState
from staff.models import Person
from stock.models import Style
from stock.queries.prices import lowest_on

NUMBER = re.compile(r"\s*TJ-?0*(\d{1,9})\s*\Z", re.IGNORECASE)


class PriceNotAsked(Refused):
    """A special price was not asked for."""

    messages = {
        "no_lines": _("Name at least one product with its list price and the price asked for."),
        "product_twice": _("A product stands twice. Keep one line of it."),
        "not_under_list": _("%(product)s: the price asked for lies under the list price."),
        "floor_over_list": _("%(product)s: the floor price is not above the list price."),
        "reason_missing": _("Say why the price is asked for."),
        "valid_until_is_past": _("Choose today or a later day until which the price is good."),
        "valid_until_is_far": _("A special price is good for %(days)s days at most."),
        "no_store": _("Only people of a store or team ask for special prices."),
    }


class PriceNotDecided(Refused):
    """A special price was not decided."""

    messages = {
        "decided_already": _("Somebody has decided this already."),
        "own_price": _("Nobody approves the own price."),
        "note_missing": _("Say why the price is refused."),
        "is_past": _("The last day of this price has passed. It has to be asked for anew."),
    }


class PriceNotApproved(Refused):
    """A quote under the floor is not carried by this number."""

    messages = {
        "unknown_number": _("There is no special price of this number."),
        "other_customer": _("This special price is another customer's."),
        "not_approved": _("This special price is not decided yet. Quote when it is approved."),
        "refused": _("This special price was refused."),
        "other_product": _("This product is not in the special price."),
        "expired": _("This special price was good until %(until)s."),
        "under_approved": _("The price lies under the approved ¥%(approved)s."),
    }


@dataclass(frozen=True, kw_only=True)
class Line(rules.PriceLine):
    """One product asked for; `style` where it is in the style master."""

    style: Style | None = None


def matter_of(price: SpecialPrice) -> Matter:
    """Who decides it: managers down to the floor, operations under it."""
    return rules.matter_of(
        rules.PriceLine(
            product=line.product, list_price=line.list_price, wished_price=line.wished_price,
            floor_price=line.floor_price,
        )
        for line in price.lines.all()
    )  # fmt: skip


def _with_floors(lines: Sequence[Line], *, on: date) -> list[Line]:
    """The lines with the floors that the style master knows (MER-10); who asks does not say how low
    a manager may go. Of free text, and where nobody knows one, the floor typed.
    """
    known = lowest_on([line.style for line in lines if line.style], on)
    return [
        replace(line, floor_price=known.get(line.style.pk) or line.floor_price)
        if line.style
        else line
        for line in lines
    ]


@transaction.atomic
def ask_price(
    *,
    customer: Customer,
    lines: Sequence[Line],
    reason: str,
    valid_until: date,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> SpecialPrice:
    """Ask to sell to this customer under the price system, until a day. Raises PriceNotAsked.

    The floor of a style is the one that quotes are held against, whatever is typed (forms 2.2).
    """
    at = moment(now)
    store = by.store
    if store is None:
        raise PriceNotAsked.because("no_store")
    refuse_if(
        PriceNotAsked,
        rules.asking_blockers(
            lines=lines, reason=reason, valid_until=valid_until, today=store.today(at)
        ),
    )
    lines = _with_floors(lines, on=store.today(at))
    with once(key=key, purpose="special_price", by=by) as form:
        if form.result_id:
            return SpecialPrice.objects.get(pk=form.result_id)

        price = SpecialPrice.objects.create(
            customer=customer, store=store, reason=reason.strip()[:400], valid_until=valid_until,
            asked_by=by, asked_at=at,
        )  # fmt: skip
        SpecialPriceLine.objects.bulk_create(
            SpecialPriceLine(
                application=price, product=line.product[:120], style=line.style,
                list_price=line.list_price, floor_price=line.floor_price,
                wished_price=line.wished_price,
            )
            for line in lines
        )  # fmt: skip

        audit.record(verb="ask_price", of=price, by=by, customer=customer.pk, lines=len(lines))
        form.result_id = price.pk
    news.tell_price_asked(price, matter=rules.matter_of(lines), by=by, now=at)
    return price


def _claim(price: SpecialPrice, **values: object) -> None:
    """Write the decision where none is. Raises PriceNotDecided."""
    waiting = SpecialPrice.objects.filter(pk=price.pk, state=SpecialPriceState.OPEN)
    if not waiting.update(**values):
        raise PriceNotDecided.because("decided_already")


@transaction.atomic
def decide_price(
    *,
    price: SpecialPrice,
    is_approved: bool,
    by: Person,
    note: str = "",
    now: datetime | None = None,
) -> None:
    """Approve a special price, or refuse it with a reason; the first who decides it decides.

    Who may go so low is the caller's concern. Raises PriceNotDecided.
    """
    at = moment(now)
    if by.pk == price.asked_by_id:
        raise PriceNotDecided.because("own_price")
    if not is_approved and not note.strip():
        raise PriceNotDecided.because("note_missing")
    if is_approved and price.valid_until < price.store.today(at):
        raise PriceNotDecided.because("is_past")

    _claim(
        price, state=SpecialPriceState.APPROVED if is_approved else SpecialPriceState.REFUSED,
        decided_by=by, decided_at=at, note=note.strip()[:200],
    )  # fmt: skip

    audit.record(verb="decide_price", of=price, by=by, reason=note, is_approved=is_approved)
    news.tell_price_decided(price, is_approved=is_approved, by=by, now=at)


def _line_of(price: SpecialPrice, product: str | Style) -> SpecialPriceLine | None:
    """The application's line of this product: by its style, else by its name."""
    for line in price.lines.all():
        if isinstance(product, Style):
            if line.style_id == product.pk:
                return line
        elif " ".join(line.product.split()).casefold() == " ".join(product.split()).casefold():
            return line
    return None


def approved_price(
    *,
    number: str,
    customer: Customer,
    product: str | Style,
    on: date,
    price: Decimal | None = None,
) -> SpecialPriceLine:
    """The approved line that carries a quote of `price` for this customer and product on a day.

    Raises PriceNotApproved: unknown, another customer's, not approved, another product's, past
    its last day, or higher than what is quoted.
    """
    typed = NUMBER.match(number)
    rows = SpecialPrice.objects.prefetch_related("lines")
    found = rows.filter(pk=int(typed[1])).first() if typed else None
    if found is None:
        raise PriceNotApproved.because("unknown_number")
    line = _line_of(found, product)
    refuse_if(
        PriceNotApproved,
        rules.using_blockers(
            state=found.state,
            is_customers=found.customer_id == customer.pk,
            approved=line.wished_price if line else None,
            valid_until=found.valid_until,
            on=on,
            price=price,
        ),
    )
    if line is None:
        raise PriceNotApproved.because("other_product")
    return line
