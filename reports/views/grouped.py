"""Pages of figures of orders by group: what was asked for, how rows are drawn and taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.days import date_text
from core.listing.export import Mark
from core.spreadsheets.write import OutCell, OutColumn, OutSheet
from orders.models import Order
from orders.queries.visible import order_stores, visible_orders
from orders.showing.register import ledger_url
from orders.states import DelayCause
from reports.figures.groupings import CAUSE, PERSON, PRODUCT, STORE, WEEK, Group
from reports.forms.narrowing import GroupedForm
from reports.rules.shares import NOTHING, percent_text
from staff.handing_out import hand_out
from staff.models import Store
from staff.requests import Request
from staff.scope import ORDER_EXPORTING_ROLES

GROUPS: Mapping[str, object] = {
    PERSON: gettext_lazy("Consultant"),
    STORE: gettext_lazy("Store"),
    PRODUCT: gettext_lazy("Product"),
    WEEK: gettext_lazy("Week"),
    CAUSE: gettext_lazy("Moved because"),
}
TABS = (
    ("reports:sales", pgettext_lazy("report", "Sales")),
    ("reports:collections", pgettext_lazy("report", "Collections")),
    ("reports:promises", pgettext_lazy("report", "Promises")),
)
# Who wants all of them takes the sheet, or asks the command.
MOST_ROWS = 500
MOST_LISTED = 50
COUNT, MONEY, RATIO, NUMBER = "integer", "money", "ratio", "number"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which orders a page was asked for, and by what their figures are grouped."""

    form: GroupedForm
    begins: date | None
    ends: date | None
    by: str
    store: Store | None
    orders: QuerySet[Order]
    today: date

    @property
    def query(self) -> str:
        """The same in an address."""
        said = {"begins": self.begins, "ends": self.ends, "by": self.by,
                "store": self.store.pk if self.store else None}  # fmt: skip
        return urlencode({name: str(value) for name, value in said.items() if value})

    @property
    def days(self) -> str:
        """In words: since when, until when."""
        if self.begins is None and self.ends is None:
            return _("all days")
        ends = [
            date_text(day, today=self.today) if day else "…" for day in (self.begins, self.ends)
        ]
        return " – ".join(ends)

    def ledger(self, group: Group | None = None, *, since: str, until: str, **more: object) -> str:
        """The ledger narrowed to the orders of a group; `since` and `until` name its days there."""
        begins, ends = self.begins, self.ends
        asked: dict[str, object] = {"store": self.store.pk if self.store else None, **more}
        if group and self.by == WEEK and group.code:
            monday = date.fromisoformat(group.code)
            begins = max(begins or monday, monday)
            ends = min(ends or date.max, monday + timedelta(days=6))
        elif group and self.by in (PERSON, STORE):
            asked["seller" if self.by == PERSON else "store"] = group.pk
        return ledger_url(**{since: begins, until: ends}, **asked)


@dataclass(frozen=True, kw_only=True)
class Head:
    """A column: what it says, how its values look, where it stands on the card of a phone."""

    text: str
    kind: str = ""
    card: str = ""
    label: str = ""

    @property
    def css(self) -> str:
        return "num calc" if self.kind in (RATIO, NUMBER) else "num" if self.kind else ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value of a row, and what it opens."""

    head: Head
    value: OutCell
    url: str = ""
    tone: str = ""

    @property
    def text(self) -> str:
        if self.value is None or self.value == "":
            return NOTHING
        if self.head.kind == MONEY:
            return money_text(Decimal(str(self.value)))
        if self.head.kind == RATIO:
            return percent_text(Decimal(str(self.value)))
        if self.head.kind == NUMBER:
            return f"{self.value:.1f}"
        return str(self.value)


Row = Sequence[Cell]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One order of those behind a figure."""

    name: str
    url: str
    text: str
    end: str
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a page shows: its sums, its rows, all of them in the last one; orders behind them."""

    title: str
    lead: str
    heads: Sequence[Head]
    stats: Sequence[Mapping[str, object]]
    rows: Sequence[Row]
    total: Row
    hints: Sequence[str]
    empty_title: str
    empty_text: str
    listed_title: str = ""
    listed: Sequence[Listed] = ()
    listed_count: int = 0


def asked_of(request: Request, *, by: Sequence[str]) -> Asked:
    """What the address asks for: this month, by the first of `by`, where it says nothing."""
    today = timezone.localdate()
    month = {"begins": today.replace(day=1), "ends": today}
    stores = order_stores(request.reach, today=today)
    choices = [(name, GROUPS[name]) for name in by]
    form = GroupedForm(request.GET or month, stores=stores, choices=choices)
    said: Mapping[str, Any] = form.cleaned_data if form.is_valid() else month
    store = said.get("store")
    orders = visible_orders(request.reach, today=today)
    return Asked(
        form=form,
        begins=said.get("begins"),
        ends=said.get("ends"),
        by=str(said.get("by") or by[0]),
        store=store,
        orders=orders.filter(store=store) if store else orders,
        today=today,
    )


def group_name(by: str, group: Group, *, today: date) -> str:
    """A group as its row says it."""
    if by == WEEK and group.code:
        monday = date.fromisoformat(group.code)
        sunday = monday + timedelta(days=6)
        return f"{date_text(monday, today=today)} – {date_text(sunday, today=today)}"
    if by == PRODUCT and group.code is None:
        return _("not written down yet")
    if by == CAUSE:
        return str(DelayCause(group.code).label) if group.code else _("never moved")
    return group.name or group.code or NOTHING


def stat(
    label: str, cell: Cell, *, formula: str, url: str = "", tone: str = ""
) -> dict[str, object]:
    """A figure at the head of the page (`components/stat.html`)."""
    return {"label": label, "value": cell.text, "unit": "", "url": url, "tone": tone,
            "formula": formula}  # fmt: skip


def page(request: Request, asked: Asked, figures: Figures, *, view: str) -> HttpResponse:
    """The page, or its rows alone where only they are drawn anew."""
    may_export = request.reach.has_role(ORDER_EXPORTING_ROLES)
    context = {
        "figures": figures,
        "tabs": [(label, reverse(name), name == view) for name, label in TABS],
        "filter_form": asked.form,
        "wrong": asked.form.wrong_for(is_part=bool(request.htmx)),
        "rows": figures.rows[:MOST_ROWS],
        "more": max(len(figures.rows) - MOST_ROWS, 0),
        "not_listed": figures.listed_count - len(figures.listed),
        "export_url": f"{reverse(f'{view}_sheet')}?{asked.query}" if may_export else "",
    }
    template = "reports/figures.html#rows" if request.htmx else "reports/figures.html"
    return TemplateResponse(request, template, context)


def take_out(request: Request, asked: Asked, figures: Figures, *, view: str) -> HttpResponse:
    """The same rows as a file, asked for with a reason."""
    name = view.partition(":")[2]
    return hand_out(
        request,
        name=name,
        rows=len(figures.rows),
        make=lambda mark: _sheet(figures, mark),
        back_url=f"{reverse(view)}?{asked.query}",
        grouped_by=asked.by,
        since=asked.begins.isoformat() if asked.begins else "",
        until=asked.ends.isoformat() if asked.ends else "",
    )


def _sheet(figures: Figures, mark: Mark) -> OutSheet:
    """All is reckoned, nothing to type."""
    kinds = {COUNT: COUNT, MONEY: MONEY, RATIO: RATIO}
    columns: list[OutColumn | str] = [
        OutColumn(head.text, kinds.get(head.kind, ""), computed=bool(head.kind))
        for head in figures.heads
    ]
    rows: list[list[Any]] = [[cell.value for cell in row] for row in figures.rows]
    return OutSheet(
        figures.title,
        [*columns, _("Exported by")],
        [[*row, mark.text] for row in rows],
        title=mark.text,
    )
