"""Reads of the masters of goods: styles with what they hang on, and the small lists."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from stock.models import Style
from stock.rules.terms import Terms
from stock.states import Category

# What the trade calls them (MER-15); what a house writes else is offered beside.
USUAL = {
    "material": ("皮料", "面料"),
    "heel_type": ("成型底", "片底"),
    "heel_height": ("低跟", "中跟", "高跟"),
}


def styles_with_masters() -> QuerySet[Style]:
    """All styles with brand, season, series and type."""
    return Style.objects.select_related("brand", "season", "series", "shoe_type")


def words_used(field: str) -> list[str]:
    """What styles say in a field, beside what is usual there. One query."""
    said = Style.objects.exclude(**{field: ""}).order_by(field)
    found = said.values_list(field, flat=True).distinct()
    return list(dict.fromkeys([*USUAL.get(field, ()), *found]))


def years_used() -> list[int]:
    """The years of styles, the latest first. One query."""
    years = Style.objects.exclude(year=None).order_by("-year")
    return [year for year in years.values_list("year", flat=True).distinct() if year]


def in_category(category: Category, *, today: date, terms: Terms) -> Q:
    """The styles of a category on a day: the rows of `stock.rules.launch.category`."""
    since_new = today - timedelta(days=terms.new_days - 1)
    since_past = today - timedelta(days=terms.past_after_days - 1)
    past = Q(season_ends_on__lt=today) | Q(season_ends_on=None, launched_on__lt=since_past)
    open_season = Q(season_ends_on__gte=today) | Q(season_ends_on=None)
    if category == Category.PAST:
        return past
    if category == Category.NEW:
        return open_season & Q(launched_on__gte=since_new)
    known_end = Q(season_ends_on__gte=today) & (Q(launched_on=None) | Q(launched_on__lt=since_new))
    no_end = Q(season_ends_on=None, launched_on__lt=since_new, launched_on__gte=since_past)
    return known_end | no_end
