"""The forms of leads: to whom one goes, why one is none, the sheet, the source, the rule."""

from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_choices, offer_rows
from core.spreadsheets.filenames import clean_filename
from core.spreadsheets.tables import MEGABYTE, SheetRefused
from customers.models import LeadSource
from customers.states import DispatchMethod, Source
from desk.lead_sheets import LIMITS
from staff.models import Person, Region, Store
from staff.queries import in_state
from staff.scope import Reach, visible_people, visible_stores
from staff.states import STORE_BOUND_ROLES, PersonState

CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}
PERSON, STORE = "person", "store"
LONGEST_ACCEPT = 24 * 60


class HandOutForm(forms.Form):
    """To whom a lead goes: a person, or a store that hands it out by its own rule."""

    use_required_attribute = False

    to = forms.ChoiceField(
        label=_("Hand out to"),
        widget=forms.Select(attrs=SELECT),
        error_messages={"required": _("Choose a person or a store.")},
    )

    def __init__(self, *args: Any, reader: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = self._within(reader)
        self._stores = {store.pk: store for store in visible_stores(reader).order_by("code", "pk")}
        offer_choices(self, "to", [("", "–"), *self._groups(by_rule=reader.sees_all)])

    def _within(self, reader: Reach) -> dict[int, Person]:
        people = visible_people(reader).filter(
            in_state(PersonState.ACTIVE), role__in=STORE_BOUND_ROLES, store__is_active=True
        )
        rows = people.select_related("store").order_by("store__code", "store", "name", "pk")
        return {person.pk: person for person in rows}

    def _groups(self, *, by_rule: bool) -> list[tuple[str, Any]]:
        """A store a group: the store itself for who sees all, then its people."""
        groups: list[tuple[str, Any]] = []
        for store, people in groupby(self._people.values(), key=lambda person: person.store):
            if store is None:
                continue
            rule = [(f"{STORE}-{store.pk}", _("by the store's own rule"))] if by_rule else []
            named = [(f"{PERSON}-{person.pk}", person.name) for person in people]
            groups.append((store.name, [*rule, *named]))
        return groups

    def chosen(self) -> Person | Store:
        """Who or what was chosen."""
        kind, _dash, pk = self.cleaned_data["to"].partition("-")
        return self._people[int(pk)] if kind == PERSON else self._stores[int(pk)]


class DiscardForm(forms.Form):
    """Why a lead is none."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("Why it is invalid"),
        longest=200,
        widget=forms.TextInput(attrs={**CONTROL, "autocomplete": "off"}),
        error_messages={"required": _("Say why the lead is invalid.")},
    )


class LeadFileForm(forms.Form):
    """A sheet of leads, and whose they are."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    origin = forms.ModelChoiceField(
        label=_("Source"),
        queryset=LeadSource.objects.none(),
        widget=forms.Select(attrs=SELECT),
        empty_label="–",
        error_messages={"required": _("Choose from where these leads come.")},
    )
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={**CONTROL, "accept": ".xlsx,.csv,.tsv,.txt"}),
        help_text=_("XLSX or CSV, at most 10 MB and 5,000 rows."),
        error_messages={
            "required": _("Choose the file with the leads."),
            "empty": _("The file is empty."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "origin", LeadSource.objects.filter(is_active=True).order_by("name", "pk"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.max_bytes:
            limit = {"megabytes": LIMITS.max_bytes // MEGABYTE}
            raise forms.ValidationError(str(SheetRefused("FILE_TOO_LARGE", limit)))
        file.name = clean_filename(file.name)
        return file


class SourceForm(forms.Form):
    """Where leads come from, and where they go when they do not say so themselves."""

    use_required_attribute = False

    name = PlainTextField(
        label=_("Name of the source"),
        longest=60,
        widget=forms.TextInput(attrs=CONTROL),
        error_messages={"required": _("Give the source a name.")},
    )
    source = forms.ChoiceField(
        label=_("Counts as source"),
        choices=Source.choices,
        initial=Source.ONLINE,
        widget=forms.Select(attrs=SELECT),
    )
    store = forms.ModelChoiceField(
        label=_("Goes to the store"),
        queryset=Store.objects.none(),
        required=False,
        empty_label="–",
        widget=forms.Select(attrs=SELECT),
        help_text=_("Where a lead names no store and no city of ours."),
    )
    region = forms.ModelChoiceField(
        label=_("or to the region"),
        queryset=Region.objects.none(),
        required=False,
        empty_label="–",
        widget=forms.Select(attrs=SELECT),
        help_text=_("Then to the store of the region with the fewest open leads."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "store", Store.objects.filter(is_active=True).order_by("code", "pk"))
        offer_rows(self, "region", Region.objects.order_by("name", "pk"))


class NewSourceForm(SourceForm):
    """A source that is new; its code stands in addresses and stays."""

    field_order = ("code", "name", "source", "store", "region")
    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={**CONTROL, "autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("Letters, digits and dashes; it stands in the address and stays."),
        error_messages={
            "required": _("Give the source a code."),
            "invalid": _("Use letters, digits, dashes and underscores only."),
        },
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).lower()


class StandingSourceForm(SourceForm):
    """A source as it stands."""

    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class DispatchForm(forms.Form):
    """How a store hands out its leads."""

    use_required_attribute = False

    method = forms.ChoiceField(
        label=_("Leads are handed out"),
        choices=DispatchMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how leads are handed out.")},
    )
    accept_minutes = forms.IntegerField(
        label=_("Minutes to accept"),
        min_value=1,
        max_value=LONGEST_ACCEPT,
        widget=forms.NumberInput(attrs={**CONTROL, "inputmode": "numeric"}),
        help_text=_("Of the store's opening time; then the next person is asked."),
    )
