"""Forms of filings that reach beyond their room: to whom one is handed over."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from desk.forms.cards import ReasonedForm
from staff.models import Person


class NewHolderForm(ReasonedForm):
    """Who holds the filing from now on, and why."""

    field_order = ("holder", "reason")
    holder = forms.ModelChoiceField(
        label=_("New holder"),
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
        empty_label=_("choose …"),
        error_messages={"required": _("Choose who holds the filing from now on.")},
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["holder"]).queryset = people
