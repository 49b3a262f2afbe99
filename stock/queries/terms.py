"""The limits of the figures that hold on a day, and how they came to."""

from datetime import date

from django.db.models import QuerySet

from stock.models import StockTerms
from stock.rules.terms import DEFAULTS, Terms
from stock.rules.written_terms import terms_from


def terms_row_on(day: date) -> StockTerms | None:
    """The row that holds on a day; None before anybody set one. One query."""
    found = StockTerms.objects.filter(from_on__lte=day).select_related("set_by")
    return found.order_by("-from_on").first()


def terms_on(day: date) -> Terms:
    """The limits that hold on a day; the defaults before anybody set others. One query."""
    row = terms_row_on(day)
    return terms_from(row.values) if row else DEFAULTS


def terms_rows() -> QuerySet[StockTerms]:
    """All that was ever set, the latest day first, each with whoever set it."""
    return StockTerms.objects.select_related("set_by").order_by("-from_on")
