"""What is wrong with an order, as the weekly look says it (FUP-27)."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.rules.looking import Finding, Wrong


def finding_text(found: Finding) -> str:
    """One thing that is wrong, in words."""
    return _WORDS[found.wrong](found.count)


def _late(days: int) -> str:
    return ngettext(
        "planned day passed %(count)s day ago", "planned day passed %(count)s days ago", days
    ) % {"count": days}


def _broken(days: int) -> str:
    return ngettext(
        "promised day passed %(count)s day ago", "promised day passed %(count)s days ago", days
    ) % {"count": days}


def _unpaid(days: int) -> str:
    if not days:
        return _("to be delivered, and not paid as agreed")
    return ngettext(
        "delivery in %(count)s day, and not paid as agreed",
        "delivery in %(count)s days, and not paid as agreed",
        days,
    ) % {"count": days}


def _astray(days: int) -> str:
    return ngettext(
        "goods expected %(count)s day ago are not here",
        "goods expected %(count)s days ago are not here",
        days,
    ) % {"count": days}


def _near(days: int) -> str:
    if not days:
        return _("promised for today")
    return ngettext("promised in %(count)s day", "promised in %(count)s days", days) % {
        "count": days
    }


def _unsubmitted(lines: int) -> str:
    return ngettext(
        "%(count)s line not submitted yet", "%(count)s lines not submitted yet", lines
    ) % {"count": lines}


def _dormant(days: int) -> str:
    return ngettext("nothing moved for %(count)s day", "nothing moved for %(count)s days", days) % {
        "count": days
    }


_WORDS: Mapping[Wrong, Callable[[int], str]] = {
    Wrong.OWED: lambda _days: _("a payment is overdue"),
    Wrong.LATE: _late,
    Wrong.BROKEN: _broken,
    Wrong.UNPAID: _unpaid,
    Wrong.ASTRAY: _astray,
    Wrong.NEAR: _near,
    Wrong.UNWRITTEN: lambda _lines: _("what is ordered is not written down yet"),
    Wrong.UNSUBMITTED: _unsubmitted,
    Wrong.DORMANT: _dormant,
}
