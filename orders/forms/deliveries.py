"""What is typed when goods are handed over, when that was wrong, and when something is."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.offering import offer_choices, offer_rows
from core.phones import mask_in_text
from core.standing import StandingForm
from customers.services.pictures import LARGEST_UPLOAD, Picture, PictureRefused, read_picture
from followups.forms.fields import DayField, KeyedForm, LineField
from followups.states import CaseKind
from orders.forms.progress import choice_field, text_field
from orders.models import Delivery, Order, OrderLine
from orders.rules.checklists import checklist
from orders.services.delivering import Handed, NewDelivery
from orders.services.delivery_mistakes import When
from orders.services.incidents import CASES, Mishap
from orders.states import IncidentKind
from staff.states import Trade

LONGEST_SIGNER = Delivery._meta.get_field("signed_by").max_length or 0


def time_field() -> forms.TimeField:
    return forms.TimeField(
        label=_("at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"}),
    )


def words_field(label: object, longest: int) -> LineField:
    """A few words that have to be there; the service says so."""
    attrs = {"class": "form-control", "rows": 2, "maxlength": longest}
    return LineField(label=label, longest=longest, widget=forms.Textarea(attrs=attrs))


class HandOverForm(KeyedForm):
    """What was handed over; `cleaned_data` holds the arguments of `deliver_goods`.

    More pieces than are left the service refuses: of a form sent twice the first sending has taken
    them.
    """

    use_required_attribute = False

    delivered_on = DayField(
        label=_("Delivered on"), error_messages={"required": _("Say on which day.")}
    )
    delivered_time = time_field()
    signed_by = text_field(_("Signed for by"), LONGEST_SIGNER)
    checked = forms.MultipleChoiceField(
        label=_("Gone through with the customer"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = words_field(_("Note of the crew"), 400)
    photo = forms.FileField(
        label=_("Photo of the signed note"),
        required=False,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/*"}),
    )

    fields_of_codes = {
        "signed_by_missing": "signed_by",
        "not_checked": "checked",
        "in_future": "delivered_on",
        "before_order": "delivered_on",
    }

    def __init__(
        self, *args: Any, order: Order, lines: Sequence[OrderLine], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.order, self.lines = order, lines
        self.is_of_cars = order.store.trade == Trade.CARS
        items = [(item.value, item.label) for item in checklist(order.store.trade)]
        offer_choices(self, "checked", items)
        for line in lines:
            self._ask_for(line)

    def _ask_for(self, line: OrderLine) -> None:
        left = line.qty - line.delivered_qty
        is_car = self.is_of_cars and not line.is_accessory
        attrs = {"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}
        self.fields[f"qty_{line.pk}"] = forms.IntegerField(
            label=_("Pieces"),
            min_value=0,
            required=False,
            initial=min(left, 1) if is_car else left,
            widget=forms.TextInput(attrs=attrs),
        )
        if is_car:
            self.fields[f"serial_{line.pk}"] = text_field(_("VIN"), 40, autocapitalize="characters")

    @property
    def goods(self) -> list[tuple[OrderLine, str, int, Any, Any]]:
        """Each line with its name, what is left of it, and what is asked of it."""
        return [
            (
                line,
                mask_in_text(line.product),
                line.qty - line.delivered_qty,
                self[f"qty_{line.pk}"],
                self[f"serial_{line.pk}"] if f"serial_{line.pk}" in self.fields else None,
            )
            for line in self.lines
        ]

    def clean_photo(self) -> Picture | None:
        sent = self.cleaned_data["photo"]
        if not sent:
            return None
        try:
            return read_picture(sent.read(LARGEST_UPLOAD + 1))
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        at = said.get("delivered_time")
        if self.errors:
            return said
        pieces = [
            Handed(line_id=line.pk, qty=qty, serial=said.get(f"serial_{line.pk}", ""))
            for line in self.lines
            if (qty := said[f"qty_{line.pk}"])
        ]
        told = NewDelivery(
            pieces=pieces,
            delivered_on=said["delivered_on"],
            delivered_at=moment(said["delivered_on"], at, order=self.order),
            signed_by=said["signed_by"],
            checked=said["checked"],
            note=said["note"],
            photo=said["photo"],
        )
        return {"key": said["key"], "told": told, "content": self._content()}

    def _content(self) -> str:
        """What was typed, as it was sent: of goods that are gone by now, too."""
        names = ("qty_", "serial_", "delivered_", "signed_by")
        typed = sorted(name for name in self.data if name.startswith(names))
        return "\n".join(f"{name} {self.data[name]}" for name in typed)


def moment(on: date, at: time | None, *, order: Order) -> datetime | None:
    """The hour of that day where the store is."""
    return datetime.combine(on, at, order.store.tzinfo) if at is not None else None


class CorrectForm(StandingForm):
    """Another day or hour of a delivery: the arguments of `correct_delivery`."""

    use_required_attribute = False
    stands = ("delivered_on", "delivered_time")

    delivered_on = DayField(
        label=_("Delivered on"), error_messages={"required": _("Say on which day.")}
    )
    delivered_time = time_field()
    reason = text_field(_("Why it is corrected"), 200)

    fields_of_codes = {
        "in_future": "delivered_on",
        "before_order": "delivered_on",
        "reason_missing": "reason",
    }

    def __init__(self, *args: Any, delivery: Delivery, **options: Any) -> None:
        self.order = delivery.order
        at = delivery.delivered_at
        known = at.astimezone(self.order.store.tzinfo).time() if at else None
        options["initial"] = {"delivered_on": delivery.delivered_on, "delivered_time": known}
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        on = said["delivered_on"]
        when = When(on=on, at=moment(on, said["delivered_time"], order=self.order))
        return {"when": when, "reason": said["reason"]}


class ReasonForm(forms.Form):
    """Why something is taken back."""

    use_required_attribute = False

    reason = text_field(_("Why"), 200)


class InstalledForm(StandingForm):
    """Since when it is installed."""

    use_required_attribute = False
    stands = ("on",)

    on = DayField(label=_("Installed on"), error_messages={"required": _("Say on which day.")})


class LineChoiceField(forms.ModelChoiceField):
    """A line of an order, by its goods."""

    def label_from_instance(self, obj: OrderLine) -> str:
        return mask_in_text(obj.product)


class IncidentForm(KeyedForm):
    """What went wrong: the arguments of `note_incident`."""

    use_required_attribute = False

    kind = choice_field(
        pgettext_lazy("incident", "What"), IncidentKind.choices, _("Choose what went wrong.")
    )
    line = LineChoiceField(
        label=_("With which goods"),
        queryset=OrderLine.objects.none(),
        required=False,
        empty_label=_("the order as a whole"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    note = words_field(_("What happened"), 400)

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "line", OrderLine.objects.filter(order=order).order_by("position"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        if not said["note"]:
            self.add_error("note", _("Say what happened."))
            return said
        told = Mishap(kind=said["kind"], line=said["line"], note=said["note"])
        return {"key": said["key"], "told": told}


class SolveForm(forms.Form):
    """How it was mended."""

    use_required_attribute = False

    remedy = words_field(_("How it was mended"), 400)


class IncidentCaseForm(forms.Form):
    """What kind of service case it needs."""

    use_required_attribute = False

    kind = choice_field(
        _("Kind"),
        [(kind.value, CaseKind(kind).label) for kind in CASES],
        _("Choose what kind of case it is."),
        initial=CaseKind.REPAIR,
    )
