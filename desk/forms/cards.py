"""The forms of a customer's card: the card itself, and the acts on it."""

from typing import Any, cast

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import NameField, PhoneField, PlainTextField
from core.phones import mask_in_text, put_back
from customers.models import Customer
from customers.queries import was_called
from customers.states import ExpectedPurchase, Grade, Quiet, Source, Title
from desk.forms.registering import referrer_of
from desk.services import version_of
from staff.models import Person
from staff.scope import SERVING_ROLES, Reach, visible_people

PLAIN = ("wechat", "need", "budget", "address", "contact_time", "note")
# What people type freely, a number among it perhaps.
TEXTS = frozenset({"name", *PLAIN})
CHOICES = ("title", "source", "expected_purchase")
DATES = ("expected_on", "birth_year", "birth_month", "birth_day")
# A chip has a value; the wish for nothing in particular is kept as an empty text.
ANYTHING = "none"
FLAGS = ("birth_is_lunar", "birth_is_leap_month")


def _choices(states: type[TextChoices], empty: object) -> list[tuple[str, object]]:
    return [("", empty), *states.choices]


class CardForm(forms.Form):
    """A customer's card. The phone boxes are empty: what is not typed is not written.

    Numbers within texts are masked until the reader has a counted call to this customer today;
    the masks that stay are written back as the numbers they stand for.
    """

    use_required_attribute = False

    seen = forms.CharField(widget=forms.HiddenInput)
    name = NameField(label=_("Name"))
    title = forms.ChoiceField(label=_("Title"), choices=_choices(Title, "–"), required=False)
    phone = PhoneField(
        label=_("Main phone"),
        required=False,
        help_text=_("Leave it empty to keep the number. A new one becomes the main number."),
    )
    phone2 = PhoneField(label=_("Another phone"), required=False)
    wechat = PlainTextField(label=_("WeChat id"), longest=60, required=False)
    address = PlainTextField(label=_("Address"), longest=120, required=False)
    need = PlainTextField(
        label=_("Need"),
        longest=400,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    expected_purchase = forms.ChoiceField(
        label=_("Means to buy"), choices=_choices(ExpectedPurchase, "–"), required=False
    )
    expected_on = forms.DateField(
        label=_("Means to buy on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    budget = PlainTextField(label=_("Budget"), longest=40, required=False)
    contact_time = PlainTextField(label=_("Suitable contact time"), longest=60, required=False)
    source = forms.ChoiceField(label=_("Source"), choices=_choices(Source, "–"), required=False)
    referrer = PlainTextField(
        label=_("Referred by"),
        longest=60,
        required=False,
        help_text=_("A name, or the phone number of a customer."),
    )
    birth_month = forms.IntegerField(
        label=_("Birthday, month"), min_value=1, max_value=12, required=False
    )
    birth_day = forms.IntegerField(
        label=_("Birthday, day"), min_value=1, max_value=31, required=False
    )
    birth_year = forms.IntegerField(
        label=_("Birth year"), min_value=1900, max_value=2100, required=False
    )
    birth_is_lunar = forms.BooleanField(label=_("Lunar calendar"), required=False)
    birth_is_leap_month = forms.BooleanField(label=_("Leap month"), required=False)
    note = PlainTextField(
        label=_("Note"),
        longest=1000,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: QueryDict | None, *, customer: Customer, reader: Reach):
        self.customer, self.reader = customer, reader
        self.is_open = was_called(customer, by=reader.person_id, now=timezone.now())
        super().__init__(data, initial=self._as_it_stands())
        for name, field in self.fields.items():
            if name not in FLAGS:
                is_choice = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        masked = customer.phones.filter(is_primary=True).values_list("masked", flat=True).first()
        self.fields["phone"].widget.attrs["placeholder"] = masked or "138 0000 0000"

    def _as_it_stands(self) -> dict[str, object]:
        names = (*PLAIN, *CHOICES, *DATES, *FLAGS)
        card = {name: getattr(self.customer, name) for name in names}
        texts = {name: getattr(self.customer, name) for name in TEXTS}
        if not self.is_open:
            texts = {name: mask_in_text(text) for name, text in texts.items()}
        referrer = self.customer.referrer
        said = referrer.name if referrer else self.customer.referrer_text
        seen = version_of(self.customer)
        return {**card, **texts, "seen": seen, "referrer": mask_in_text(said)}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._put_numbers_back(values)
        month, day = values.get("birth_month"), values.get("birth_day")
        if (month is None) != (day is None) and not {"birth_month", "birth_day"} & set(self.errors):
            self.add_error("birth_day", _("A birthday has a month and a day."))
        return values

    def _put_numbers_back(self, values: dict[str, Any]) -> None:
        for name in TEXTS & values.keys():
            longest = cast(PlainTextField, self.fields[name]).longest
            values[name] = put_back(values[name], kept=getattr(self.customer, name))
            if len(values[name]) > longest:
                self.add_error(name, _("At most %(longest)s characters.") % {"longest": longest})

    def card(self) -> dict[str, object]:
        """The fields of the card, as the service takes them."""
        values = self.cleaned_data
        card = {name: values[name] for name in (*PLAIN, *CHOICES, *DATES, *FLAGS)}
        if "referrer" in self.changed_data:
            card |= referrer_of(values["referrer"], reader=self.reader)
        return card

    def see_anew(self) -> None:
        """Take the card as it stands now for seen: the person has been told."""
        self.customer.refresh_from_db()
        data = cast(QueryDict, self.data).copy()
        data["seen"] = version_of(self.customer)
        self.data = data


class ReasonedForm(forms.Form):
    """An act that asks why."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("Say why.")},
    )


class GradeForm(ReasonedForm):
    """Another grade, and why."""

    field_order = ("grade", "reason")
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)


class QuietForm(ReasonedForm):
    """What the customer does not wish, and what they said."""

    field_order = ("quiet", "reason")
    quiet = forms.ChoiceField(
        label=_("Wish"),
        choices=[(quiet or ANYTHING, label) for quiet, label in Quiet.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the customer wishes.")},
    )

    def clean_quiet(self) -> Quiet:
        chosen = self.cleaned_data["quiet"]
        return Quiet.NONE if chosen == ANYTHING else Quiet(chosen)


class KeeperForm(ReasonedForm):
    """Another keeper, and why."""

    field_order = ("keeper", "reason")
    keeper = forms.ModelChoiceField(
        label=_("Keeper"),
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose who takes the customer over.")},
    )

    def __init__(self, *args: Any, reader: Reach, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = visible_people(reader).filter(role__in=SERVING_ROLES, is_active=True)
        keeper = cast(forms.ModelChoiceField, self.fields["keeper"])
        keeper.queryset = people.order_by("store__code", "name", "pk")
