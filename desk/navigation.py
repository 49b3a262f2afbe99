"""The way around: which pages a person is offered, and where their day begins."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from orders.queries.visible import ORDER_DUTIES
from staff.requests import Request
from staff.scope import (
    CUSTOMER_ROLES,
    DEPOSIT_ROLES,
    FILING_READERS,
    GOODS_ROLES,
    IMPORTING_ROLES,
    LEAD_ROLES,
    MERGING_ROLES,
    MONEY_READERS,
    MONEY_ROLES,
    ORDER_EXPORTING_ROLES,
    ORDER_READERS,
    PEOPLE_ROLES,
    PLACE_ROLES,
    PLAN_ROLES,
    REGISTERING_ROLES,
    SERVING_ROLES,
    STOCK_READERS,
    STOCK_ROLES,
    TARGET_ROLES,
)
from staff.states import SALES_ROLES, UNIT_MANAGER_ROLES, DutyKind, Role
from stock.queries.proposals import PROPOSAL_READERS


@dataclass(frozen=True)
class Entry:
    """One place of the bar, and who is offered it."""

    view: str
    label: object
    icon: str
    roles: frozenset[Role]
    duties: frozenset[DutyKind] = frozenset()


@dataclass(frozen=True)
class Offered:
    """An entry as the bar draws it."""

    label: str
    url: str
    icon: str
    is_current: bool


LEADING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER})
# Who decides about filings beside the role (ORG-07, ORG-08).
DECIDING_DUTIES = frozenset({DutyKind.SALES_MANAGER, DutyKind.DEPARTMENT_MANAGER})

LEDGER = Entry(
    "orders:ledger",
    pgettext_lazy("place", "Orders"),
    "file-spreadsheet",
    ORDER_READERS,
    ORDER_DUTIES,
)
GOODS = Entry("stock:board", pgettext_lazy("place", "Goods board"), "shoe", STOCK_READERS)
PROPOSALS = Entry(
    "stock:proposals", pgettext_lazy("place", "Proposals"), "list-check", PROPOSAL_READERS
)
RECEIVABLES = Entry("reports:ageing", pgettext_lazy("place", "Receivables"), "clock", ORDER_READERS)

# Merchandisers begin with the goods; who else reads them has the board among the further places.
ENTRIES = (
    replace(GOODS, roles=STOCK_ROLES),
    replace(PROPOSALS, roles=STOCK_ROLES),
    Entry(
        "stock:allocation",
        pgettext_lazy("place", "Allocation"),
        "truck-delivery",
        GOODS_ROLES,
    ),
    Entry(
        "followups:today",
        pgettext_lazy("place", "Today"),
        "clipboard-check",
        SERVING_ROLES | LEADING_ROLES,
    ),
    Entry(
        "followups:chores",
        pgettext_lazy("place", "In the house"),
        "building-store",
        frozenset({Role.MERCHANDISER, Role.FINANCE}),
    ),
    Entry("reports:behind", _("Behind"), "alert-triangle", LEADING_ROLES),
    Entry("desk:customers", _("Customers"), "users", CUSTOMER_ROLES),
    Entry("customers:opportunity_board", _("Opportunities"), "columns-3", CUSTOMER_ROLES),
    Entry("desk:leads", _("Leads"), "message", LEAD_ROLES),
    Entry("filings:mine", pgettext_lazy("place", "Filings"), "shield-check", FILING_READERS),
    Entry("filings:pool", pgettext_lazy("place", "Pool"), "inbox", FILING_READERS),
    LEDGER,
    Entry(
        "orders:register",
        pgettext_lazy("place", "Order register"),
        "list-check",
        ORDER_READERS,
        ORDER_DUTIES,
    ),
    Entry(
        "orders:deliveries",
        pgettext_lazy("place", "Deliveries"),
        "truck-delivery",
        ORDER_READERS,
        ORDER_DUTIES,
    ),
    replace(GOODS, roles=STOCK_READERS - STOCK_ROLES),
    replace(PROPOSALS, roles=PROPOSAL_READERS - STOCK_ROLES),
    Entry("staff:targets", pgettext_lazy("place", "Targets"), "target", TARGET_ROLES),
    Entry(
        "orders:quotes",
        pgettext_lazy("place", "Quotes"),
        "file-spreadsheet",
        ORDER_READERS,
        ORDER_DUTIES,
    ),
    Entry("orders:deposit", pgettext_lazy("place", "Deposit"), "arrows-exchange", DEPOSIT_ROLES),
    Entry("orders:payments", pgettext_lazy("place", "Money"), "list-check", MONEY_READERS),
    RECEIVABLES,
    Entry(
        "filings:bench",
        pgettext_lazy("place", "Ownership bench"),
        "shield-half",
        LEADING_ROLES,
        frozenset({DutyKind.DEPARTMENT_MANAGER, DutyKind.APPEAL}),
    ),
    Entry(
        "followups:calendar",
        pgettext_lazy("place", "Appointments"),
        "calendar-event",
        CUSTOMER_ROLES,
    ),
    Entry("followups:cases", pgettext_lazy("place", "Cases"), "message-2", CUSTOMER_ROLES),
    Entry("reports:sales", pgettext_lazy("place", "Figures"), "chart-bar", ORDER_EXPORTING_ROLES),
    Entry("reports:follow_up", pgettext_lazy("place", "Measures"), "chart-bar", CUSTOMER_ROLES),
    Entry("customers:designers", _("Designers"), "heart-handshake", CUSTOMER_ROLES),
    Entry("orders:commissions", pgettext_lazy("place", "Commission"), "tags", ORDER_READERS),
    Entry(
        "orders:returns", pgettext_lazy("place", "Returns"), "refresh", ORDER_READERS, ORDER_DUTIES
    ),
    Entry("desk:campaigns", pgettext_lazy("place", "Campaigns"), "gift", CUSTOMER_ROLES),
    Entry("desk:suspicions", pgettext_lazy("place", "Duplicates"), "copy", MERGING_ROLES),
    Entry("desk:grade_proposals", pgettext_lazy("place", "Grades"), "tag", CUSTOMER_ROLES),
    Entry(
        "filings:reviews",
        pgettext_lazy("place", "Filing review"),
        "shield-check",
        LEADING_ROLES,
        DECIDING_DUTIES,
    ),
    Entry(
        "filings:prices",
        pgettext_lazy("place", "Special prices"),
        "tag",
        SERVING_ROLES | LEADING_ROLES,
        DECIDING_DUTIES,
    ),
    Entry(
        "filings:violations", pgettext_lazy("place", "Violations"), "alert-triangle", LEADING_ROLES
    ),
    Entry("followups:plans", _("Plans"), "list-check", LEADING_ROLES | PLAN_ROLES),
    Entry("orders:parameters", _("Rules of orders"), "ruler-2", ORDER_READERS),
    Entry(
        "stock:masters",
        pgettext_lazy("place", "Masters of goods"),
        "tags",
        GOODS_ROLES,
    ),
    Entry(
        "stock:parameters",
        pgettext_lazy("place", "Rules of goods"),
        "ruler-2",
        GOODS_ROLES,
    ),
    Entry("followups:knowledge", pgettext_lazy("place", "Knowledge"), "bookmark", CUSTOMER_ROLES),
    Entry("staff:absences", pgettext_lazy("place", "Leave"), "sun", CUSTOMER_ROLES),
    Entry("desk:import", _("Import"), "upload", IMPORTING_ROLES),
    Entry("desk:import_stock", pgettext_lazy("place", "Stock ledger in"), "upload", STOCK_ROLES),
    Entry("staff:people", _("People"), "user", PEOPLE_ROLES),
    Entry("staff:stores", _("Stores"), "building-store", PLACE_ROLES),
)

# The dock of the phone: what a thumb reaches, at most five places.
DOCK = (
    replace(GOODS, roles=STOCK_ROLES),
    replace(PROPOSALS, roles=STOCK_ROLES),
    Entry(
        "followups:today",
        pgettext_lazy("place", "Today"),
        "clipboard-check",
        SERVING_ROLES | LEADING_ROLES,
    ),
    Entry(
        "followups:chores",
        pgettext_lazy("place", "In the house"),
        "building-store",
        frozenset({Role.MERCHANDISER, Role.FINANCE}),
    ),
    Entry("orders:payments", pgettext_lazy("place", "Money"), "list-check", MONEY_ROLES),
    Entry("desk:customers", _("Customers"), "users", CUSTOMER_ROLES),
    Entry("desk:register", _("Register"), "plus", REGISTERING_ROLES),
    replace(LEDGER, roles=frozenset({*SALES_ROLES, Role.FINANCE})),
    replace(RECEIVABLES, roles=MONEY_ROLES),
    Entry("reports:behind", _("Behind"), "alert-triangle", LEADING_ROLES),
    Entry("staff:people", _("People"), "users", frozenset({Role.ADMIN})),
    Entry("staff:stores", _("Stores"), "building-store", frozenset({Role.ADMIN})),
    Entry("staff:profile", pgettext_lazy("place", "Me"), "user", frozenset(Role)),
)

HOMES = {
    **dict.fromkeys(SALES_ROLES, "followups:today"),
    **dict.fromkeys(LEADING_ROLES, "reports:behind"),
    Role.MARKETING_MANAGER: "desk:customers",
    Role.ADMIN: "staff:people",
    Role.FINANCE: "orders:payments",
    Role.MERCHANDISER: "stock:board",
}


def home_of(role: Role) -> str:
    """The page on which somebody of this role begins."""
    return HOMES.get(role, "staff:profile")


@dataclass(frozen=True)
class Ways:
    """The places of the bar and the dock, as values and as they are drawn."""

    nav: tuple[Offered, ...]
    dock: tuple[Offered, ...]
    drawn_nav: SafeString
    drawn_dock: SafeString


def _offered(
    entries: tuple[Entry, ...], role: Role, here: str, duties: frozenset[DutyKind] = frozenset()
) -> tuple[Offered, ...]:
    return tuple(
        Offered(str(entry.label), reverse(entry.view), entry.icon, entry.view == here)
        for entry in entries
        if role in entry.roles or duties & entry.duties
    )


@lru_cache(maxsize=1024)
def _ways(
    role: Role, duties: frozenset[DutyKind], here: str, language: str | None, *, has_unread: bool
) -> Ways:
    """Whoever is offered the same on a page is shown the same: drawn once, not for each page."""
    nav, dock = _offered(ENTRIES, role, here, duties), _offered(DOCK, role, here)
    told = {"dock": dock, "has_unread": has_unread}
    return Ways(
        nav,
        dock,
        drawn_nav=render_to_string("components/desk_places.html", {"nav": nav}),
        drawn_dock=render_to_string("components/dock.html", told),
    )


def nav(request: HttpRequest) -> dict[str, object]:
    """The places of the bar and the dock for this person; none before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": (), "dock": (), "may_register": False}
    here = request.resolver_match.view_name if request.resolver_match else ""
    reach = cast(Request, request).reach
    ways = _ways(reach.role, reach.duties, here, get_language(), has_unread=bool(user.unread_ids))
    return {**vars(ways), "may_register": reach.role in REGISTERING_ROLES}
