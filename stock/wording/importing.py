"""What is said about the rows and files of an import of stock, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused
from core.refusals import Refused
from core.spreadsheets.faults import CellRefused

MESSAGES: Mapping[str, object] = {
    **CellRefused.messages,
    # why a row is refused
    "office_unknown": _("There is no store, office or warehouse called “%(name)s”."),
    "office_missing": _("Say of which store or office this row is."),
    "office_ambiguous": _("Several stores are called “%(name)s”. Write the code."),
    "style_unknown": _("There is no style “%(name)s”. Bring it in with the sheet of styles first."),
    "style_ambiguous": _(
        "Several brands have a style “%(name)s”: %(brands)s. Write the brand before the number, "
        "like “%(like)s”."
    ),
    "brand_code_unknown": _("No brand has the code “%(name)s”. Write the brand's name."),
    "type_unknown": _("“%(text)s” is no type of movement. Choose one of: %(allowed)s."),
    "quantity_not_positive": _(
        "The quantity has to be above 0: the type says whether pairs came or left. Only an "
        "opening stock may be negative."
    ),
    "quantity_zero": _("An opening stock of 0 pairs says nothing. Leave the row out."),
    "row_contradicts": _(
        "Row %(row)s says something else of the same movement. Give the rows different line "
        "numbers, or keep one."
    ),
    "style_contradicts": _("Row %(row)s says something else of the same style. Keep one."),
    "price_contradicts": _("Row %(row)s says something else of the same day. Keep one."),
    "price_says_nothing": _("Give a launch day, a counter price or a current price."),
    "price_without_day": _("Say from which day this price holds."),
    "request_says_nothing": _("Give how many pairs were requested or shipped."),
    # what should be looked at
    "opening_negative": _("The opening stock is negative; taken as it is."),
    "opening_again": _(
        "The ledger has earlier rows of this style there: this opening stock is added to them."
    ),
    "opening_twice": _(
        "Opening stock of these goods stands there under another document of the same day: both "
        "are added up."
    ),
    "sum_left_out": _("A total of other rows; left out."),
    "same_as_row": _("The same as row %(row)s; taken once."),
    "put_together": _("Put together with row %(row)s: both are of the same goods and day."),
    "day_ahead": _("This day lies ahead."),
    "lines_mixed": _(
        "The document %(document)s has rows with line numbers and rows without: see that no pair "
        "is counted twice."
    ),
    "stock_negative": _(
        "Stock of %(style)s in %(office)s is below zero: %(quantity)s pairs. Taken as it is."
    ),
    "made": _("New here and set up with the file: %(names)s."),
    "brand_assumed": _("No brand is told: taken as %(brand)s."),
    "type_without_season": _("A shoe type belongs to a season; without one it is left out."),
    "floor_kept": _("The break-even price stays as it is: only operations lower it."),
    "under_floor": _("The counter price lies below the floor price."),
    "computed_ignored": _("Computed columns are not read and change nothing: %(columns)s."),
    "columns_ignored": _("Not read: %(columns)s."),
    "no_longer_on_the_way": _("%(count)s earlier rows of these offices are no longer on the way."),
    "hidden_rows_read": _("%(count)s hidden rows were read, too."),
    "hidden_sheets_skipped": _("Hidden sheets were not read: %(sheets)s."),
    "sheets_left_out": _("These sheets are no part of stock and were not read: %(sheets)s."),
    "store_row": _("Sheet of stores, row %(row)s: %(said)s"),
    "stores_not_read": _("Stores are set up by administrators; the sheet of stores was not read."),
}


class RowRefused(InputRefused):
    """A cell that reads well and still will not do; `code` is a key of `MESSAGES`."""

    messages = MESSAGES


class StockNotImported(Refused):
    """A file of stock is refused as a whole."""

    messages = {
        "columns_missing": _(
            "A needed column is missing in %(sheet)s: %(columns)s. The header row found reads: "
            "%(headers)s."
        ),
        "columns_twice": _(
            "These headers stand more than once in %(sheet)s, so that it cannot be told which to "
            "read: %(columns)s. Rename all but one."
        ),
        "no_rows": _("There is nothing under the header."),
        "not_yours": _("Only merchandisers bring stock in."),
        "busy": _("Somebody else is changing stock right now. Try again in a few minutes."),
        "too_large": _("The sums of a day are too large to be kept. Check quantities and prices."),
    }


def sentence(code: str, params: Mapping[str, object]) -> str:
    """What is said of a row, as a whole sentence."""
    message = MESSAGES.get(code)
    return str(message) % dict(params) if message else code
