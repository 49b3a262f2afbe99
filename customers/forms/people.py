"""The forms of a household and of a company's key people."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import NameField, PhoneField, PlainTextField
from core.phones import mask_in_text, put_back
from customers.forms.birthdays import BirthdayForm
from customers.models import HouseholdMember, KeyPerson
from customers.services.people import FIELDS, version_of
from customers.states import BuyerRole, Relation

TEXTS = ("name", "position", "note")


def _line(**attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})


class SomebodyForm(BirthdayForm):
    """Somebody around a customer. The phone box is empty: what is not typed is not written.

    Numbers typed into a text are shown masked; the masks that stay are written back as they were.
    """

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    drop_number = forms.BooleanField(label=_("Take the number off"), required=False)
    note = PlainTextField(label=_("Note"), longest=200, required=False, widget=_line())

    def __init__(
        self, data: QueryDict | None, *, somebody: HouseholdMember | KeyPerson | None = None
    ) -> None:
        self.somebody = somebody
        super().__init__(data, initial=self._as_it_stands())
        phone = self.fields["phone"].widget.attrs
        phone["class"] = "form-control"
        phone["placeholder"] = (somebody and somebody.masked) or "138 0000 0000"
        if somebody is None or not somebody.masked:
            del self.fields["drop_number"]

    def _as_it_stands(self) -> dict[str, object]:
        if self.somebody is None:
            return {"key": uuid4()}
        kept = {name: getattr(self.somebody, name) for name in FIELDS[type(self.somebody)]}
        shown = {name: mask_in_text(kept[name]) for name in TEXTS if name in kept}
        return {**kept, **shown, "seen": version_of(self.somebody), "key": uuid4()}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name in TEXTS:
            if self.somebody is not None and name in values:
                longest = cast(PlainTextField, self.fields[name]).longest
                values[name] = put_back(values[name], kept=getattr(self.somebody, name))
                if len(values[name]) > longest:
                    too_long = _("At most %(longest)s characters.") % {"longest": longest}
                    self.add_error(name, too_long)
        return values

    def values(self) -> dict[str, Any]:
        """What the services take of a person."""
        kind = type(self).kind  # type: ignore[attr-defined]
        return {name: self.cleaned_data[name] for name in (*FIELDS[kind], "phone")}

    def see_anew(self) -> None:
        """Take what is kept now for seen: the person has been told."""
        if self.somebody is not None:
            self.somebody.refresh_from_db()
            data = cast(QueryDict, self.data).copy()
            data["seen"] = version_of(self.somebody)
            self.data = data


class MemberForm(SomebodyForm):
    """A member of the household."""

    kind = HouseholdMember
    field_order = ("relation", "name", "phone")
    relation = forms.ChoiceField(
        label=_("Relation"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they are related to the customer.")},
    )
    name = PlainTextField(label=_("Name"), longest=64, required=False, widget=_line())


class KeyPersonForm(SomebodyForm):
    """Somebody who counts in a company's purchase."""

    kind = KeyPerson
    field_order = ("name", "position", "role", "phone")
    name = NameField(label=_("Name"), widget=_line())
    position = PlainTextField(label=_("Position"), longest=60, required=False, widget=_line())
    role = forms.ChoiceField(
        label=_("Part in the purchase"),
        choices=[("", _("not known")), *BuyerRole.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
