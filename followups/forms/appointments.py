"""When, what for, with whom and with which car: chips become the arguments of an appointment."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.offering import offer_choices, offer_rows
from customers.models import Appointment, Customer, Resource
from customers.rules.appointments import AT_THE_CUSTOMERS, FITTING, Slot, kinds_of
from customers.states import AppointmentKind, ResourceKind
from followups.forms.chips import day_chips
from followups.forms.fields import (
    OTHER,
    Chip,
    ChipDayField,
    DayField,
    KeyedForm,
    KnownLineField,
    LineField,
)
from staff.models import Person, Store

HOURS = ("10:00", "14:00", "16:00", "19:00")
MINUTES = {30: _("30 min"), 60: _("1 h"), 90: _("1½ h"), 120: _("2 h"), 240: _("4 h")}
USUAL = {
    AppointmentKind.HOME_VISIT: 90,
    AppointmentKind.MEASURING: 90,
    AppointmentKind.DELIVERY: 120,
}
LONGEST_PLACE = Appointment._meta.get_field("place").max_length or 0
LONGEST_NOTE = Appointment._meta.get_field("note").max_length or 0
LONGEST_RESULT = Appointment._meta.get_field("result").max_length or 0


def line(longest: int, **attrs: object) -> forms.TextInput:
    """One line of text, as wide as what it may hold."""
    return forms.TextInput(attrs={"class": "form-control", "maxlength": longest, **attrs})


def usual_place(customer: Customer, kind: str) -> str:
    """The customer's address for a visit, the store for all else."""
    if kind in AT_THE_CUSTOMERS:
        return customer.address[:LONGEST_PLACE]
    return customer.store.name


class AppointmentForm(KeyedForm):
    """One appointment; `cleaned_data` holds the arguments of `book_appointment`."""

    kind = forms.ChoiceField(label=_("What for"), widget=forms.RadioSelect, error_messages={
        "required": _("Choose what the appointment is for."),
    })  # fmt: skip
    on = ChipDayField(label=_("Day"), required=False)
    on_other = DayField(label=_("On"), required=False)
    hour = forms.ChoiceField(label=_("Hour"), required=False, widget=forms.RadioSelect)
    at = forms.TimeField(
        label=_("Exact hour"),
        required=False,
        widget=forms.TimeInput(
            format="%H:%M", attrs={"type": "time", "step": 900, "class": "form-control"}
        ),
    )
    minutes = forms.TypedChoiceField(
        label=_("Takes"),
        coerce=int,
        choices=MINUTES.items(),
        initial=60,
        widget=forms.RadioSelect,
    )
    person = forms.ModelChoiceField(
        label=_("With whom"),
        queryset=Person.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    resource = forms.ModelChoiceField(
        label=_("Car, crew or room"),
        queryset=Resource.objects.none(),
        required=False,
        widget=forms.RadioSelect,
    )
    place = KnownLineField(label=_("Place"), longest=LONGEST_PLACE, widget=line(LONGEST_PLACE))
    note = KnownLineField(label=_("Note"), longest=LONGEST_NOTE, widget=line(LONGEST_NOTE))
    anyway = forms.BooleanField(label=_("Book anyway"), required=False)

    fields_of_codes = {
        "ends_before_it_begins": "minutes",
        "too_long": "minutes",
        "begins_in_the_past": "hour",
        "too_far_ahead": "on",
        "car_missing": "resource",
        "resource_of_another_store": "resource",
        "resource_does_not_fit": "resource",
        "resource_out_of_use": "resource",
        "resource_taken": "resource",
        "resource_taken_by": "resource",
        "person_does_not_see": "person",
        "given_up": "kind",
    }

    def __init__(
        self,
        *args,
        customer: Customer,
        people,
        resources: Sequence[Resource],
        today: date,
        moved: Appointment | None = None,
        kind: str = "",
        **options,
    ) -> None:
        self.customer = customer
        self.asked: dict[str, Any] = {}
        self.zone = customer.store.tzinfo
        self.resources = resources
        super().__init__(*args, **options)
        kinds = [AppointmentKind(moved.kind)] if moved else kinds_of(customer.store.trade)
        offer_choices(self, "kind", [(each.value, each.label) for each in kinds])
        offer_choices(self, "on", [*day_chips(today, (0, 1, 2)), (OTHER, _("Other day"))])
        offer_choices(
            self, "hour", [*((hour, hour) for hour in HOURS), (OTHER, Chip(_("Other hour")))]
        )
        self.fields["on_other"].widget.attrs["data-date-of"] = "on"
        offer_rows(self, "person", people)
        ids = [resource.pk for resource in resources]
        offer_rows(self, "resource", Resource.objects.filter(pk__in=ids))
        if moved is not None:
            self._as_before(moved, today)
        else:
            first = kind if kind in kinds else kinds[0]
            self._preset(
                kind=first,
                on=(today + timedelta(days=1)).isoformat(),
                hour=HOURS[0],
                minutes=USUAL.get(AppointmentKind(first), 60),
                person=customer.owner_id,
            )

    def _preset(self, **values: object) -> None:
        for name, value in values.items():
            self.fields[name].initial = value

    def _as_before(self, moved: Appointment, today: date) -> None:
        """What is moved keeps all but its day: that is chosen anew."""
        begins = moved.starts_at.astimezone(self.zone)
        lasts = (moved.ends_at - moved.starts_at) // timedelta(minutes=1)
        if lasts not in MINUTES:
            chips = {**MINUTES, lasts: _("%(count)s min") % {"count": lasts}}
            offer_choices(self, "minutes", [(str(many), chips[many]) for many in sorted(chips)])
        day = begins.date()
        near = {today + timedelta(days=count) for count in range(3)}
        hour = f"{begins:%H:%M}"
        self._preset(
            kind=moved.kind,
            on=day.isoformat() if day in near else OTHER,
            on_other=day,
            hour=hour if hour in HOURS else OTHER,
            at=begins.time(),
            minutes=lasts,
            person=moved.person_id,
            resource=moved.resource_id,
        )
        cast(KnownLineField, self.fields["place"]).know(moved.place)
        cast(KnownLineField, self.fields["note"]).know(moved.note)

    def slot(self) -> Slot | None:
        """The time that was chosen, as far as it is known."""
        said = self.asked
        begins, minutes = said.get("starts_at"), said.get("minutes")
        if begins is None or not minutes:
            return None
        return Slot(starts_at=begins, ends_at=begins + timedelta(minutes=minutes))

    def offered_resources(self) -> list[dict[str, object]]:
        """The cars, crews and rooms by kind, each with the kinds of appointments it serves."""
        chosen = str(self["resource"].value() or "")
        groups = []
        for kind in ResourceKind:
            rows = [row for row in self.resources if row.kind == kind]
            serves = [str(each) for each, kinds in FITTING.items() if kind in kinds]
            if rows:
                groups.append({
                    "kind": str(kind),
                    "label": kind.label,
                    "when": "kind:" + "|".join(serves),
                    "rows": [
                        {"pk": row.pk, "name": row.name, "is_chosen": str(row.pk) == chosen}
                        for row in rows
                    ],
                    "is_none_chosen": not chosen,
                    "is_wanted": kind == ResourceKind.TEST_CAR,
                })  # fmt: skip
        return groups

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        on = said.get("on_other") if said.get("on") in (OTHER, None, "") else said.get("on")
        hour = said.get("hour")
        at = said.get("at") if hour in (OTHER, None, "") else time.fromisoformat(str(hour))
        if not isinstance(on, date):
            if not {"on", "on_other"} & set(self.errors):
                self.add_error("on", _("Choose the day of the appointment."))
        elif at is None:
            if not {"hour", "at"} & set(self.errors):
                self.add_error("hour", _("Choose the hour of the appointment."))
        else:
            said["starts_at"] = datetime.combine(on, at, self.zone)
        # A refusal takes its field out of what is clean; what was asked is still shown.
        self.asked = dict(said)
        return said

    def arguments(self) -> dict[str, Any]:
        """What the service wants, the place filled in where it was left empty."""
        said = self.cleaned_data
        slot = self.slot()
        if slot is None:
            raise ValueError("ask for the arguments of a valid form")
        return {
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "person": said["person"],
            "resource": said["resource"],
            "place": said["place"] or usual_place(self.customer, said["kind"]),
            "note": said["note"],
            "anyway": said["anyway"],
            "key": said["key"],
        }


class CloseForm(forms.Form):
    """A word on what became of an appointment."""

    result = LineField(label=_("In a word"), longest=LONGEST_RESULT, widget=line(LONGEST_RESULT))


class CancelForm(forms.Form):
    """Why an appointment is cancelled."""

    reason = LineField(label=_("Why"), longest=LONGEST_RESULT, widget=line(LONGEST_RESULT))

    fields_of_codes = {"reason_missing": "reason"}


class ResourceForm(forms.Form):
    """A car, crew or room."""

    name = LineField(
        label=pgettext_lazy("of a thing", "Name"),
        longest=60,
        widget=line(60, placeholder=_("Plate, crew's name or room number")),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=ResourceKind.choices, widget=forms.RadioSelect
    )
    store = forms.ModelChoiceField(
        label=_("Store"),
        queryset=Store.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    is_active = forms.BooleanField(
        label=_("in use"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    fields_of_codes = {"name_missing": "name", "name_is_taken": "name"}

    def __init__(self, *args, stores, resource: Resource | None = None, **options) -> None:
        super().__init__(*args, **options)
        if resource is not None:
            for name in ("kind", "store"):
                del self.fields[name]
            self.fields["name"].initial = resource.name
            self.fields["is_active"].initial = resource.is_active
        else:
            del self.fields["is_active"]
            offer_rows(self, "store", stores)
            first = stores.first()
            self.fields["store"].initial = first.pk if first else None
