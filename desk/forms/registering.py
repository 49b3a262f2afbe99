"""The form of a quick registration: three fields to type, the rest by tap."""

from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import NameField, PhoneField, PlainTextField
from core.offering import offer_choices, offer_rows
from core.phones import PhoneRefused, mask_in_text, normalise
from customers.queries import visible, with_this_number
from customers.queries.designers import designer_named
from customers.rules import NextStep
from customers.states import (
    Channel,
    ExpectedPurchase,
    Grade,
    NextKind,
    Source,
    Title,
)
from desk.forms.filing import ClaimFields
from desk.forms.hours import ContactHoursForm
from desk.needs import NEEDS, need_text
from desk.services import Claim
from filings.services import files_leads
from staff.models import Person
from staff.scope import SERVING_ROLES, Reach, visible_people
from staff.states import Role, Trade

CHANNELS = [
    (Channel.STORE_VISIT, _("In the store")),
    (Channel.CALL, _("By phone")),
    (Channel.WECHAT, _("WeChat")),
    (Channel.HOME_VISIT, _("Outside")),
]
# What can be told from one meeting; the finer grades come with getting to know each other.
GRADES = [(grade, grade.value) for grade in (Grade.A, Grade.B1, Grade.C2)]
EXPECTED = [
    (ExpectedPurchase.WEEK, _("7 days")),
    (ExpectedPurchase.FORTNIGHT, _("15 days")),
    (ExpectedPurchase.MONTH, _("1 month")),
    (ExpectedPurchase.QUARTER, _("3 months")),
    (ExpectedPurchase.LATER, _("Later")),
]
TOMORROW, WEEKEND, OTHER = "tomorrow", "weekend", "other"
NEXT_STEPS = [
    (TOMORROW, _("Call tomorrow")),
    (WEEKEND, _("Visit at the weekend")),
    (OTHER, _("Other")),
]
OTHER_KINDS = [(kind, kind.label) for kind in NextKind if kind != NextKind.NONE]
REFERRED_SOURCES = (Source.FRIEND, Source.OWNER_REFERRAL, Source.DESIGNER)
SATURDAY = 5


def next_weekend(today: date) -> date:
    """The Saturday to come; on a Saturday the Sunday, on a Sunday the next Saturday."""
    if today.weekday() == SATURDAY:
        return today + timedelta(days=1)
    return today + timedelta(days=(SATURDAY - today.weekday()) % 7 or 7)


class RegisterForm(ClaimFields, ContactHoursForm):
    """A registration, and a filing with the same tap where `is_filing` (FIL-35).

    `reader` decides who may become the keeper, and the trade what is offered.
    """

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    phone = PhoneField(label=_("Customer's phone"), required=False)
    wechat = PlainTextField(label=_("WeChat id"), longest=60, required=False)
    name = NameField(
        label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off", "required": True})
    )
    title = forms.ChoiceField(
        label=_("Title"), choices=Title.choices, widget=forms.RadioSelect, required=False
    )
    address = PlainTextField(
        label=_("Address"),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    need = forms.MultipleChoiceField(
        label=_("Need"), widget=forms.CheckboxSelectMultiple, required=False
    )
    need_text = PlainTextField(
        label=_("More about the need"),
        longest=300,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("More about the need")}),
    )
    expected = forms.ChoiceField(
        label=_("Buys in"), choices=EXPECTED, widget=forms.RadioSelect, required=False
    )
    grade = forms.ChoiceField(
        label=_("Grade"), choices=GRADES, widget=forms.RadioSelect, initial=Grade.B1
    )
    source = forms.ChoiceField(
        label=_("Source"),
        choices=Source.choices,
        widget=forms.Select,
        initial=Source.WALK_IN,
        required=False,
    )
    referrer = PlainTextField(label=_("Referred by"), longest=60, required=False)
    brought_by = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    channel = forms.ChoiceField(
        label=_("Came"), choices=CHANNELS, widget=forms.RadioSelect, initial=Channel.STORE_VISIT
    )
    next_step = forms.ChoiceField(
        label=_("Next step"), choices=NEXT_STEPS, widget=forms.RadioSelect, initial=TOMORROW
    )
    next_kind_other = forms.ChoiceField(
        label=_("What"),
        choices=OTHER_KINDS,
        widget=forms.RadioSelect,
        initial=NextKind.CALL,
        required=False,
    )
    next_on_other = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(
            format="%Y-%m-%d",
            attrs={"type": "date", "class": "form-control", "data-date-of": "next_step"},
        ),
    )
    keeper = forms.ModelChoiceField(
        label=_("Keeper"),
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(
        self, *args: Any, by: Person, reader: Reach, today: date, is_filing: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_filing:
            self.drop_claim()
        self.by, self.reader, self.today = by, reader, today
        self.trade = Trade(by.store.trade) if by.store else next(iter(NEEDS))
        offer_choices(self, "need", list(NEEDS[self.trade].items()))
        if by.role == Role.SALES_FIELD:
            self.fields["channel"].initial = Channel.HOME_VISIT
        if reader.may_serve:
            self.fields["keeper"].initial = by.pk
        else:  # an operations manager registers for others and receives nobody
            for name in ("channel", "next_step", "next_kind_other", "next_on_other"):
                del self.fields[name]
        offer_rows(self, "keeper", self._keepers())
        if not (reader.leads_stores or reader.assists):
            del self.fields["keeper"]

    def _keepers(self) -> QuerySet[Person]:
        people = visible_people(self.reader).filter(
            role__in=SERVING_ROLES, is_active=True, store__isnull=False
        )
        return people.select_related("store").order_by("store__code", "name", "pk")

    def clean_next_on_other(self) -> date | None:
        day = self.cleaned_data["next_on_other"]
        if self.data.get("next_step") == OTHER and day is None:
            raise forms.ValidationError(_("Choose the day of the next contact."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "phone" in values and values["phone"] is None and not values.get("wechat"):
            self.add_error("phone", _("Give a phone number or a WeChat id."))
        if values.get("phone"):
            store = (values.get("keeper") or self.by).store
            self.check_claim(values, address=values.get("address", ""), store=store)
        return values

    # what the service takes

    @property
    def chosen_keeper(self) -> Person:
        return self.cleaned_data.get("keeper") or self.by

    def claim(self) -> Claim | None:
        """What is filed with the card; None where nothing is: no number, or not in this trade."""
        store = self.chosen_keeper.store
        if not self.has_claim or self.cleaned_data["phone"] is None or store is None:
            return None
        if not files_leads(store, now=timezone.now()):
            return None
        return self.claim_for(address=self.cleaned_data["address"])

    def agreed(self) -> NextStep | None:
        """What was agreed; None where nobody was received."""
        values = self.cleaned_data
        if "next_step" not in values:
            return None
        if values["next_step"] == TOMORROW:
            return NextStep(kind=NextKind.CALL, on=self.today + timedelta(days=1))
        if values["next_step"] == WEEKEND:
            return NextStep(kind=NextKind.STORE_VISIT, on=next_weekend(self.today))
        kind = NextKind(values["next_kind_other"] or NextKind.CALL)
        return NextStep(kind=kind, on=values["next_on_other"])

    def card(self) -> dict[str, object]:
        """The fields of the card."""
        values = self.cleaned_data
        need = need_text(trade=self.trade, chosen=values["need"], typed=values["need_text"])
        return {
            "title": values["title"],
            "wechat": values["wechat"],
            "address": values["address"],
            "need": need,
            "expected_purchase": values["expected"],
            "source": values["source"],
            "contact_from": values["contact_from"],
            "contact_until": values["contact_until"],
            **self._brought(),
        }

    def _brought(self) -> dict[str, object]:
        """Who brought the customer: chosen on a card or a designer's page, else as it is typed."""
        values = self.cleaned_data
        said, pk = values["referrer"], values.get("brought_by")
        if values["source"] == Source.DESIGNER:
            if named := designer_named(said, reach=self.reader):
                return {"designer": named, "referrer": None, "referrer_text": ""}
        elif pk:
            found = visible(self.reader).filter(pk=pk).first()
            if found is not None and found.shown_name == said:
                return {"referrer": found, "referrer_text": ""}
        return referrer_of(said, reader=self.reader)

    def renew_key(self) -> None:
        """Give the form another key: the one it carries belongs to another form."""
        data = cast(QueryDict, self.data).copy()
        data["key"] = str(uuid4())
        self.data = data


def referrer_of(text: str, *, reader: Reach) -> dict[str, object]:
    """Who sent the customer: one of ours where the text is a number we may see, else the text.

    A number is never kept as text: it would stand there for everybody to read.
    """
    if not text:
        return {"referrer": None, "referrer_text": ""}
    try:
        normalise(text)
    except PhoneRefused:
        return {"referrer": None, "referrer_text": mask_in_text(text)}
    number = with_this_number(text)
    if number and visible(reader).filter(pk=number.customer_id).exists():
        return {"referrer": number.customer, "referrer_text": ""}
    return {"referrer": None, "referrer_text": mask_in_text(text)}
