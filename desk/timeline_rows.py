"""One row of a timeline as the database gives it, and how its parts are put together."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Row:
    """One row as the database gives it."""

    at: datetime
    kind: str
    row: int
    who: str
    code: str
    code2: str
    code3: str
    text: str
    standing: str
    other: str
    entered: datetime | None


def with_more(what: str, more: str) -> str:
    """A word and one more: “Reached, Quote”."""
    return _("%(what)s, %(more)s") % {"what": what, "more": more} if more else what


def label(words: type[TextChoices], code: str | None) -> str:
    """The word for a code; nothing for none, and for one that is no word of ours any more."""
    return str(words(code).label) if code in words.values and code else ""
