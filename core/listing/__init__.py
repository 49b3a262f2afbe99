"""List pages: filter, sort, page, choose columns, export what is shown; declared once a list."""

from core.listing.filters import ListFilters, by_link, day, offer, one_of, words
from core.listing.keyset import SortKey
from core.listing.pages import ListPage, OpenList
from core.listing.tables import ListTable, on_card

__all__ = [
    "ListFilters",
    "ListPage",
    "ListTable",
    "OpenList",
    "SortKey",
    "by_link",
    "day",
    "offer",
    "on_card",
    "one_of",
    "words",
]
