"""What is typed about the goods and days of an order."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.offering import offer_choices
from core.phones import mask_in_text
from core.standing import StandingForm
from followups.forms.fields import Chip, DayField, LineField
from orders.models import Order, OrderLine
from orders.rules import moves
from orders.services.allocating import Source
from orders.services.dates import Planned, Why
from orders.services.moving import Step
from orders.states import DelayCause, LineState, OrderChannel, Preparation, Supply

ALONG, OTHER_DAY, STAYS = "along", "other", "stays"


def text_field(label: Any, longest: int, **attrs: object) -> LineField:
    """One line of free text, or none."""
    known = {"class": "form-control", "autocomplete": "off", "maxlength": longest}
    return LineField(label=label, longest=longest, widget=forms.TextInput(attrs=known | attrs))


def shown_when(field: forms.Field, condition: str) -> Any:
    """The field, shown by the page's script only while the condition (a data-when) holds."""
    field.shown_when = condition  # type: ignore[attr-defined]
    return field


def choice_field(label: Any, choices: Sequence[Any], wrong: Any, **options: Any) -> Any:
    """One of a few, chosen by tap."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": wrong},
        **options,
    )


def line_chips(lines: Sequence[OrderLine]) -> list[tuple[str, Chip]]:
    """Lines to choose from: the product, and under it how far its goods are."""
    return [
        (
            str(line.pk),
            Chip(
                f"{mask_in_text(line.product)} × {line.qty}",
                f"{line.get_supply_display()} · {line.get_state_display()}",
            ),
        )
        for line in lines
    ]


class LinesForm(forms.Form):
    """An act on one line or several."""

    use_required_attribute = False

    lines = forms.MultipleChoiceField(
        label=_("Which goods"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the lines that this is about.")},
    )

    def __init__(self, *args: Any, among: Sequence[OrderLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.among = among
        offer_choices(self, "lines", line_chips(among))

    def clean_lines(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["lines"]]


class AllocateForm(StandingForm, LinesForm):
    """Where goods come from; `cleaned_data` holds the arguments of `allocate_lines`."""

    stands = ("supply", "po_no", "arrives_on")

    supply = choice_field(
        pgettext_lazy("goods", "From"), Supply.choices, _("Choose where the goods come from.")
    )
    po_no = shown_when(text_field(_("Purchase order no."), 40), "supply:purchase")
    arrives_on = shown_when(
        DayField(label=_("Expected on"), required=False), "supply:purchase;supply:production"
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        supply = said.pop("supply")
        po_no, arrives_on = said.pop("po_no"), said.pop("arrives_on")
        is_bought = supply == Supply.PURCHASE
        is_awaited = supply in (Supply.PURCHASE, Supply.PRODUCTION)
        said["source"] = Source(
            supply=supply,
            po_no=po_no if is_bought else "",
            arrives_on=arrives_on if is_awaited else None,
        )
        return said


class MoveForm(LinesForm):
    """How far goods are; `cleaned_data` holds the arguments of `move_lines`."""

    to = choice_field(_("They are"), (), _("Choose how far the goods are."))
    on = DayField(label=_("Since"), error_messages={"required": _("Say since when.")})
    po_no = shown_when(text_field(_("Purchase order no."), 40), "to:submitted")
    carrier = shown_when(text_field(_("Carrier"), 60), "to:shipped")
    tracking_no = shown_when(text_field(_("Tracking no."), 60), "to:shipped")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        next_ones = {
            step for line in self.among for step in moves.next_steps(line.state, supply=line.supply)
        }
        choices = [(step.value, step.label) for step in moves.STEPS if step in next_ones]
        offer_choices(self, "to", choices)
        if len(choices) == 1:
            self.fields["to"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        to = said.pop("to")
        is_submitted, is_shipped = to == LineState.SUBMITTED, to == LineState.SHIPPED
        po_no, carrier, number = said.pop("po_no"), said.pop("carrier"), said.pop("tracking_no")
        said["step"] = Step(
            to=to,
            on=said.pop("on"),
            po_no=po_no if is_submitted else "",
            carrier=carrier if is_shipped else "",
            tracking_no=number if is_shipped else "",
        )
        return said


class StepBackForm(forms.Form):
    """Why a step is taken back; `seen` is the state that the page showed."""

    use_required_attribute = False

    seen = forms.CharField(widget=forms.HiddenInput, max_length=20)
    reason = text_field(_("Why"), 200)


class WhyForm(StandingForm):
    """Why a day changes that stands."""

    use_required_attribute = False
    stands: Sequence[str] = ("on",)

    cause = choice_field(_("Why"), DelayCause.choices, _("Say why the day changes."))
    note = text_field(_("Note"), 200)

    def why(self, said: dict[str, Any]) -> Why | None:
        cause, note = said.pop("cause", ""), said.pop("note", "")
        return Why(cause=cause, note=note) if cause else None


class ArrivalForm(WhyForm):
    """Another expected arrival; `cleaned_data` holds the arguments of `change_arrival`."""

    on = DayField(label=_("Expected on"), error_messages={"required": _("Say when they arrive.")})
    delivery = choice_field(_("The planned delivery"), (), _("Choose a day for the delivery."))
    other_day = shown_when(DayField(label=_("Deliver on"), required=False), "delivery:other")

    field_order = ("on", "cause", "note", "delivery", "other_day")

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, **options)
        if order.current_on is None:
            del self.fields["delivery"], self.fields["other_day"]
            return
        choices = [
            (ALONG, Chip(_("Moves along"), _("where the goods come after it"))),
            (OTHER_DAY, _("Another day")),
            (STAYS, _("Stays")),
        ]
        offer_choices(self, "delivery", choices)
        self.fields["delivery"].initial = ALONG

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        follows, other = said.pop("delivery", ALONG), said.pop("other_day", None)
        if follows == OTHER_DAY and other is None and "other_day" not in self.errors:
            self.add_error("other_day", _("Say on which day it is delivered."))
        said["why"] = self.why(said)
        said["moves_delivery"] = follows != STAYS
        said["delivery_on"] = other if follows == OTHER_DAY else None
        return said


class WishForm(WhyForm):
    """Another wish of the customer; `cleaned_data` holds the arguments of `change_wish`."""

    on = DayField(label=_("Wished for"), required=False)

    field_order = ("on", "cause", "note")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["why"] = self.why(said)
        return said


class PlanForm(WhyForm):
    """When, by whom and with what it is delivered: the arguments of `plan_delivery`."""

    stands = ("on", "time_window", "crew", "preparation")

    on = DayField(label=_("Deliver on"), error_messages={"required": _("Choose a day.")})
    time_window = text_field(_("Time of day"), 40, placeholder=_("in the morning, 14:00–16:00 …"))
    crew = text_field(_("Crew"), 80)
    preparation = forms.MultipleChoiceField(
        label=_("To be prepared"),
        choices=Preparation.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    field_order = ("on", "time_window", "crew", "preparation", "cause", "note")

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, **options)
        self.before = order.current_on
        self.fields["cause"].required = False
        self.fields["cause"].label = _("Why another day")
        if self.before is None:
            del self.fields["cause"], self.fields["note"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["plan"] = Planned(
            crew=said.pop("crew", ""),
            time_window=said.pop("time_window", ""),
            preparation=said.pop("preparation", []),
        )
        said["why"] = self.why(said)
        if said["why"] is None and self._moves(said.get("on")):
            self.add_error("cause", _("Say why the day changes."))
        return said

    def _moves(self, on: date | None) -> bool:
        return self.before is not None and on is not None and on != self.before


class LetterSentForm(forms.Form):
    """How the confirmation letter went out."""

    use_required_attribute = False

    way = choice_field(
        _("How it was sent"),
        [(way.value, way.label) for way in OrderChannel if way != OrderChannel.PHONE],
        _("Choose how the letter was sent."),
    )


class SureForm(forms.Form):
    """An act that asks for nothing but the button."""
