"""Another price of a style from a day on, in one office or many (MER-09, MER-10, MER-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from staff.models import Person, Store
from stock.models import OfficePrice, Style
from stock.queries.prices import (
    Sold,
    approved_markdown,
    floor_of,
    plain_price,
    price_steps,
    sold_in,
)
from stock.queries.terms import terms_on
from stock.rules.floor import floor_blockers
from stock.rules.price_paths import (
    Step,
    day_blockers,
    lowering_blockers,
    standing_on,
    was_marked_down,
)
from stock.services.figure_sets import ask_standing

MOST_DAYS = 366


class PriceNotSet(Refused):
    """The price was left as it is."""

    messages = {
        "no_price": _("Say the counter price, the current price, or both."),
        "no_office": _("Choose where the price holds."),
        "is_past": _("Choose today or a later day: what was sold until now was sold at its price."),
        "is_far": _("A price begins within %(days)s days."),
        "nothing_changed": _("This price holds there on that day already."),
        "lower_by_proposal": _(
            "The price there is ¥%(price)s. Propose a markdown to lower it: operations approve it."
        ),
        "under_floor": _(
            "The price lies under the break-even price of ¥%(floor)s. Only a dead style that was "
            "marked down before goes lower, or with the number of an approved markdown."
        ),
        "number_unknown": _(
            "There is no approved markdown of this style under its break-even price with this "
            "number."
        ),
        "number_elsewhere": _("The markdown of this number was approved for another place."),
        "number_higher": _(
            "The markdown of this number was approved for ¥%(price)s, not for less."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class NewPrice:
    """Yuan a pair from a day on; None: as before. `approval` is the number of an approved markdown
    that lets it go under the floor, "" without.
    """

    from_on: date
    counter: Decimal | None = None
    current: Decimal | None = None
    approval: str = ""


@transaction.atomic
def set_price(
    *,
    style: Style,
    offices: Sequence[Store],
    price: NewPrice,
    may_lower: bool,
    reason: str,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> None:
    """Let a price hold in these offices from a day on: a step of its path, in place of one of the
    same day. Raises PriceNotSet, and then nothing is changed anywhere.

    Only who `may_lower` lowers the price that holds there; under the floor it goes as
    `stock.rules.floor.floor_blockers` says. The same form again changes nothing.
    """
    with once(key=key, purpose="goods_price", by=by) as form:
        if form.result_id:
            return
        today = timezone.localdate(now or database_now())
        style = Style.objects.select_for_update().get(pk=style.pk)
        found = [] if price.counter or price.current else [Blocker("no_price")]
        found += [] if offices else [Blocker("no_office")]
        found += day_blockers(from_on=price.from_on, today=today, most_days=MOST_DAYS)
        refuse_if(PriceNotSet, found)
        is_approved = _is_approved(style, offices, price)
        changed = _changed(style, offices, price, may_lower=may_lower, is_approved=is_approved)

        OfficePrice.objects.bulk_create(
            [
                OfficePrice(
                    style=style, office=office, from_on=price.from_on, counter_price=price.counter,
                    current_price=price.current,
                )
                for office in changed
            ],
            update_conflicts=True,
            unique_fields=["style", "office", "from_on"],
            update_fields=[
                name
                for name, value in (
                    ("counter_price", price.counter),
                    ("current_price", price.current),
                )
                if value is not None
            ],
        )  # fmt: skip
        audit.record(
            verb="set_goods_price", of=style, by=by, reason=reason,
            offices=[office.pk for office in changed], from_on=price.from_on.isoformat(),
            counter=_text(price.counter), current=_text(price.current), approval=price.approval,
        )  # fmt: skip
        ask_standing(now=now)
        form.result_id = style.pk


def _text(price: Decimal | None) -> str:
    return "" if price is None else str(price)


def _is_approved(style: Style, offices: Sequence[Store], price: NewPrice) -> bool:
    """Whether a number was given that lets this price go under the floor. Raises PriceNotSet."""
    if not price.approval:
        return False
    proposal = approved_markdown(style, price.approval)
    if proposal is None or proposal.new_price is None:
        raise PriceNotSet.because("number_unknown")
    if proposal.office_id and any(office.pk != proposal.office_id for office in offices):
        raise PriceNotSet.because("number_elsewhere")
    lowest = min(each for each in (price.counter, price.current) if each is not None)
    if lowest < proposal.new_price:
        allowed = f"{proposal.new_price:,.2f}".removesuffix(".00")
        raise PriceNotSet.because("number_higher", price=allowed)
    return True


def _changed(
    style: Style, offices: Sequence[Store], price: NewPrice, *, may_lower: bool, is_approved: bool
) -> list[Store]:
    """The offices in which the price changes something. Raises PriceNotSet."""
    keys = [office.pk for office in offices]
    steps, sold = price_steps(style, keys), sold_in(style, keys)
    floor = floor_of(style, terms_on(price.from_on), on=price.from_on).value
    new = Step(from_on=price.from_on, counter=price.counter, current=price.current)
    plain = plain_price(style)
    changed, found = [], []
    for office in offices:
        path = steps.get(office.pk, [])
        before = standing_on(path, price.from_on, plain=plain)
        after = standing_on(_with(path, new), price.from_on, plain=plain)
        if before == after and path:
            continue
        changed.append(office)
        # The first price of an office is its own level; sold below that, it is marked down.
        found += lowering_blockers(
            price=after.current, until_now=before.current if path else after.counter,
            may_lower=may_lower or is_approved,
        )  # fmt: skip
        found += _floor_blockers(
            price, floor, sold[office.pk], is_approved=is_approved,
            was_cut=was_marked_down(path, before=price.from_on, plain=plain),
        )  # fmt: skip
    refuse_if(PriceNotSet, _each_once(found) if changed else [Blocker("nothing_changed")])
    return changed


def _with(path: list[Step], new: Step) -> list[Step]:
    """The path with one more step, after what stands on its day."""
    return sorted([*path, new], key=lambda step: step.from_on)


def _floor_blockers(
    price: NewPrice, floor: Decimal | None, sold: Sold, *, is_approved: bool, was_cut: bool
) -> list[Blocker]:
    lowest = min(each for each in (price.counter, price.current) if each is not None)
    return floor_blockers(
        price=lowest, floor=floor, style_class=sold.style_class,
        was_marked_down=was_cut or sold.is_promoted, is_approved=is_approved,
    )  # fmt: skip


def _each_once(blockers: list[Blocker]) -> list[Blocker]:
    """The first of each code: many offices stop a price for the same reason."""
    return list({blocker.code: blocker for blocker in reversed(blockers)}.values())[::-1]
