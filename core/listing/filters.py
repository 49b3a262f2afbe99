"""The filters that lists are made of: words to look for, and one choice among a few."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core.fields import QuickSelect, SearchField

Words = str | Promise
Choices = Sequence[tuple[str, Words]]
EVERYTHING = gettext_lazy("all")


class WordsFilter(django_filters.CharFilter):
    """Words that are looked for."""

    field_class = SearchField


def words(label: Words, *, hint: Words = "", longest: int = 200, **more: Any) -> Any:
    """What is typed; `method` or `field_name` says where it is looked for. The label is not seen:
    the box says what it finds.
    """
    shown = {"type": "search", "autocomplete": "off", "placeholder": hint or label}
    box = forms.TextInput(attrs=shown)
    return WordsFilter(label=label, max_length=longest, widget=box, **more)


def one_of(label: Words, choices: Choices = (), *, unless: Words = EVERYTHING, **more: Any) -> Any:
    """One of these; without a choice the list shows what `unless` says."""
    return django_filters.ChoiceFilter(
        label=label, choices=choices, widget=QuickSelect, empty_label=unless, **more
    )


def by_link(label: Words, choices: Choices = (), **more: Any) -> Any:
    """Chosen by a link of the page, kept in its form unseen."""
    return django_filters.ChoiceFilter(
        label=label, choices=choices, widget=forms.HiddenInput, **more
    )


def offer(
    filters: django_filters.FilterSet,
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
