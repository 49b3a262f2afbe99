"""Branches out of a call: what else came of it, as parts of the form of its contact.

Each part is opened by its own chip; what a part that is not ticked holds is left out, so that the
form works without scripts and loses nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.calendars import add_months
from core.fields import PhoneField
from core.phones import mask_in_text
from customers.models import Customer, OwnedProduct
from customers.rules.appointments import kinds_of
from customers.states import AppointmentKind, Replacement, Source
from followups.forms.appointments import HOURS, USUAL, line, usual_place
from followups.forms.chips import day_chips
from followups.forms.fields import (
    OTHER,
    Chip,
    ChipDayField,
    DayField,
    LineField,
    ProductField,
)
from followups.services.branches import Branches, NewAppointment, NewLead
from followups.services.renewals import RenewalSaid
from followups.states import Renewal
from staff.models import Person
from staff.states import Trade

LONGEST_NEED = 200
USUAL_MINUTES = 60
# These need a car of ours or a whole order: they are booked on their own pages.
BOOKED_ELSEWHERE = (AppointmentKind.TEST_DRIVE, AppointmentKind.DELIVERY)
# At which field a refusal of the acts stands.
FIELDS_OF_CODES = {
    "begins_in_the_past": "ap_hour",
    "too_far_ahead": "ap_on",
    "person_does_not_see": "ap_person",
    "given_up": "ap_kind",
    "wishes_no_appointment": "ap_kind",
    "name_missing": "lead_name",
    "renewal_needs_its_end": "renewed_until",
    "renewal_is_over": "renewed_until",
    "renewal_is_too_long": "renewed_until",
    "renewal_is_not_later": "renewed_until",
    "product_is_gone": "of_product",
}


def insured_next_until(product: OwnedProduct | None, *, today: date) -> date:
    """Until when a renewed insurance runs: a year on, from now where the old one is over."""
    before = product.insurance_until if product else None
    return add_months(before if before and add_months(before, 12) > today else today, 12)


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class BranchesForm(forms.Form):
    """What else came of a call; `branches` is what was ticked."""

    use_required_attribute = False

    to_appointment = _tick(_("Book an appointment"))
    ap_kind = forms.ChoiceField(label=_("What for"), required=False, widget=forms.RadioSelect)
    ap_on = ChipDayField(label=_("Day"), required=False)
    ap_on_other = DayField(label=_("On"), required=False)
    ap_hour = forms.ChoiceField(label=_("Hour"), required=False, widget=forms.RadioSelect)
    ap_at = forms.TimeField(
        label=_("Exact hour"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"}),
    )
    ap_person = forms.ModelChoiceField(
        label=_("With whom"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    ap_note = LineField(label=_("In a word"), longest=200, widget=line(200))

    to_lead = _tick(_("A new lead"))
    lead_source = forms.ChoiceField(
        label=_("Who buys"),
        required=False,
        initial=Source.OWNER_REFERRAL,
        choices=[
            (Source.OWNER_REFERRAL.value, _("Somebody they know")),
            (Source.REPURCHASE.value, _("Their own household")),
        ],
        widget=forms.RadioSelect,
    )
    lead_name = LineField(label=_("Name"), longest=64, widget=line(64))
    lead_phone = PhoneField(label=_("Phone"), required=False)
    lead_need = LineField(label=_("Need"), longest=LONGEST_NEED, widget=line(LONGEST_NEED))

    to_renewal = _tick(_("Insurance"))
    renewal = forms.ChoiceField(
        label=_("Will they renew?"),
        required=False,
        choices=Renewal.choices,
        widget=forms.RadioSelect,
    )
    renewed_until = DayField(label=_("Insured until"), required=False)
    renewed_insurer = LineField(label=_("Insurer"), longest=60, widget=line(60))

    to_replacement = _tick(_("Replacement"))
    replacement = forms.ChoiceField(
        label=_("When do they mean to replace it?"),
        required=False,
        choices=Replacement.choices,
        widget=forms.RadioSelect,
    )
    of_product = ProductField(
        label=_("Product"),
        queryset=OwnedProduct.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    PARTS = ("to_appointment", "to_lead", "to_renewal", "to_replacement")

    def __init__(
        self,
        *args,
        customer: Customer,
        people: Any,
        products: Sequence[OwnedProduct],
        today: date,
        asked: Sequence[str] = (),
        renewing: OwnedProduct | None = None,
        **options,
    ) -> None:
        """`asked`: parts that the form around asks for itself; `renewing`: whose insurance the task
        at hand is about, so that its answer is asked first and needs no tick (AFT-10).
        """
        self.customer, self.products, self.today = customer, products, today
        self.renewing = renewing if customer.store.trade == Trade.CARS else None
        super().__init__(*args, **options)
        self._offer_appointment(people)
        self.fields["lead_phone"].widget.attrs["class"] = "form-control"
        self._offer_products()
        left = {*asked, *([] if products else ["to_renewal", "to_replacement"])}
        if customer.store.trade != Trade.CARS or self.renewing:
            left.add("to_renewal")
        self.parts = [name for name in self.PARTS if name not in left]

    def _offer_appointment(self, people: Any) -> None:
        kinds = [
            AppointmentKind(kind)
            for kind in kinds_of(self.customer.store.trade)
            if kind not in BOOKED_ELSEWHERE
        ]
        first = AppointmentKind.SERVICE if AppointmentKind.SERVICE in kinds else kinds[0]
        self._choose("ap_kind", [(kind.value, kind.label) for kind in kinds], first)
        days = [*day_chips(self.today, (1, 2, 3)), (OTHER, _("Other day"))]
        self._choose("ap_on", days, days[0][0])
        hours = [*((hour, hour) for hour in HOURS[:3]), (OTHER, Chip(_("Other hour")))]
        self._choose("ap_hour", hours, HOURS[0])
        self.fields["ap_on_other"].widget.attrs["data-date-of"] = "ap_on"
        person = cast(forms.ModelChoiceField, self.fields["ap_person"])
        person.queryset = people
        person.initial = self.customer.owner_id

    def _offer_products(self) -> None:
        owned = cast(forms.ModelChoiceField, self.fields["of_product"])
        owned.queryset = OwnedProduct.objects.filter(pk__in=[row.pk for row in self.products])
        first = self.renewing or (self.products[0] if self.products else None)
        owned.initial = first.pk if first else None
        self.fields["renewed_until"].initial = insured_next_until(first, today=self.today)
        self.fields["renewed_insurer"].initial = mask_in_text(first.insurer) if first else ""

    def _choose(self, name: str, choices: Sequence[tuple[str, object]], first: str) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices, field.initial = list(choices), first

    @property
    def ticks(self) -> list[forms.BoundField]:
        """The chips that open the parts offered here."""
        return [self[name] for name in self.parts]

    @property
    def has_many_products(self) -> bool:
        return len(self.products) > 1

    @property
    def is_open(self) -> bool:
        """Something is ticked, or was refused: the fold stands open."""
        return bool(self.errors) or any(self[name].value() for name in self.parts)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        ticked = {name for name in self.parts if said.get(name)}
        if self.renewing and said.get("renewal"):
            ticked.add("to_renewal")
        if "to_appointment" in ticked:
            said["starts_at"] = self._starts_at(said)
            if not said.get("ap_person") and self.customer.owner_id is None:
                self.add_error("ap_person", _("Choose with whom."))
        if "to_lead" in ticked:
            for name in ("lead_name", "lead_phone"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("A new lead needs a name and a number."))
        elif "lead_phone" in self.errors:  # typed into a part that was closed again
            del self.errors["lead_phone"]
        if "to_renewal" in ticked and not said.get("renewal"):
            self.add_error("renewal", _("Choose what they say."))
        if "to_replacement" in ticked and not said.get("replacement"):
            self.add_error("replacement", _("Choose what they say."))
        said["ticked"] = ticked
        return said

    def _starts_at(self, said: dict[str, Any]) -> datetime | None:
        on = said.get("ap_on_other") if said.get("ap_on") in (OTHER, None, "") else said["ap_on"]
        hour = said.get("ap_hour")
        at = said.get("ap_at") if hour in (OTHER, None, "") else time.fromisoformat(str(hour))
        if not isinstance(on, date):
            self.add_error("ap_on", _("Choose the day of the appointment."))
        elif at is None:
            self.add_error("ap_hour", _("Choose the hour of the appointment."))
        else:
            return datetime.combine(on, at, self.customer.store.tzinfo)
        return None

    def branches(self) -> Branches:
        """What was ticked, as the service takes it."""
        said = self.cleaned_data
        ticked = said["ticked"]
        product = said.get("of_product") or (self.products[0] if self.products else None)
        renewed = self.renewing or product
        return Branches(
            appointment=self._appointment(said) if "to_appointment" in ticked else None,
            leads=[self._lead(said)] if "to_lead" in ticked else (),
            renewal=self._renewal(said, renewed) if "to_renewal" in ticked and renewed else None,
            replacement=(product, Replacement(said["replacement"]))
            if "to_replacement" in ticked and product
            else None,
        )

    def _appointment(self, said: dict[str, Any]) -> NewAppointment:
        kind = AppointmentKind(said["ap_kind"] or self.fields["ap_kind"].initial)
        return NewAppointment(
            kind=kind,
            starts_at=said["starts_at"],
            minutes=USUAL.get(kind, USUAL_MINUTES),
            person=cast(Person, said["ap_person"] or self.customer.owner),
            place=usual_place(self.customer, kind),
            note=said["ap_note"],
        )

    def _lead(self, said: dict[str, Any]) -> NewLead:
        return NewLead(
            name=said["lead_name"],
            phone=said["lead_phone"],
            need=said["lead_need"],
            source=Source(said["lead_source"] or Source.OWNER_REFERRAL),
        )

    def _renewal(self, said: dict[str, Any], product: OwnedProduct) -> RenewalSaid:
        return RenewalSaid(
            product=product,
            answer=Renewal(said["renewal"]),
            until=said["renewed_until"],
            insurer=unmasked_insurer(said["renewed_insurer"], product),
        )


def unmasked_insurer(said: str, product: OwnedProduct) -> str:
    """An insurer left as it was shown is the one that is written."""
    return product.insurer if said == mask_in_text(product.insurer) else said
