"""List pages: filter, sort, page, choose columns, export what is shown; declared once a list."""

from core.listing.filters import by_link, offer, one_of, words
from core.listing.keyset import SortKey
from core.listing.pages import ListPage, OpenList
from core.listing.tables import ListTable, on_card

__all__ = [
    "ListPage",
    "ListTable",
    "OpenList",
    "SortKey",
    "by_link",
    "offer",
    "on_card",
    "one_of",
    "words",
]
