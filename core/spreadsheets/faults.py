"""Why a single cell or row is refused, worded for whoever mends the sheet."""

from django.utils.translation import gettext_lazy as _

from core.input_refused import InputRefused
from core.phones import MESSAGES as PHONE_MESSAGES
from core.plain_text import MESSAGES as TEXT_MESSAGES
from core.spreadsheets.tables import CellFault

MESSAGES = {
    "EMPTY": _("Fill this in."),
    "FORMULA_CELL": _("This is a formula. Copy the column and paste it as values."),
    "FORMULA_WITHOUT_VALUE": _("This is a formula without a result. Type the value."),
    "ERROR_VALUE": _("The spreadsheet shows an error here. Type the value."),
    "DIGITS_LOST": _("The spreadsheet has rounded this long number. Format the column as text."),
    "BAD_BYTES": _("Some characters in this line are damaged. Type the line again."),
    "UNCLOSED_QUOTE": _("A quotation mark is opened in this line and never closed."),
    "LINE_TOO_LONG": _("This line is far too long for a row of a sheet."),
    "TOO_MANY_CELLS": _("The row has %(found)s cells, the header %(expected)s."),
    "NOT_A_NUMBER": _("Enter a number."),
    "NOT_AN_INTEGER": _("Enter a whole number."),
    "NUMBER_TOO_SMALL": _("Enter at least %(minimum)s."),
    "NUMBER_TOO_LARGE": _("Enter at most %(maximum)s."),
    "MONEY_DECIMALS": _("An amount has at most %(decimals)s decimals."),
    "MONEY_NEGATIVE": _("Enter an amount above zero; a refund is entered as a refund."),
    "MONEY_ZERO": _("Enter an amount above zero."),
    "MONEY_TOO_LARGE": _("The amount is too large."),
    "DATE_INVALID": _("There is no such date. Write it like 2026-03-05."),
    "DATE_YEAR": _("Write the year with four digits, like 2026-03-05."),
    "DATE_AMBIGUOUS": _("Day and month cannot be told apart. Write the date like 2026-03-05."),
    "DATE_OUT_OF_RANGE": _("Enter a date between %(earliest)s and %(latest)s."),
    "TIME_INVALID": _("There is no such time. Write it like 2026-03-05 19:40."),
    "NOT_A_CHOICE": _("Choose one of: %(allowed)s."),
}


class CellRefused(InputRefused):
    """One cell cannot be read; `code` is a key of `messages`."""

    messages = MESSAGES | TEXT_MESSAGES | PHONE_MESSAGES


def refuse(fault: CellFault) -> CellRefused:
    """The refusal for a cell or row that was marked while reading."""
    return CellRefused(fault.code, fault.params)
