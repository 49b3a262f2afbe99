"""The timeline of a customer: the rooms' rows united in SQL, a page at a time.

A filter decides which parts run at all; what is not asked for is not read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.languages import reads_chinese
from core.listing.keyset import BadPlace, Order, Place, SortKey
from customers.models import Customer
from customers.queries import TIMELINE, TimelineKind
from customers.queries.timeline import NAMED
from desk.timeline_rows import Row
from desk.timeline_words import Entry, entry_of
from followups.queries.timeline import CARE_TIMELINE
from orders.queries.on_card import ALL_PAPERS, PapersSeen, papers_seen
from orders.queries.timeline import ORDER_TIMELINE
from staff.scope import ATTACHMENT_ROLES, ORDER_READERS, Reach

PAGE_SIZE = 25


@dataclass(frozen=True)
class Timeline:
    """One page of entries, newest first, and the place where the next one begins."""

    entries: list[Entry]
    earlier: str


MEASURINGS = """
    SELECT measuring.at AS at, 'dc_measuring' AS kind, measuring.id AS row, measuring.by_id AS who,
           CASE WHEN contact.voided_at IS NULL THEN '' ELSE 'void' END AS code, '' AS code2,
           '' AS code3, concat_ws(' · ', NULLIF(measuring.place, ''), NULLIF(measuring.note, ''))
           AS text, '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM filings_measuring measuring
      JOIN customers_contact contact ON contact.id = measuring.contact_id
     WHERE measuring.customer_id = %(customer)s
    """
# The other person is whoever has the credit, where that is not who took the deposit.
DEALS = """
    SELECT deal.at AS at, 'dca_deal' AS kind, deal.id AS row, deal.closer_id AS who,
           CASE WHEN deal.undone_at IS NULL THEN '' ELSE 'void' END AS code, '' AS code2,
           COALESCE(deal.amount::text, '') AS code3, deal.order_no AS text, '' AS standing,
           NULLIF(deal.credited_to_id, deal.closer_id) AS other, NULL::timestamptz AS entered
      FROM filings_deal deal WHERE deal.customer_id = %(customer)s
    """
DEALS_UNDONE = """
    SELECT deal.undone_at AS at, 'dcb_deal_undone' AS kind, deal.id AS row,
           deal.undone_by_id AS who, '' AS code, '' AS code2, deal.order_no AS code3,
           deal.undone_reason AS text, '' AS standing, NULL::bigint AS other,
           NULL::timestamptz AS entered
      FROM filings_deal deal
     WHERE deal.customer_id = %(customer)s AND deal.undone_at IS NOT NULL
    """
PARTS: Mapping[TimelineKind, str] = {
    **TIMELINE, **CARE_TIMELINE, TimelineKind.MEASURING: MEASURINGS,
    TimelineKind.DEAL: DEALS, TimelineKind.DEAL_UNDONE: DEALS_UNDONE, **ORDER_TIMELINE,
}  # fmt: skip
PAPERS = frozenset(ORDER_TIMELINE)


@dataclass(frozen=True)
class Filter:
    """One chip above the timeline: its name in the address, its word, and the kinds it shows."""

    name: str
    label: object
    kinds: Sequence[TimelineKind]


FILTERS = (
    Filter("", gettext_lazy("All"), tuple(PARTS)),
    Filter(
        "contacts",
        gettext_lazy("Contacts"),
        (TimelineKind.CONTACT, TimelineKind.ARRIVAL, TimelineKind.INQUIRY),
    ),
    Filter(
        "grades",
        gettext_lazy("Grades"),
        (TimelineKind.GRADE, TimelineKind.PROPOSAL, TimelineKind.INTENT),
    ),
    Filter(
        "care",
        gettext_lazy("Care"),
        (
            TimelineKind.SURVEY,
            TimelineKind.CASE,
            TimelineKind.GREETING,
            TimelineKind.INVITED,
            TimelineKind.REPORTED_UP,
            TimelineKind.TASK,
        ),
    ),
    Filter(
        "products",
        gettext_lazy("Products"),
        (TimelineKind.PRODUCT, TimelineKind.REDELIVERED, TimelineKind.EVENT),
    ),
    Filter(
        "sales",
        gettext_lazy("Opportunities"),
        (TimelineKind.STAGE, TimelineKind.DEAL, TimelineKind.DEAL_UNDONE),
    ),
    Filter(
        "orders",
        gettext_lazy("Orders"),
        (TimelineKind.QUOTE, TimelineKind.ORDER),
    ),
    Filter(
        "appointments",
        pgettext_lazy("place", "Appointments"),
        (TimelineKind.BOOKED, TimelineKind.APPOINTMENT, TimelineKind.MEASURING),
    ),
    Filter("pictures", gettext_lazy("Pictures"), (TimelineKind.PICTURE,)),
    Filter(
        "card",
        gettext_lazy("Card"),
        (
            TimelineKind.REGISTERED,
            TimelineKind.KEEPER,
            TimelineKind.QUIET,
            TimelineKind.CHANGED,
            TimelineKind.MEMBER,
            TimelineKind.KEY_PERSON,
            TimelineKind.MERGE,
        ),
    ),
)
NEWEST = "ORDER BY at DESC, kind DESC, row DESC LIMIT %(most)s"
BEHIND = "WHERE (at, kind, row) < (%(at)s::timestamptz, %(kind)s, %(row)s)"
ORDER = Order(SortKey(name="at", field="at", kind=datetime), is_descending=True)


def filters_for(reader: Reach) -> list[Filter]:
    """The filters of this reader: who may not see a customer's pictures is told nothing of them,
    nor of orders who reads none.
    """
    untold: set[TimelineKind] = set()
    if not reader.has_role(ATTACHMENT_ROLES):
        untold.add(TimelineKind.PICTURE)
    if not reader.has_role(ORDER_READERS):
        untold |= PAPERS
    if not untold:
        return list(FILTERS)
    told = [
        replace(each, kinds=tuple(kind for kind in each.kinds if kind not in untold))
        for each in FILTERS
    ]
    return [each for each in told if each.kinds]


def filter_named(name: str, reader: Reach) -> Filter:
    """The filter of this name, all where there is none for this reader."""
    filters = filters_for(reader)
    return next((each for each in filters if each.name == name), filters[0])


@cache
def _statement(kinds: tuple[TimelineKind, ...], *, is_first: bool) -> str:
    """The parts of these kinds, united."""
    united = " UNION ALL ".join(PARTS[kind] for kind in kinds)
    behind = "" if is_first else BEHIND
    return NAMED.format(page=f"SELECT * FROM ({united}) story {behind} {NEWEST}")  # noqa: S608


def rows_before(
    customer: Customer,
    place: Place | None,
    kind: str = "",
    *,
    only: Filter = FILTERS[0],
    seen: PapersSeen = ALL_PAPERS,
) -> list[Row]:
    """The newest rows, or those behind `place`, whose row is of `kind`; one more than a page. Of
    quotes and orders those that are `seen`.
    """
    params = {
        "customer": customer.pk,
        "zone": settings.TIME_ZONE,
        "zh": reads_chinese(),
        "most": PAGE_SIZE + 1,
        **seen.params,
    }
    if place is not None:
        params |= {"at": place.value, "kind": kind, "row": place.pk}
    with connection.cursor() as cursor:
        cursor.execute(_statement(tuple(only.kinds), is_first=place is None), params)
        return [Row(*values) for values in cursor.fetchall()]


def timeline_of(
    customer: Customer, *, reader: Reach, earlier: str, now: datetime, show: str = ""
) -> Timeline:
    """A page of the timeline, all or what the filter of the name `show` lets through; `earlier` is
    the place named by the page before. Raises BadPlace.
    """
    only = filter_named(show, reader)
    kind, _dot, token = earlier.partition(".")
    place = Place.read(token, ORDER) if earlier else None
    if place and kind not in TimelineKind.values:
        raise BadPlace("no kind")
    seen = ALL_PAPERS
    if PAPERS.intersection(only.kinds):
        seen = papers_seen(customer, reach=reader, today=timezone.localdate(now))
    rows = rows_before(customer, place, kind, only=only, seen=seen)
    page = rows[:PAGE_SIZE]
    last = page[-1] if len(rows) > PAGE_SIZE else None
    return Timeline(
        entries=[entry_of(row, reader=reader, now=now) for row in page],
        earlier=f"{last.kind}.{Place(last.at, last.row).token()}" if last else "",
    )


def chips_of(current: Filter, reader: Reach) -> list[dict[str, object]]:
    """The chips above the timeline, as links."""
    return [
        {
            "label": each.label,
            "url": f"?show={each.name}" if each.name else "?",
            "is_current": each == current,
        }
        for each in filters_for(reader)
    ]


def empty_words(current: Filter) -> tuple[str, str]:
    """What a page without entries says: nothing at all yet, or nothing of the kind."""
    if current.name:
        return _("Nothing of this kind"), _("Choose another kind, or all.")
    return (
        _("Nothing recorded yet"),
        _("The first contact stands here as soon as it is logged."),
    )
