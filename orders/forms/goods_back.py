"""What is typed of goods that come back: what is asked for, decided, and which case it is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.offering import offer_choices
from core.phones import mask_in_text
from followups.forms.fields import Chip, DayField, KeyedForm
from followups.models import Case
from followups.states import RETURN_CASES, CaseChannel
from orders.forms.deliveries import words_field
from orders.forms.progress import choice_field
from orders.models import OrderLine, Return
from orders.services.goods_back import AskedReturn
from orders.states import ReturnCause, ReturnKind

LONGEST_NOTE = Return._meta.get_field("note").max_length or 0
LONGEST_REASON = Return._meta.get_field("decision_note").max_length or 0
LONGEST_TEXT = Case._meta.get_field("text").max_length or 0
# A survey is answered, not called in.
CHANNELS = [each for each in CaseChannel if each != CaseChannel.SURVEY]
AGREE, REFUSE = "agree", "refuse"


class AskForm(KeyedForm):
    """Which goods come back, so many, why, and whether something comes instead."""

    use_required_attribute = False
    stops = {
        "qty_missing": "qty",
        "more_than_delivered": "qty",
        "beyond_window": "cause",
        "nothing_delivered": "line",
    }

    line = choice_field(_("Which goods"), [], _("Choose which goods come back."))
    qty = forms.IntegerField(
        label=_("Pieces"),
        min_value=1,
        max_value=9999,
        initial=1,
        error_messages={"required": _("Say how many pieces come back.")},
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    kind = choice_field(
        _("What the customer wants"), ReturnKind.choices, _("Choose what the customer wants.")
    )
    cause = choice_field(_("Why"), ReturnCause.choices, _("Choose why."))
    note = words_field(_("What the customer says"), LONGEST_NOTE)

    def __init__(self, *args: Any, among: Sequence[tuple[OrderLine, int]], **options: Any) -> None:
        """`among` are the lines with how many of their pieces are with the customer."""
        super().__init__(*args, **options)
        self.among = {str(line.pk): line for line, _left in among}
        chips = [
            (str(line.pk), Chip(mask_in_text(line.product), f"× {left}")) for line, left in among
        ]
        offer_choices(self, "line", chips)
        if len(chips) == 1:
            self.initial.setdefault("line", chips[0][0])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        return {
            "key": said["key"],
            "line": self.among[said["line"]],
            "asked": AskedReturn(
                kind=ReturnKind(said["kind"]),
                cause=ReturnCause(said["cause"]),
                qty=said["qty"],
                note=said["note"],
            ),
        }


class DecideForm(forms.Form):
    """Agreed or refused, and why."""

    use_required_attribute = False
    stops = {"reason_missing": "reason", "late_reason_missing": "reason"}

    answer = choice_field(
        _("Decision"),
        [(AGREE, _("Agree")), (REFUSE, _("Refuse"))],
        _("Choose whether it is agreed."),
    )
    reason = words_field(_("Reason"), LONGEST_REASON)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        return {"is_agreed": said["answer"] == AGREE, "reason": said["reason"]}


class PromiseForm(forms.Form):
    """For which day the goods that come instead are promised."""

    use_required_attribute = False
    stops = {"promised_missing": "promised_on", "promised_is_past": "promised_on"}

    promised_on = DayField(label=_("Promised for"), required=False)


class ReturnCaseForm(KeyedForm):
    """Which case a return is, how the customer told us, and what about (ORD-38)."""

    use_required_attribute = False
    stops = {"text_missing": "text"}

    kind = choice_field(
        _("Kind"),
        [(kind.value, kind.label) for kind in RETURN_CASES],
        _("Choose what kind of case it is."),
        initial=RETURN_CASES[0].value,
    )
    channel = choice_field(
        _("How the customer told us"),
        [(each.value, each.label) for each in CHANNELS],
        _("Choose how the customer told us."),
    )
    text = words_field(_("What it is about"), LONGEST_TEXT)
