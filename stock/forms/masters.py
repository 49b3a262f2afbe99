"""The forms of masters: a style, and each of the small lists."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.fields import AmountField, PlainTextField
from core.offering import offer_rows
from core.standing import StandingForm
from stock.forms.terms import DayField
from stock.models import Brand, CoreSizes, Season, Series, ShoeType, Style
from stock.queries.masters import words_used
from stock.wording.terms import percent_text

TEXT = {"class": "form-control", "autocomplete": "off"}
NUMBER = TEXT | {"inputmode": "numeric"}
WEEK = "week_"
MOST_WEEKS, MOST_SIZES = 53, 12
_APART = re.compile(r"[\s,，、;；·]+")


def _text(label: Any, longest: int, *, required: bool = True, **more: Any) -> PlainTextField:
    return PlainTextField(
        label=label, longest=longest, required=required, widget=forms.TextInput(attrs=TEXT), **more
    )


def _whole(
    label: Any, *, least: int = 0, most: int = 32767, required: bool = True
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required,
        widget=forms.TextInput(attrs=NUMBER),
    )  # fmt: skip


def _row(label: Any, model: type[Model], *, required: bool = True) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=model._default_manager.none(),
        required=required,
        empty_label="–",
        widget=forms.Select(attrs={"class": "form-select"}),
    )


def _amount(label: Any, *, required: bool = False, about: Any = "") -> AmountField:
    return AmountField(
        label=label, required=required, help_text=about,
        widget=forms.TextInput(attrs=TEXT | {"inputmode": "decimal"}),
    )  # fmt: skip


class _OfSeason(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.season.name} · {row.name}"


class _OfBrand(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.brand.name} · {row.name}"


class StyleForm(StandingForm):
    """What a style is. `initial` is what stands; for a new one it has a `key`."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    brand = _row(gettext_lazy("Brand"), Brand)
    number = _text(gettext_lazy("Style no."), 40)
    year = _whole(gettext_lazy("Year"), least=1990, most=2100, required=False)
    season = _row(gettext_lazy("Season"), Season, required=False)
    series = _OfBrand(
        label=gettext_lazy("Series"), queryset=Series.objects.none(), required=False,
        empty_label="–", widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    shoe_type = _OfSeason(
        label=gettext_lazy("Shoe type"), queryset=ShoeType.objects.none(), required=False,
        empty_label="–", widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    material = _text(pgettext_lazy("shoe", "Material"), 20, required=False)
    heel_type = _text(gettext_lazy("Heel type"), 20, required=False)
    heel_height = _text(gettext_lazy("Heel height"), 20, required=False)
    tag_price = _amount(gettext_lazy("Tag price, ¥"), required=True)
    counter_price = _amount(
        gettext_lazy("Counter price, ¥"),
        about=gettext_lazy("Where an office says nothing else; empty: the tag price."),
    )
    floor_price = _amount(
        gettext_lazy("Break-even price, ¥"),
        about=gettext_lazy("Empty: reckoned from what the last pairs cost."),
    )
    launched_on = DayField(label=gettext_lazy("Launched on"), required=False)
    season_ends_on = DayField(label=gettext_lazy("Season ends on"), required=False)
    first_order = _whole(
        capfirst(pgettext_lazy("goods ordered from the supplier", "first order")),
        most=1_000_000,
        required=False,
    )
    second_order = _whole(capfirst(gettext_lazy("second order")), most=1_000_000, required=False)
    third_order = _whole(capfirst(gettext_lazy("third order")), most=1_000_000, required=False)
    stands = (
        "brand", "number", "year", "season", "series", "shoe_type", "material", "heel_type",
        "heel_height", "tag_price", "counter_price", "floor_price", "launched_on",
        "season_ends_on", "first_order", "second_order", "third_order",
    )  # fmt: skip
    offered = ("material", "heel_type", "heel_height")
    stops = {
        "taken": "number", "series_of_another_brand": "series",
        "type_of_another_season": "shoe_type", "season_ends_before_launch": "season_ends_on",
        "floor_lowered": "floor_price", "lower_by_proposal": "counter_price",
        "under_floor": "counter_price",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Mapping[str, Any] = {
            "brand": Brand.objects.order_by("name"),
            "season": Season.objects.order_by("position", "name"),
            "series": Series.objects.select_related("brand").order_by("brand__name", "name"),
            "shoe_type": ShoeType.objects.select_related("season").order_by(
                "season__position", "name"
            ),
        }
        for name, found in rows.items():
            offer_rows(self, name, found)
        for name in self.offered:
            self.fields[name].widget.attrs["list"] = f"offers-{name}"

    def offers(self) -> list[tuple[str, list[str]]]:
        """What is usual in a field, offered while somebody types."""
        return [(name, words_used(name)) for name in self.offered]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.stands}


def _stands(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """What a row says, as a form shows it: of other rows their keys."""
    return {name: row.serializable_value(name) for name in names}


def style_initial(style: Style) -> dict[str, Any]:
    """What stands of a style, as its form shows it."""
    return _stands(style, StyleForm.stands)


class PartForm(StandingForm):
    """One row of a small list. `of` is the kind of row; `stands` are its fields."""

    use_required_attribute = False
    of: type[Model]
    stops: Mapping[str, str] = {"taken": "name"}

    @classmethod
    def standing(cls, row: Model) -> dict[str, Any]:
        """What stands, as the form shows it."""
        return _stands(row, cls.stands)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.stands}

    def targets(self) -> dict[int, Fraction] | None:
        """A season's own curve; None of anything else."""
        return None


class BrandForm(PartForm):
    of = Brand
    stands = ("name", "code")
    name = _text(gettext_lazy("Brand"), 60)
    code = _text(
        gettext_lazy("Code"), 20, required=False,
        help_text=gettext_lazy("As the shop's own system writes it; empty where it has none."),
    )  # fmt: skip


class SeriesForm(PartForm):
    of = Series
    stands = ("brand", "name")
    brand = _row(gettext_lazy("Brand"), Brand)
    name = _text(gettext_lazy("Series"), 40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "brand", Brand.objects.order_by("name"))


class TypeForm(PartForm):
    of = ShoeType
    stands = ("season", "name")
    season = _row(gettext_lazy("Season"), Season)
    name = _text(gettext_lazy("Shoe type"), 40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "season", Season.objects.order_by("position", "name"))


class CoreSizesForm(PartForm):
    of = CoreSizes
    stands = ("name", "position", "sizes")
    name = _text(pgettext_lazy("of a thing", "Name"), 40)
    position = _whole(pgettext_lazy("place in a list", "Order"))
    sizes = _text(
        gettext_lazy("Core sizes"), 120,
        help_text=gettext_lazy(
            "36 37 38. They hold for styles whose range has all of them; of several that fit the "
            "first."
        ),
    )  # fmt: skip
    stops = {"taken": "name", "size_twice": "sizes"}

    @classmethod
    def standing(cls, row: Model) -> dict[str, Any]:
        found = super().standing(row)
        return found | {"sizes": " ".join(found["sizes"] or ())}

    def clean_sizes(self) -> list[str]:
        sizes = [each for each in _APART.split(self.cleaned_data["sizes"].strip()) if each]
        if not 0 < len(sizes) <= MOST_SIZES or any(len(size) > 10 for size in sizes):
            raise forms.ValidationError(_("Name the sizes, with a space between them."))
        return sizes


class SeasonForm(PartForm):
    """A season with its main weeks and, week by week, what should be sold by its end."""

    of = Season
    stands: Sequence[str] = ("name", "position", "weeks", "main_from_week", "main_until_week")
    name = _text(gettext_lazy("Season"), 20)
    position = _whole(pgettext_lazy("place in a list", "Order"))
    weeks = _whole(pgettext_lazy("length of a season", "Weeks"), least=1, most=MOST_WEEKS)
    main_from_week = _whole(gettext_lazy("Main season from week"), least=1, most=MOST_WEEKS)
    main_until_week = _whole(gettext_lazy("Main season until week"), least=1, most=MOST_WEEKS)
    stops = {"taken": "name", "main_weeks": "main_until_week"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weeks = int(self.initial.get("weeks") or Season._meta.get_field("weeks").get_default())
        for week in range(1, weeks + 1):
            self.fields[f"{WEEK}{week}"] = forms.DecimalField(
                label=_("Week %(week)s") % {"week": week}, required=False, min_value=0,
                max_value=100, max_digits=5, decimal_places=2,
                widget=forms.TextInput(attrs=TEXT | {"inputmode": "decimal"}),
            )  # fmt: skip
        self.stands = (*type(self).stands, *(f"{WEEK}{week}" for week in range(1, weeks + 1)))

    @classmethod
    def standing(cls, row: Model) -> dict[str, Any]:
        found = super().standing(row)
        if row.pk is not None and isinstance(row, Season):
            for target in row.targets.all():
                found[f"{WEEK}{target.week}"] = percent_text(target.share)
        return found

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields before the table of weeks."""
        return [self[name] for name in type(self).stands]

    def week_fields(self) -> list[forms.BoundField]:
        """The table of weeks."""
        return [self[name] for name in self.fields if name.startswith(WEEK)]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in type(self).stands}

    def targets(self) -> dict[int, Fraction]:
        said = {
            int(name.removeprefix(WEEK)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(WEEK) and value is not None
        }
        return {week: Fraction(Decimal(share)) / 100 for week, share in said.items()}
