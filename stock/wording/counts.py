"""Days and pairs with their number: 1 day, 14 days, 1,030 pairs."""

from django.utils.formats import number_format
from django.utils.translation import ngettext


def days_words(count: int) -> str:
    """So many days."""
    return ngettext("%(days)s day", "%(days)s days", count) % {"days": _grouped(count)}


def pairs_words(count: int) -> str:
    """So many pairs."""
    return ngettext("%(pairs)s pair", "%(pairs)s pairs", count) % {"pairs": _grouped(count)}


def _grouped(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)
