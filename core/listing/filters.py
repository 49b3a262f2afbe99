"""The filters that lists are made of: words to look for, and one choice among a few."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import django_filters
from django import forms
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy

from core.fields import QuickSelect, SearchField
from core.listing.declared import Declared

Words = str | Promise
Choices = Sequence[tuple[str, Words]]
EVERYTHING = gettext_lazy("all")


class FilterForm(forms.Form):
    """The form of a list's filters: their fields belong to one request and need no copies."""

    def __init__(self, *args: Any, fields: dict[str, forms.Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = fields


class ListFilters(django_filters.FilterSet):
    """The filters of one list, made of `words`, `one_of`, `by_link` and `day`."""

    @classmethod
    def get_filters(cls) -> Declared:
        return Declared(super().get_filters())

    @cached_property
    def form(self) -> FilterForm:
        fields = {name: each.field for name, each in self.filters.items()}
        return FilterForm(self.data if self.is_bound else None, fields=fields)


class _OfOneRequest(django_filters.Filter):
    """A filter whose shallow copy is bound to nobody, with choices of its own."""

    def __copy__(self) -> Self:
        twin = self.__class__.__new__(self.__class__)
        twin.__dict__.update(self.__dict__, extra=dict(self.extra))
        twin.method = self.method  # else the copy's would look for the list of the original
        return twin


class WordsFilter(_OfOneRequest, django_filters.CharFilter):
    """Words that are looked for."""

    field_class = SearchField


class ChoiceFilter(_OfOneRequest, django_filters.ChoiceFilter):
    """One of a few."""


class DayFilter(_OfOneRequest, django_filters.DateFilter):
    """A day that is typed or picked."""


def words(label: Words, *, hint: Words = "", longest: int = 200, **more: Any) -> Any:
    """What is typed; `method` or `field_name` says where it is looked for. The label is not seen:
    the box says what it finds.
    """
    shown = {"type": "search", "autocomplete": "off", "placeholder": hint or label}
    box = forms.TextInput(attrs=shown)
    return WordsFilter(label=label, max_length=longest, widget=box, **more)


def one_of(label: Words, choices: Choices = (), *, unless: Words = EVERYTHING, **more: Any) -> Any:
    """One of these; without a choice the list shows what `unless` says."""
    return ChoiceFilter(
        label=label, choices=choices, widget=QuickSelect, empty_label=unless, **more
    )


def by_link(label: Words, choices: Choices = (), **more: Any) -> Any:
    """Chosen by a link of the page, kept in its form unseen."""
    return ChoiceFilter(label=label, choices=choices, widget=forms.HiddenInput, **more)


def day(label: Words, **more: Any) -> Any:
    """A day that is typed or picked."""
    shown = {"type": "date", "class": "form-control"}
    return DayFilter(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs=shown), **more)


def offer(
    filters: ListFilters,
    offered: Mapping[str, Choices],
    *,
    fewest: Mapping[str, int] | None = None,
) -> None:
    """Fill in the choices that depend on who asks; one that leaves nothing to choose goes.

    Two are the fewest, unless `fewest` says otherwise for a filter.
    """
    for name, choices in offered.items():
        if len(choices) < (fewest or {}).get(name, 2):
            del filters.filters[name]
        else:
            filters.filters[name].extra["choices"] = choices
