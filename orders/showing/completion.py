"""The colour of an order as pages draw it: always with its word and a shape (ORD-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.rules.completion import Standing
from orders.states import Completion

ICONS: Mapping[Completion, str] = {
    Completion.UNPAID: "minus",
    Completion.AWAITED: "clock",
    Completion.DELIVERABLE: "truck-delivery",
    Completion.DONE: "circle-check",
    Completion.OVERDUE: "alert-triangle-filled",
    Completion.CANCELLED: "x",
}


@dataclass(frozen=True, kw_only=True)
class Colour:
    """What `components/completion.html` draws; `why` says what is late, "" where nothing is."""

    value: str
    word: str
    icon: str
    why: str = ""


def colour_of(standing: Standing) -> Colour:
    """The colour with its word, its shape and what is late."""
    return Colour(
        value=standing.completion.value,
        word=str(standing.completion.label),
        icon=ICONS[standing.completion],
        why=_(", ").join(str(late.label) for late in standing.late_with),
    )


@lru_cache(maxsize=128)
def _drawn(standing: Standing, language: str | None) -> SafeString:
    return render_to_string("components/completion.html", {"colour": colour_of(standing)})


def badge(standing: Standing) -> SafeString:
    """The colour as a cell of a list shows it: the same few stand in all rows, each drawn once."""
    return _drawn(standing, get_language())
