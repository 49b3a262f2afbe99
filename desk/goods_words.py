"""The words of a call list about goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.phones import mask_in_text
from customers.models import Customer
from customers.queries.interested import why_interested
from desk.services.goods_calls import Whom
from stock.models import Style
from stock.queries.calling import Calling, Why

WHY = {
    Why.SLOW: gettext_lazy("sells slowly"),
    Why.AGED: gettext_lazy("lies for long"),
    Why.CHEAPER: gettext_lazy("costs less now"),
}
FIRST_NAMES = 12


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One customer who is called: how warm, why, and by whom."""

    name: str
    url: str
    grade: str
    keeper: str
    store: str
    interests: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How many the guard keeps off for one reason; `names` for who may read them."""

    label: str
    count: int
    names: list[str] = field(default_factory=list)


def why_words(calling: Calling) -> list[str]:
    """Why customers are called about the style."""
    return [str(WHY[why]) for why in calling.reasons]


def caller_rows(style: Style, customers: Sequence[Customer]) -> list[Caller]:
    """Each with the interest that fits, the closest first and the warmest of them."""
    why = why_interested(style, [who.pk for who in customers])
    closest = {who.pk: why[who.pk][0] for who in customers}
    rows = sorted(customers, key=lambda who: (closest[who.pk], who.grade, who.pk))
    return [
        Caller(
            name=mask_in_text(who.name) or _("without a name"),
            url=reverse("desk:customer", args=[who.pk]),
            grade=who.grade,
            keeper=who.owner.name if who.owner else "–",
            store=who.store.name,
            interests=mask_in_text("、".join(why[who.pk][1][:3])),
        )
        for who in rows
    ]


def withheld_rows(told: Whom, by_key: Mapping[int, Customer]) -> list[Kept]:
    """Whom the guard keeps off, by its reason."""
    return [
        Kept(
            label=str(reason.label),
            count=len(keys),
            names=[mask_in_text(by_key[key].name) for key in keys[:FIRST_NAMES] if key in by_key],
        )
        for reason, keys in sorted(told.withheld.items())
    ]
