"""The forms of a designer: who they are, and a contact with them."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import NameField, PhoneField, PlainTextField
from core.offering import offer_rows
from core.phones import mask_in_text, put_back
from customers.models import Designer
from customers.services.designers import FIELDS
from customers.states import Channel
from staff.models import Person, Store
from staff.scope import SERVING_ROLES, Reach, visible_people, visible_stores

# What people type freely, a number among it perhaps.
TEXTS = frozenset({"name", "company", "agreement_no", "note"})
RATES = ("furniture_rate", "accessories_rate")
CHANNELS = [
    (channel, channel.label)
    for channel in (Channel.CALL, Channel.WECHAT, Channel.STORE_VISIT, Channel.HOME_VISIT)
]


def _text(**attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})


def _day(label: object) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
    return forms.DateField(label=label, required=False, widget=widget)  # type: ignore[arg-type]


def _rate(label: object) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,  # type: ignore[arg-type]
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=_text(inputmode="decimal"),
    )


class DesignerForm(forms.Form):
    """A designer; `values()` is what the services take beside name, number and keeper."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    name = NameField(label=_("Name"), widget=_text())
    phone = PhoneField(label=_("Phone"), required=False)
    company = PlainTextField(label=_("Company"), longest=80, required=False, widget=_text())
    store = forms.ModelChoiceField(
        label=_("Store"),
        queryset=Store.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    keeper = forms.ModelChoiceField(
        label=_("Keeper"),
        required=False,
        queryset=Person.objects.none(),
        empty_label=_("nobody"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    cadence_days = forms.IntegerField(
        label=_("Call every so many days"),
        required=False,
        min_value=1,
        max_value=365,
        widget=_text(inputmode="numeric"),
    )
    agreement_no = PlainTextField(
        label=_("Agreement no."), longest=40, required=False, widget=_text()
    )
    signed_on = _day(_("Signed on"))
    valid_until = _day(_("Valid until"))
    furniture_rate = _rate(_("Commission on furniture, %"))
    accessories_rate = _rate(_("Commission on accessories, %"))
    note = PlainTextField(
        label=_("Note"),
        longest=400,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    is_active = forms.BooleanField(label=_("Works with us"), required=False, initial=True)

    def __init__(
        self, *args: Any, reach: Reach, by: Person, designer: Designer | None = None, **kwargs: Any
    ) -> None:
        self.designer = designer
        kwargs["initial"] = self._as_it_stands(designer, by)
        super().__init__(*args, **kwargs)
        people = visible_people(reach).filter(role__in=SERVING_ROLES, is_active=True)
        self._choices("keeper", people.select_related("store").order_by("name", "pk"))
        if designer is None:
            self._choices("store", visible_stores(reach).order_by("code", "pk"))
            del self.fields["is_active"]
        else:
            del self.fields["store"]
            self.fields["phone"].widget.attrs["placeholder"] = designer.masked
        if not (reach.leads_stores or reach.assists):
            del self.fields["keeper"]
        if designer is not None and not reach.leads_stores:  # what was agreed is a manager's word
            for name in RATES:
                del self.fields[name]
        self.fields["phone"].widget.attrs["class"] = "form-control"

    def _choices(self, name: str, rows: Any) -> None:
        offer_rows(self, name, rows)

    @staticmethod
    def _as_it_stands(designer: Designer | None, by: Person) -> dict[str, object]:
        if designer is None:
            return {"keeper": by.pk, "store": by.store_id}
        texts = {name: mask_in_text(getattr(designer, name)) for name in TEXTS}
        kept = {name: getattr(designer, name) for name in FIELDS}
        return {**kept, **texts, "keeper": designer.keeper_id, "is_active": designer.is_active}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.designer is not None:
            for name in TEXTS & values.keys():
                longest = cast(PlainTextField, self.fields[name]).longest
                values[name] = put_back(values[name], kept=getattr(self.designer, name))
                if len(values[name]) > longest:
                    too_long = _("At most %(longest)s characters.") % {"longest": longest}
                    self.add_error(name, too_long)
        return values

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}


class DesignerContactForm(forms.Form):
    """A contact with a designer: how, what was said, what is next and when."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    channel = forms.ChoiceField(
        label=_("How"), choices=CHANNELS, widget=forms.RadioSelect, initial=Channel.CALL
    )
    note = PlainTextField(
        label=_("What was said"),
        longest=400,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    next_step = PlainTextField(label=_("Next step"), longest=200, required=False, widget=_text())
    next_on = _day(_("On"))
