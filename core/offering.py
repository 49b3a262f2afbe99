"""What a field of a form lets somebody choose among."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

Choices = Iterable[tuple[Any, Any]]


def offer_choices(
    form: forms.BaseForm, name: str, choices: Choices | Callable[[], Choices]
) -> None:
    """Let the field choose among these pairs of value and label, or of a label and such pairs."""
    _choosing(form, name).choices = choices


def offer_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let the field choose among these rows."""
    field = _choosing(form, name)
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no rows")
    field.queryset = rows


def _choosing(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} chooses nothing")
    return field
