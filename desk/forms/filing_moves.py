"""Forms of filings that reach beyond their room: to whom one is handed over, why one is asked for
across regions.
"""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.offering import offer_rows
from customers.forms.attachments import PictureField
from desk.forms.cards import ReasonedForm
from desk.services.pool import Abroad
from filings.states import CrossReason
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
        offer_rows(self, "holder", people)


class AbroadForm(forms.Form):
    """Why a free customer of another region is to be filed from here, and the proof (XRG-03)."""

    use_required_attribute = False

    cross_reason = forms.ChoiceField(
        label=_("Why across regions?"),
        choices=CrossReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason to file across regions.")},
    )
    proof = PictureField(
        label=_("Photo of the proof"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/*"}),
        error_messages={"required": _("Add a photo of the proof.")},
    )

    def abroad(self) -> Abroad:
        """What the service takes."""
        said = self.cleaned_data
        return Abroad(reason=said["cross_reason"], proof=said["proof"])
