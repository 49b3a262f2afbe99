"""What people type on the pages of accounts, places and the calendar, as clean values."""

import unicodedata
from collections.abc import Iterable
from uuid import uuid4
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core.fields import NameField, PlainTextField, SearchField
from core.offering import offer_choices, offer_rows
from staff.models import Person, Region, Store
from staff.queries import choosable_stores
from staff.states import DutyKind, PersonState, Role, StoreKind, Trade

LONGEST_PASSWORD = 4096


class UserNameField(forms.CharField):
    """A user name in the one spelling in which it is kept and looked up: NFKC, small letters."""

    def to_python(self, value):
        text = super().to_python(value) or ""
        # Folding ten megabytes would cost more than refusing them.
        is_short = len(text) <= (self.max_length or 0)
        return unicodedata.normalize("NFKC", text).strip().lower() if is_short else text


class PasswordField(forms.CharField):
    """A password as typed, blanks included, never shown again."""

    def __init__(self, *, autocomplete: str, **options):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, widget=widget, **options)


class ManyField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class KeyedForm(forms.Form):
    """A form that acts once: `key` is its own id, and the same id gives the same answer."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class SignInForm(forms.Form):
    username = UserNameField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = PasswordField(label=_("Password"), autocomplete="current-password")


class ForgotForm(forms.Form):
    identifier = UserNameField(
        label=_("User name or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class NewPasswordForm(forms.Form):
    password = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=_("At least 10 characters, not a common word. A short sentence is good."),
    )
    again = PasswordField(label=_("New password again"), autocomplete="new-password")

    def clean_again(self):
        if self.cleaned_data["again"] != self.cleaned_data.get("password", ""):
            raise forms.ValidationError(_("The two passwords differ. Type the same one twice."))
        return self.cleaned_data["again"]


class PasswordForm(NewPasswordForm):
    old = PasswordField(label=_("Present password"), autocomplete="current-password")

    field_order = ["old", "password", "again"]


class ProfileForm(forms.Form):
    name = NameField(label=_("Name"), longest=40)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("A new password can be sent here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PersonForm(forms.Form):
    """A person as an administrator sees him; `roles` and `stores` are what may be chosen."""

    name = NameField(label=_("Name"), longest=40)
    role = forms.ChoiceField(label=_("Role"))
    store = forms.ModelChoiceField(
        Store.objects.none(), label=_("Store or team"), required=False, empty_label=_("none")
    )
    other_stores = ManyField(
        Store.objects.none(),
        label=_("Other stores"),
        required=False,
        help_text=_("For somebody who works in, or leads, more than one."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args, roles: Iterable[Role], stores: Iterable[int] | None, **kwargs):
        super().__init__(*args, **kwargs)
        choosable = choosable_stores(among=stores)
        offer_choices(self, "role", [(role.value, role.label) for role in roles])
        offer_rows(self, "store", choosable)
        offer_rows(self, "other_stores", choosable)
        if stores is not None:
            del self.fields["other_stores"]


class NewPersonForm(KeyedForm, PersonForm):
    username = UserNameField(
        label=_("User name"),
        max_length=40,
        help_text=_("Small letters, digits, dot, dash or underscore, as in wang.fang."),
        validators=[
            RegexValidator(
                r"^[a-z0-9._-]+\Z", _("Use small letters, digits, dot, dash or underscore.")
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    field_order = ["name", "username", "role", "store", "other_stores", "email", "key"]


class DutyForm(KeyedForm):
    kind = forms.ChoiceField(label=_("Duty"), choices=DutyKind.choices)
    store = forms.ModelChoiceField(
        Store.objects.none(), label=_("For the store"), required=False, empty_label=_("none")
    )
    region = forms.ModelChoiceField(
        Region.objects.none(), label=_("or the region"), required=False, empty_label=_("none")
    )
    assists = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("or assists"),
        required=False,
        empty_label=_("nobody"),
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until ended."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(is_active=True).exclude(role=Role.ADMIN)
        offer_rows(self, "store", choosable_stores())
        offer_rows(self, "region", Region.objects.order_by("name", "pk"))
        offer_rows(self, "assists", people.order_by("name", "pk"))


class RegionForm(KeyedForm):
    name = PlainTextField(label=_("New region"), longest=60)


class RegionPlacesForm(forms.Form):
    """Where a region lies, as addresses write it."""

    places = PlainTextField(
        label=_("Cities and districts"),
        longest=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 400}),
        help_text=_(
            "As addresses write them, with 、 or a comma between: 杭州、余杭、西湖区. "
            "Of several, the longest name in an address decides."
        ),
    )


class StoreForm(forms.Form):
    name = PlainTextField(label=_("Store name"), longest=60)
    region = forms.ModelChoiceField(Region.objects.order_by("name", "pk"), label=_("Region"))
    kind = forms.ChoiceField(label=_("Kind"), choices=StoreKind.choices)
    trade = forms.ChoiceField(label=_("Trade"), choices=Trade.choices)
    closes_at = forms.TimeField(
        label=_("Closes at"),
        initial="21:30",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    zone = PlainTextField(
        label=_("Time zone"),
        longest=40,
        initial="Asia/Shanghai",
        help_text=_("An IANA name, as in Asia/Shanghai."),
    )

    def clean_zone(self):
        zone = self.cleaned_data["zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("There is no such time zone. Asia/Shanghai is all of China's.")
            )
        return zone


class NewStoreForm(KeyedForm, StoreForm):
    code = PlainTextField(
        label=_("Code"), longest=20, help_text=_("Files know the store by it. It stays.")
    )

    field_order = ["code", "name", "region", "kind", "trade", "closes_at", "zone", "key"]


class StandingStoreForm(StoreForm):
    is_active = forms.BooleanField(label=_("Open for business"), required=False)


class DayForm(forms.Form):
    day = DayField(label=_("Day"))
    is_working = forms.TypedChoiceField(
        label=_("On this day the company"),
        choices=[("no", _("rests")), ("yes", _("works"))],
        coerce=lambda answer: answer == "yes",
    )
    name = PlainTextField(label=_("Why"), longest=60)


class OneDayForm(forms.Form):
    """The day of an override that is taken back."""

    day = DayField()


class FilterForm(forms.Form):
    """The filters of a list; drawn by hand in the bar, so the fields carry their own classes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class PeopleFilter(FilterForm):
    q = SearchField(label=_("Name or user name"), required=False, max_length=60)
    store = forms.ModelChoiceField(
        Store.objects.none(), label=_("Store"), required=False, empty_label=_("all")
    )
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("all")), *Role.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *PersonState.choices]
    )

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "store", stores)


class StoreFilter(FilterForm):
    q = SearchField(label=_("Name or code"), required=False, max_length=60)
    region = forms.ModelChoiceField(
        Region.objects.order_by("name", "pk"),
        label=_("Region"),
        required=False,
        empty_label=_("all"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *StoreKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("open", _("Open for business")), ("closed", _("Closed"))],
    )
