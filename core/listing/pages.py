"""A list page: declared once (columns, filters, sort keys), opened by a request.

All that a person chose stands in the address: `q` and the filters, `sort`, the place in the list
(`after`, `before`), the columns (`cols`) and, for a part of the page, `part`. Whatever else stands
there is refused, so that no address ever reaches the ORM by name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.listing import keyset
from core.listing.filters import ListFilters
from core.listing.keyset import BadPlace, Order, Page, Place, SortKey
from core.listing.tables import ListTable

PAGE_SIZE = 25
LARGEST_PAGE = 100
END = "end"
YEAR = 366 * 24 * 3600
Told = Callable[[QuerySet], QuerySet]
OWN_NAMES = frozenset({"sort", "after", "before", "cols", "part", "page_size"})


def as_they_are(rows: QuerySet) -> QuerySet:
    """Rows that say all that is shown of them."""
    return rows


@dataclass(frozen=True)
class Heading:
    """The head of a column; with a sort key it is a link that sorts by it."""

    name: str
    label: str
    url: str = ""
    is_sorted: bool = False
    is_descending: bool = False
    attrs: str = ""


@dataclass(frozen=True)
class Choice:
    """Something to choose from a menu: a column, or an order."""

    name: str
    label: str
    is_shown: bool
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """The declaration of one list.

    `sorts` maps the sort keys to the columns of the same name; the first of them, in the direction
    it prefers, is how the list opens.
    """

    name: str
    table: type[ListTable]
    filters: type[ListFilters]
    sorts: tuple[SortKey, ...]

    def open(
        self,
        request: HttpRequest,
        rows: QuerySet,
        *,
        filter_with: Mapping[str, object] | None = None,
        draw_with: Mapping[str, object] | None = None,
    ) -> "OpenList":
        """The list as `request` asks for it, over `rows`, which have passed `visible`.

        `filter_with` and `draw_with` are given to the filters and the table. Raises BadRequest for
        an address that asks for what is not offered.
        """
        remembered = request.COOKIES.get(self.cookie(request), "")
        return self.over(
            rows,
            asked=request.GET,
            remembered=remembered.split("."),
            filter_with=filter_with,
            draw_with=draw_with,
        )

    def over(
        self,
        rows: QuerySet,
        *,
        asked: QueryDict,
        remembered: Sequence[str] = (),
        tell: Told = as_they_are,
        filter_with: Mapping[str, object] | None = None,
        draw_with: Mapping[str, object] | None = None,
    ) -> "OpenList":
        """The list as a query asks for it, for work without a request. Raises BadRequest.

        `tell` adds to the rows that are shown what a row says and no filter needs: counts and sums
        of the list do without.
        """
        self._refuse_unknown(asked)
        return OpenList(
            declared=self,
            asked=asked,
            remembered=remembered,
            filters=self.filters(data=asked, queryset=rows, **(filter_with or {})),
            tell=tell,
            known=draw_with or {},
        )

    def cookie(self, request: HttpRequest) -> str:
        """Where this machine keeps the columns that this person chose: a phone shows others."""
        return f"columns.{self.name}.{request.user.pk}"

    def answer(
        self,
        request: HttpRequest,
        found: "OpenList",
        template: str,
        context: Mapping[str, object] | None = None,
    ) -> HttpResponse:
        """The page, or with `?part=total` asked by htmx the true total alone."""
        if found.wants_total and request.headers.get("HX-Request"):
            return TemplateResponse(request, "core/listing/total.html", {"list": found})
        response = TemplateResponse(request, template, {"list": found, **(context or {})})
        if found.asked.getlist("cols"):
            response.set_cookie(
                self.cookie(request),
                ".".join(found.shown),
                max_age=YEAR,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
        return response

    def _refuse_unknown(self, asked: QueryDict) -> None:
        known = OWN_NAMES | set(self.filters.base_filters)
        if set(asked) - known:
            raise BadRequest(_("This address asks for something the list does not know."))

    def order(self, text: str) -> Order:
        """The order that the address names. Raises BadRequest."""
        if not text:
            return Order(self.sorts[0], self.sorts[0].descends_first)
        for key in self.sorts:
            if text.lstrip("-") == key.name and text.count("-", 0, 2) <= 1:
                return Order(key, text.startswith("-"))
        raise BadRequest(_("This list cannot be sorted like that."))


@dataclass(frozen=True, kw_only=True)
class OpenList:
    """One list as one request asks for it; each part is worked out when a template wants it."""

    declared: ListPage
    asked: QueryDict
    filters: ListFilters
    tell: Told = as_they_are
    remembered: Sequence[str] = ()
    known: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def filter_form(self) -> forms.Form:
        """The filters as a form, dressed as our fields are."""
        form = self.filters.form
        for entry in form.fields.values():
            is_select = isinstance(entry.widget, forms.Select)
            entry.widget.attrs.setdefault("class", "form-select" if is_select else "form-control")
        return form

    @cached_property
    def order(self) -> Order:
        return self.declared.order(self.asked.get("sort", ""))

    @cached_property
    def found(self) -> QuerySet:
        """The rows that pass the filters; none where a filter was not understood."""
        if not self.filters.is_valid():
            return self.filters.queryset.none()
        return self.filters.qs

    @property
    def told(self) -> QuerySet:
        """The rows that pass the filters, with all that they say, in no order yet."""
        return self.tell(self.found)

    @cached_property
    def total(self) -> int:
        """How many rows there are in truth; asked for by a part of the page of its own."""
        return self.found.order_by().count()

    @cached_property
    def page(self) -> Page:
        """The rows of this page. Raises BadRequest for a place that is none."""
        asked = self.asked
        try:
            if before := asked.get("before"):
                place = None if before == END else Place.read(before, self.order)
                return keyset.page_before(self.told, self.order, place, self._size)
            after = asked.get("after")
            place = Place.read(after, self.order) if after else None
        except BadPlace as error:
            raise BadRequest(_("This page of the list is not there.")) from error
        return keyset.page_after(self.told, self.order, place, self._size)

    @property
    def _size(self) -> int:
        asked = self.asked.get("page_size", "")
        if not asked.isdecimal() or len(asked) > 9:
            return PAGE_SIZE
        return min(max(int(asked), 1), LARGEST_PAGE)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The columns of the address, else those this person chose last on this machine."""
        names = self.asked.getlist("cols") or self.remembered
        known = [name for name in names if name in self.declared.table.base_columns]
        return self.declared.table.chosen(known)

    @cached_property
    def columns(self) -> list[Choice]:
        """What the chooser offers: all columns but those that are always there."""
        table = self.declared.table
        return [
            Choice(name, str(column.verbose_name), name in self.shown)
            for name, column in table.base_columns.items()
            if name not in table.always
        ]

    @cached_property
    def table(self) -> ListTable:
        return self.table_of(self.page.rows)

    def table_of(self, rows: Iterable[Model]) -> ListTable:
        """These rows in the columns that are shown."""
        return self.declared.table(list(rows), shown=self.shown, **self.known)

    @cached_property
    def headings(self) -> list[Heading]:
        keys = {key.name: key for key in self.declared.sorts}
        return [self._heading(column, keys.get(column.name)) for column in self.table.columns]

    def _heading(self, column: Any, key: SortKey | None) -> Heading:
        style = column.attrs["th"].get("class", "")
        if key is None:
            return Heading(column.name, column.header, attrs=style)
        is_sorted = key == self.order.key
        turned = self.order.reversed() if is_sorted else Order(key, key.descends_first)
        return Heading(
            column.name,
            column.header,
            url=self.address(sort=turned.text, after=None, before=None),
            is_sorted=is_sorted,
            is_descending=is_sorted and self.order.is_descending,
            attrs=style,
        )

    @property
    def orders(self) -> list[Choice]:
        """The orders to choose from where a table has no headings: on a phone."""
        labels = {n: column.verbose_name for n, column in self.declared.table.base_columns.items()}
        chosen = []
        for key in self.declared.sorts:
            is_sorted = key == self.order.key
            order = self.order.reversed() if is_sorted else Order(key, key.descends_first)
            url = self.address(sort=order.text, after=None, before=None)
            chosen.append(Choice(key.name, str(labels[key.name]), is_sorted, url))
        return chosen

    def address(self, **changes: str | None) -> str:
        """The present address with these parameters changed; None takes one out."""
        asked = self.asked.copy()
        asked.pop("part", None)
        for name, value in changes.items():
            asked.pop(name, None)
            if value is not None:
                asked[name] = value
        return "?" + "&".join(part for part in asked.urlencode().split("&") if part[-1:] != "=")

    @property
    def next_url(self) -> str:
        if not self.page.has_next or not self.page.rows:
            return ""
        place = Place.of(self.page.rows[-1], self.order)
        return self.address(after=place.token(), before=None)

    @property
    def previous_url(self) -> str:
        if not self.page.has_previous or not self.page.rows:
            return ""
        place = Place.of(self.page.rows[0], self.order)
        return self.address(before=place.token(), after=None)

    @property
    def first_url(self) -> str:
        return self.address(after=None, before=None)

    @property
    def last_url(self) -> str:
        return self.address(before=END, after=None)

    @property
    def total_url(self) -> str:
        return self.address(part="total", after=None, before=None)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What filtering anew keeps: the order and the columns."""
        sort = self.asked.get("sort")
        kept = [("sort", sort)] if sort else []
        return kept + [("cols", name) for name in self.asked.getlist("cols")]

    @property
    def kept_by_columns(self) -> list[tuple[str, str]]:
        """What choosing columns keeps: all but the columns."""
        pairs = self.asked.lists()
        return [(k, v) for k, values in pairs if k not in ("cols", "part") for v in values if v]

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter beside the search stands that the page shows."""
        names = {field.name for field in self.filter_form if not field.is_hidden}
        return any(self.asked.get(name) for name in names - {"q", "scope"})

    @property
    def wants_total(self) -> bool:
        """Whether this answer says the total: the deferred part, or the page without scripts."""
        return self.asked.get("part") == "total"
