"""What stands on the page where something is proposed for a style: its figures, size by size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.amounts import money_text
from core.days import day_text
from staff.models import Store
from stock.figures.facts import facts_of
from stock.figures.of_row import Asked, figures_of, order_by
from stock.figures.summing import parts_of
from stock.models import Figure, FigureSet, Style
from stock.queries.classes import Classes
from stock.queries.pricing import Priced
from stock.queries.situations import cores_of, places_of
from stock.rules.proposing import Place, lower_price, move_sizes, order_sizes
from stock.rules.supply import replenish_quantity
from stock.rules.terms import Terms
from stock.states import FigureLevel, ProposalKind, StyleClass
from stock.wording.counts import days_words, pairs_words


@dataclass(frozen=True, kw_only=True)
class SizeRow:
    """One size on the form: what lies, comes and sold here, what lies there, what is proposed."""

    size: str
    here: int
    coming: int
    sold: int
    there: int
    proposed: int


def together(places: Sequence[Place], *, office: int = 0) -> Place:
    """Several offices as one: pairs add up, the pace is that of the longest window."""

    def sums(name: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for place in places:
            for size, pairs in getattr(place, name).items():
                found[size] = found.get(size, 0) + pairs
        return found

    window = max((place.window for place in places), default=0)
    return Place(
        office=office, stock=sums("stock"), coming=sums("coming"), sold=sums("sold"), window=window
    )


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a proposal is made on: the row of the place, its sizes, the giver's; None unknown."""

    known: FigureSet | None
    row: Figure | None
    place: Place
    giver: Place | None
    core: tuple[str, ...]
    asked: Asked

    @property
    def as_of(self) -> date:
        return self.asked.as_of

    def facts(self) -> dict[str, Any]:
        return facts_of(self.row, self.asked) if self.row else {}

    def pairs(self) -> int:
        """补货量 of the place, by its row of figures."""
        if self.row is None:
            return 0
        found = replenish_quantity(
            stock=self.row.closing,
            in_transit=self.row.in_transit,
            sold=self.row.window_sold,
            window=self.row.window_days,
            cover=self.asked.cover_days,
        )
        return int(found.value or 0)

    def order_before(self) -> date | None:
        return (
            order_by(figures_of(parts_of(self.row), self.asked), self.asked) if self.row else None
        )

    def proposed(self, kind: ProposalKind) -> Mapping[str, int]:
        cover = self.asked.cover_days
        if kind == ProposalKind.TRANSFER:
            if self.giver is None:
                return {}
            return move_sizes(giver=self.giver, taker=self.place, cover=cover, core=self.core)
        return order_sizes(self.place, pairs=self.pairs(), cover=cover, core=self.core)

    def sizes(self, kind: ProposalKind) -> list[SizeRow]:
        """Every size that lay, came or sold in one of the places; one nameless where none did."""
        proposed = self.proposed(kind)
        both = Place(office=0, stock={**(self.giver.stock if self.giver else {}), **proposed})
        range_ = together([self.place, both]).sizes or [""]
        return [
            SizeRow(
                size=size,
                here=self.place.stock.get(size, 0),
                coming=self.place.coming.get(size, 0),
                sold=self.place.sold.get(size, 0),
                there=self.giver.stock.get(size, 0) if self.giver else 0,
                proposed=proposed.get(size, 0),
            )
            for size in range_
        ]


def basis_of(
    style: Style,
    *,
    office: Store | None,
    giver: Store | None,
    offices: Sequence[Store],
    known: FigureSet | None,
    today: date,
    terms: Terms,
) -> Basis:
    """What is known of a style in an office (or in all these `offices`) and where pairs come from.

    `terms` say the days to cover and the lead time. Six queries at most.
    """
    rows = list(
        Figure.objects.filter(set=known, style=style).exclude(level=FigureLevel.REGION)
        if known
        else []
    )
    at = {row.office_id: row for row in rows}
    as_of = known.as_of if known else today
    wanted = [office] if office else list(offices)
    keys = [*wanted, *([giver] if giver else [])]
    blank = {each.pk: Figure(style=style, office=each, window_days=0) for each in keys}
    places = places_of([at.get(each.pk, blank[each.pk]) for each in keys], as_of=as_of, terms=terms)
    return Basis(
        known=known,
        row=at.get(office.pk if office else None),
        place=together([places[style.pk, each.pk] for each in wanted]),
        giver=places[style.pk, giver.pk] if giver else None,
        core=cores_of(places).get(style.pk, ()),
        asked=Asked(as_of=as_of, terms=terms),
    )


def facts_shown(basis: Basis, classes: Classes, *, today: date) -> list[tuple[str, str]]:
    """The figures above the form, with days on sale beside the rates (MER-17)."""
    facts = basis.facts()
    if not facts:
        return [(_("Figures"), _("None yet for this place."))]
    return facts_rows(facts, as_of=basis.as_of, today=today, given=classes.override)


def facts_rows(
    facts: Mapping[str, Any], *, as_of: date, today: date, given: Any = None
) -> list[tuple[str, str]]:
    """Kept facts in words; what could not be told is a dash."""
    supply, through = facts.get("days_of_supply"), facts.get("sell_through")
    on_sale = facts.get("days_on_sale")
    computed = facts.get("style_class")
    label = str(StyleClass(computed).label) if computed else "–"
    if given is not None:
        label = f"{label} → {StyleClass(given.style_class).label} ({given.set_by.name})"
    lying = _("%(pairs)s, %(coming)s on the way") % {
        "pairs": pairs_words(int(facts.get("stock", 0))), "coming": facts.get("in_transit", 0),
    }  # fmt: skip
    return [
        (_("Figures as of"), day_text(as_of, today=today)),
        (_("Class"), label),
        (_("Days on sale"), "–" if on_sale is None else str(on_sale)),
        (_("Stock"), lying),
        (
            _("Sold lately"),
            _("%(sold)s in %(days)s")
            % {
                "sold": pairs_words(int(facts.get("window_sold", 0))),
                "days": days_words(int(facts.get("window_days", 0))),
            },
        ),
        (_("Days of supply"), "–" if supply is None else supply.split(".")[0]),
        (_("Sell-through"), "–" if through is None else f"{float(through):.1%}"),
    ]


def price_facts(there: Priced, *, terms: Terms) -> list[tuple[str, str]]:
    """The price until now, the floor, and how far it may go down."""
    lower = next_price(there, terms=terms)
    rows = [(_("Price until now"), money_text(there.highest))]
    if there.floor is not None:
        rows.append((_("Break-even price"), money_text(there.floor)))
    if lower is not None:
        rows.append((_("Suggested"), money_text(lower)))
    if there.was_marked_down:
        rows.append((_("Marked down before"), _("yes")))
    return rows


def next_price(there: Priced, *, terms: Terms) -> Decimal | None:
    """The price that is suggested there; None where there is no room."""
    return lower_price(
        current=there.highest,
        floor=there.floor,
        style_class=there.style_class,
        was_marked_down=there.was_marked_down,
        terms=terms,
    )
