"""What the red lists suggest: reckoned when looked at, kept only once taken up (MER-13)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.amounts import money_text
from staff.models import Store
from stock.figures.of_row import Asked, figures_of, order_by, supply_of
from stock.figures.summing import parts_of
from stock.models import Figure, FigureSet
from stock.queries.classes import selling_in_regions
from stock.queries.prices import floors_of, plain_price, prices_on
from stock.queries.reckoned import RED_CLASSES
from stock.queries.situations import (
    OpenProposals,
    cores_of,
    office_rows,
    open_proposals,
    places_of,
    with_goods,
)
from stock.rules.proposing import Move, Place, lower_price, moves_between, order_sizes
from stock.rules.supply import Red, red_list
from stock.rules.terms import Terms
from stock.showing.addresses import style_page
from stock.states import ProposalKind, StyleClass
from stock.wording.counts import days_words


@dataclass(frozen=True, kw_only=True)
class MoveShown:
    """Pairs that another office can send: `has` lie there now."""

    giver: str
    has: int
    pairs: int
    sizes: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """One style in one office on a red list, and what could be done about it."""

    style: str
    style_url: str
    office: str
    region: str
    computed: str
    given: str
    stock: int
    coming: int
    window_sold: int
    lasts: str
    days_on_sale: str
    order_before: date | None = None
    moves: Sequence[MoveShown] = field(default_factory=list)
    order_pairs: int = 0
    order_sizes: str = ""
    order_url: str = ""
    price: str = ""
    new_price: str = ""
    floor: str = ""
    price_url: str = ""
    wider: str = ""
    give_url: str = ""
    is_sold_out: bool = False
    open_order: int | None = None
    open_move: int | None = None
    open_price: int | None = None


def sizes_text(sizes: Mapping[str, int]) -> str:
    """36×2 37×6; a style without sizes says nothing but its pairs."""
    return " ".join(f"{size}×{pairs}" for size, pairs in sizes.items() if size)


def lasts_words(row: Figure, asked: Asked) -> str:
    """Days of supply, rounded down as they are shown, or that nothing sold to reckon them by."""
    days = supply_of(parts_of(row), asked).value
    if days is not None:
        return days_words(int(days))
    return _("nothing sold in %(days)s") % {"days": days_words(asked.terms.window_days)}


def _propose_url(style: int, kind: ProposalKind, office: int, **more: int) -> str:
    said = {"kind": kind.value, "office": office, **more}
    return f"{reverse('stock:propose', args=[style])}?{urlencode(said)}"


def sells_wider(region: tuple[str, StyleClass]) -> str:
    """郑州整体：畅. What speaks against a markdown in one of its offices."""
    name, held = region
    return _("%(region)s as a whole: %(class)s.") % {"region": name, "class": held.label}


def give_url(style: int, office: int) -> str:
    """Where a transfer from this office is proposed; to whom is chosen there."""
    said = {"kind": ProposalKind.TRANSFER.value, "from": office}
    return f"{reverse('stock:propose', args=[style])}?{urlencode(said)}"


def held_red(row: Figure, *, asked: Asked) -> Red | None:
    """On which red list a row with `held_class` stands."""
    held: str = getattr(row, "held_class", "")
    if not any(held in classes for classes in RED_CLASSES.values()):
        return None
    days = supply_of(parts_of(row), asked)
    return red_list(days, style_class=StyleClass(held), terms=asked.terms)


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that is known about the styles of a page, in all offices the reader may see."""

    asked: Asked
    rows: Sequence[Figure]
    places: Mapping[tuple[int, int], Place]
    cores: Mapping[int, tuple[str, ...]]
    prices: Mapping[tuple[int, int], Decimal]
    floors: Mapping[int, Decimal | None]
    proposed: OpenProposals
    selling: Mapping[tuple[int, int], tuple[str, StyleClass]]

    @classmethod
    def of(
        cls,
        styles: Collection[int],
        *,
        known: FigureSet,
        offices: QuerySet[Store],
        terms: Terms,
        tells_regions: bool,
    ) -> "Known":
        """Of the styles of these keys. Nine queries, however many; `tells_regions` to whoever
        reads them.
        """
        asked = Asked(as_of=known.as_of, terms=terms)
        keys = set(styles)
        rows = list(with_goods(office_rows(known, offices=offices).filter(style__in=keys)))
        held = list({row.style_id: row.style for row in rows}.values())
        places = places_of(rows, as_of=known.as_of, terms=terms)
        where = {row.office_id for row in rows if row.office_id}
        return cls(
            asked=asked,
            rows=rows,
            places=places,
            cores=cores_of(places),
            prices=prices_on(held, offices=where, on=known.as_of),
            floors={
                pk: floor.value for pk, floor in floors_of(held, terms, on=known.as_of).items()
            },
            proposed=open_proposals(keys),
            selling=selling_in_regions(known, keys) if tells_regions else {},
        )

    @cached_property
    def _by_place(self) -> Mapping[tuple[int, int | None], list[Figure]]:
        found: defaultdict[tuple[int, int | None], list[Figure]] = defaultdict(list)
        for row in self.rows:
            found[row.style_id, row.region_id].append(row)
        return found

    def moves(self, style: int, region: int | None) -> list[Move]:
        """Who could send what to whom inside a region: the shortest supply is served first."""
        rows = self._by_place.get((style, region), [])
        reds = {row.pk for row in rows if self._is_short(row)}
        takers = sorted(
            (row for row in rows if row.pk in reds),
            key=lambda row: (row.closing * row.window_days / max(row.window_sold, 1), row.pk),
        )
        givers = [row for row in rows if row.pk not in reds]
        return moves_between(
            self._at(givers),
            self._at(takers),
            cover=self.asked.cover_days,
            core=self.cores.get(style, ()),
        )

    def _is_short(self, row: Figure) -> bool:
        """Whether an office that sells is about to run out."""
        sells = row.office is not None and not row.office.is_warehouse
        return sells and held_red(row, asked=self.asked) == Red.REORDER

    def _at(self, rows: Sequence[Figure]) -> list[Place]:
        return [self.places[row.style_id, row.office_id] for row in rows if row.office_id]

    def of_keys(self, keys: Sequence[int]) -> list[Figure]:
        """The rows of these keys, in their order, with all that is said of them."""
        by_key = {row.pk: row for row in self.rows}
        return [by_key[key] for key in keys]

    def name(self, office: int) -> Store | None:
        return next((row.office for row in self.rows if row.office_id == office), None)


def suggested(rows: Sequence[Figure], *, red: Red, known: Known) -> list[Suggested]:
    """What is suggested for these rows of one red list."""
    if red == Red.MARK_DOWN:
        return [_to_mark_down(row, known) for row in rows]
    moves: defaultdict[tuple[int, int], list[Move]] = defaultdict(list)
    for style, region in {(row.style_id, row.region_id) for row in rows}:
        for move in known.moves(style, region):
            moves[style, move.taker].append(move)
    return [_to_reorder(row, moves[row.style_id, row.office_id or 0], known) for row in rows]


def _basis(row: Figure, known: Known) -> Suggested:
    """What is told of a row on either list."""
    given: str = getattr(row, "given_class", "") or ""
    on_sale = figures_of(parts_of(row), known.asked)["days_on_sale"].value
    return Suggested(
        style=f"{row.style.brand.name} {row.style.number}",
        style_url=style_page(row.style),
        office=row.office.name if row.office else "",
        region=row.office.region.name if row.office else "",
        computed=str(StyleClass(row.style_class).label) if row.style_class else "–",
        given=str(StyleClass(given).label) if given else "",
        stock=row.closing,
        coming=row.in_transit,
        window_sold=row.window_sold,
        lasts=lasts_words(row, known.asked),
        days_on_sale="–" if on_sale is None else str(int(on_sale)),
    )


def _to_reorder(row: Figure, moves: Sequence[Move], known: Known) -> Suggested:
    office, style = row.office_id or 0, row.style_id
    told = figures_of(parts_of(row), known.asked)
    place, cover = known.places[style, office], known.asked.cover_days
    rest = max(0, int(told["replenish"].value or 0) - sum(move.pairs for move in moves))
    sizes = order_sizes(place, pairs=rest, cover=cover, core=known.cores.get(style, ()))
    return replace(
        _basis(row, known),
        order_before=order_by(told, known.asked),
        moves=[_move_shown(move, style, known) for move in moves],
        order_pairs=rest,
        is_sold_out=not rest and not moves and row.closing <= 0 and row.window_sold <= 0,
        order_sizes=sizes_text(sizes),
        order_url=_propose_url(style, ProposalKind.REORDER, office),
        open_order=known.proposed.of(style, office, ProposalKind.REORDER),
        open_move=known.proposed.of(style, office, ProposalKind.TRANSFER),
    )


def _move_shown(move: Move, style: int, known: Known) -> MoveShown:
    giver = known.name(move.giver)
    url = _propose_url(style, ProposalKind.TRANSFER, move.taker, **{"from": move.giver})
    return MoveShown(
        giver=giver.name if giver else "",
        has=sum(known.places[style, move.giver].stock.values()),
        pairs=move.pairs,
        sizes=sizes_text(move.sizes),
        url=url,
    )


def _to_mark_down(row: Figure, known: Known) -> Suggested:
    office, style = row.office_id or 0, row.style
    price = known.prices.get((style.pk, office), plain_price(style))
    floor = known.floors[style.pk]
    held: str = getattr(row, "held_class", "")
    lower = lower_price(
        current=price,
        floor=floor,
        style_class=StyleClass(held) if held else None,
        was_marked_down=row.is_promoted or price < plain_price(style),
        terms=known.asked.terms,
    )
    wider = known.selling.get((style.pk, row.region_id or 0))
    return replace(
        _basis(row, known),
        wider=sells_wider(wider) if wider else "",
        give_url=give_url(style.pk, office) if wider else "",
        price=money_text(price),
        new_price=money_text(lower) if lower is not None else "",
        floor=money_text(floor) if floor is not None else "",
        price_url=_propose_url(style.pk, ProposalKind.MARK_DOWN, office),
        open_price=known.proposed.of(style.pk, office, ProposalKind.MARK_DOWN),
    )
