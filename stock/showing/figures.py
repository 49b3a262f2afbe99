"""A figure as people read it: 73.5, 28, 8.5折 轻促; where it is none, a dash and its reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from stock.figures.of_row import Asked
from stock.models import Figure as FigureRow
from stock.queries.places import Place
from stock.rules.discount import discount_level
from stock.rules.figures import Figure, Flag
from stock.rules.terms import Terms
from stock.states import DiscountLevel, FigureLevel, StyleClass
from stock.wording.counts import days_words

NONE = "—"
# Why there is no value, in the two or three letters that a cell has room for.
REASONS: dict[Flag, Promise] = {
    Flag.NO_SALES: pgettext_lazy("figure", "no sales"),
    Flag.NET_RETURN: pgettext_lazy("figure", "returns"),
    Flag.NO_SUPPLY: pgettext_lazy("figure", "no goods"),
    Flag.NO_STOCK: pgettext_lazy("figure", "no stock"),
    Flag.NEG_STOCK: pgettext_lazy("figure", "negative"),
    Flag.NOT_ON_SALE: pgettext_lazy("figure", "not launched"),
    Flag.NO_LAUNCH: pgettext_lazy("figure", "no launch day"),
}
# By class its shape and its colour: a word stands beside them always.
SHAPES = {
    StyleClass.FAST: ("▲", "fast"),
    StyleClass.STEADY: ("━", "steady"),
    StyleClass.SLOW: ("▽", "slow"),
    StyleClass.DEAD: ("✕", "dead"),
    StyleClass.WATCHED: ("◌", "watched"),
}
DISCOUNTS = {
    DiscountLevel.FULL: gettext_lazy("full price"),
    DiscountLevel.LIGHT: gettext_lazy("light promotion"),
    DiscountLevel.PROMOTED: gettext_lazy("promotion"),
}
# The same in a column, and the class that is too long for one in English.
BRIEF_DISCOUNTS = {
    DiscountLevel.FULL: pgettext_lazy("discount, in a column", "full"),
    DiscountLevel.LIGHT: pgettext_lazy("discount, in a column", "light"),
    DiscountLevel.PROMOTED: pgettext_lazy("discount, in a column", "promo"),
}
BRIEF_CLASSES = {StyleClass.WATCHED: pgettext_lazy("class, in a column", "Watched")}


def rounded(value: Fraction | int, places: int) -> Decimal:
    """The value with so many decimals, half up; exact before that."""
    exact = Fraction(value) * 10**places
    return (Decimal(exact.numerator) / exact.denominator).quantize(
        Decimal(1), ROUND_HALF_UP
    ).scaleb(-places)  # fmt: skip


def number_text(value: Fraction | int, places: int = 0) -> str:
    """1,596; 27.2."""
    return number_format(
        rounded(value, places), decimal_pos=places, use_l10n=True, force_grouping=True
    )


def count_text(value: int) -> str:
    """Pairs, grouped by thousands."""
    return number_format(value, use_l10n=True, force_grouping=True)


def reason_text(figure: Figure) -> str:
    """— no sales: the first reason that has a short word."""
    word = next((str(REASONS[flag]) for flag in figure.flags if flag in REASONS), "")
    return f"{NONE} {word}".rstrip()


def percent_text(figure: Figure) -> str:
    """73.5, of a share; without the sign, which stands in the heading."""
    return reason_text(figure) if figure.value is None else number_text(figure.value * 100, 1)


def signed_text(value: Fraction) -> str:
    """+35.2, −5.7: percentage points over or under a target."""
    points = rounded(value * 100, 1)
    text = number_format(abs(points), decimal_pos=1)
    return f"{'−' if points < 0 else '+'}{text}"


def days_text(figure: Figure) -> str:
    """Whole days, rounded down: what has begun is not a day more."""
    return reason_text(figure) if figure.value is None else count_text(int(figure.value))


def ratio_text(figure: Figure, places: int = 2) -> str:
    return reason_text(figure) if figure.value is None else number_text(figure.value, places)


def discount_text(figure: Figure, terms: Terms, *, words: Mapping = DISCOUNTS) -> str:
    """8.5折 轻促."""
    if figure.value is None:
        return reason_text(figure)
    # Translators: an average discount in tenths of the tag price; 8.5折 in Chinese
    tenths = _("%(tenths)s/10") % {"tenths": number_text(figure.value * 10, 1)}
    level = discount_level(figure, terms=terms)
    return f"{tenths} {words[level]}" if level else tenths


def class_badge(held: str, *, computed: str, given: str | None) -> SafeString | str:
    """A class with its shape; where a person gave it, what is computed beside it."""
    if not held:
        return NONE
    told = StyleClass(held)
    shape, tone = SHAPES[told]
    badge = format_html(
        '<span class="cls is-{}"><i aria-hidden="true">{}</i>{}</span>',
        tone, shape, BRIEF_CLASSES.get(told, told.label),
    )  # fmt: skip
    if given is None:
        return badge
    return format_html('{} <small class="mute">{}</small>', badge, given_text(computed))


def given_text(computed: str) -> str:
    """What is computed, beside the class that a person gave."""
    word = str(StyleClass(computed).label) if computed else NONE
    return _("computed: %(word)s") % {"word": word}


def class_text(held: str, *, computed: str, given: str | None) -> str:
    """The same without its shape, for sheets."""
    if not held:
        return ""
    word = str(StyleClass(held).label)
    return word if given is None else f"{word} ({given_text(computed)})"


def broken_text(row: FigureRow, lacking: tuple[int, Sequence[str]] | None = None) -> str:
    """Which core sizes lack in an office: 37 38; of a wider place in how many offices some do."""
    if row.level == FigureLevel.OFFICE:
        return " ".join(row.missing_core) if row.is_broken else ""
    if lacking is None:
        return ""
    offices, _sizes = lacking
    return ngettext("%(count)s office", "%(count)s offices", offices) % {"count": offices}


def sizes_text(row: FigureRow, lacking: tuple[int, Sequence[str]] | None = None) -> str:
    """The same with the sizes: 37 38 · 5 offices."""
    sizes = lacking[1] if lacking and row.level != FigureLevel.OFFICE else ()
    return " · ".join(filter(None, (" ".join(sizes), broken_text(row, lacking))))


def place_name(place: Place) -> str:
    """The name of a place."""
    named = place.office or place.region
    return named.name if named else _("All offices")


def asked_text(question: Asked, *, from_on: date | None) -> str:
    """How the figures were made: since when they count, for how long an order lasts, what sells."""
    since = (
        pgettext("figures", "since %(day)s") % {"day": from_on.isoformat()}
        if from_on
        else _("each style since its launch")
    )
    gifts = (
        _("gifts and business use count as sales")
        if question.counts_gifts
        else _("gifts and business use are no sales")
    )
    cover = _("reorders cover %(days)s") % {"days": days_words(question.cover_days)}
    return " · ".join((since, cover, gifts))


def place_text(row: FigureRow) -> str:
    """Of what place a row of figures tells."""
    if row.level == FigureLevel.OFFICE and row.office:
        return row.office.name
    return row.region.name if row.region else _("All offices")


def sparkline(values: Sequence[int]) -> SafeString | str:
    """The pairs of some weeks as a line, told in numbers to whoever does not see it."""
    if not values:
        return NONE
    top = max(max(values), 1)
    step = 48 / max(len(values) - 1, 1)
    points = [f"{step * at:.0f} {13 - 12 * max(value, 0) / top:.0f}"
              for at, value in enumerate(values)]  # fmt: skip
    return format_html(
        '<svg class="spark" role="img" aria-label="{}"><path d="M{}"/></svg>',
        " ".join(map(str, values)), "L".join(points),
    )  # fmt: skip
