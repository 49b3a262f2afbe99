"""Opening a service case, and each act on one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.offering import offer_rows
from customers.models import Customer, OwnedProduct
from customers.states import Channel
from followups.forms.fields import KeyedForm, LineField, NoteField, ProductField
from followups.forms.guarding import GUARD_CODES, NOTED, ONLY_NOTE, TalkedForm
from followups.models import Case
from followups.services.case_rating import Talk
from followups.states import CaseChannel, CaseKind, PauseReason
from staff.models import Person

SPOKEN = (
    (Channel.CALL, _("Called")), (Channel.WECHAT, _("WeChat")),
    (Channel.STORE_VISIT, _("In the store")), ONLY_NOTE,
)  # fmt: skip
LONGEST = Case._meta.get_field("text").max_length or 0
SELECT = {"class": "form-select"}


def lines(**attrs: object) -> forms.Textarea:
    """A few lines of text."""
    return forms.Textarea(attrs={"class": "form-control", "rows": 3, "maxlength": LONGEST, **attrs})


def words(label: object, **attrs: object) -> NoteField:
    """What somebody has to write down."""
    return NoteField(label=label, longest=LONGEST, widget=lines(**attrs))


class OpenCaseForm(KeyedForm):
    """What a case is about; `cleaned_data` holds the arguments of `open_case`."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=CaseKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of case it is.")},
    )
    text = words(_("What it is about"))
    channel = forms.ChoiceField(
        label=_("How it reached us"),
        choices=CaseChannel.choices,
        initial=CaseChannel.CALL,
        widget=forms.RadioSelect,
    )
    product = ProductField(
        label=_("Product"),
        queryset=OwnedProduct.objects.none(),
        required=False,
        empty_label=_("none in particular"),
        widget=forms.Select(attrs=SELECT),
    )
    about = forms.ModelChoiceField(
        label=_("About a person of ours"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nobody"),
        widget=forms.Select(attrs=SELECT),
    )
    assignee = forms.ModelChoiceField(
        label=_("Seen to by"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("by the rules: service, keeper or manager"),
        widget=forms.Select(attrs=SELECT),
    )

    fields_of_codes = {
        "text_missing": "text",
        "product_is_foreign": "product",
        "assignee_is_out": "assignee",
    }

    def __init__(self, *args: Any, customer: Customer, able, staff, **options: Any) -> None:
        super().__init__(*args, **options)
        products = customer.products.filter(gone_on=None).order_by("-pk")
        offer_rows(self, "product", products)
        offer_rows(self, "about", staff)
        offer_rows(self, "assignee", able)
        if not products.exists():
            del self.fields["product"]


class CaseActForm(forms.Form):
    """What an act on a case asks for; fields are named as the service's arguments."""

    fields_of_codes: dict[str, str] = {}

    def __init__(self, *args: Any, able, **options: Any) -> None:
        super().__init__(*args, **options)
        self.able = able


class AnswerForm(CaseActForm):
    """The first answer to the customer."""

    text = words(_("What you told the customer"))
    fields_of_codes = {"words_missing": "text"}


class NoteForm(KeyedForm, CaseActForm):
    """What happened meanwhile."""

    text = words(pgettext_lazy("of a case", "Note"))
    fields_of_codes = {"words_missing": "text"}


class AssignForm(CaseActForm):
    """To whom a case is given."""

    to = forms.ModelChoiceField(
        label=pgettext_lazy("of a case", "Give to"),
        queryset=Person.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs=SELECT),
        error_messages={"required": _("Choose who sees to the case from now on.")},
    )
    text = LineField(
        label=_("Why"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )
    fields_of_codes = {"assignee_is_out": "to", "case_is_theirs": "to"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "to", self.able)


class PauseForm(CaseActForm):
    """Why the clock rests."""

    reason = forms.ChoiceField(
        label=_("Why"), required=False, choices=PauseReason.choices, widget=forms.RadioSelect
    )
    text = LineField(
        label=_("In a word"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )
    fields_of_codes = {"reason_missing": "reason"}


class ResumeForm(CaseActForm):
    """The clock runs again."""

    text = LineField(
        label=_("In a word"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )


class EscalateForm(CaseActForm):
    """Why it cannot be solved here."""

    text = words(_("What stands in the way"))
    fields_of_codes = {"words_missing": "text"}


class SolveForm(CaseActForm):
    """How it was solved."""

    solution = words(_("How it was solved"))
    fields_of_codes = {"words_missing": "solution"}


class RateForm(TalkedForm, CaseActForm):
    """How satisfied the customer is, and in which talk they said so."""

    points = forms.TypedChoiceField(
        label=_("Satisfied"),
        coerce=int,
        choices=[
            (5, _("5 very")), (4, _("4 yes")), (3, _("3 so-so")), (2, _("2 no")),
            (1, _("1 not at all")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how satisfied the customer is.")},
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=pgettext_lazy("how a customer was asked", "Asked"),
        choices=SPOKEN,
        required=False,
        widget=forms.RadioSelect,
    )
    text = words(_("What the customer said"))
    fields_of_codes = {"words_missing": "text", **dict.fromkeys(GUARD_CODES, "override")}

    def expect_call(self, is_called: bool) -> None:
        """Whoever has it to do calls; else it may be written down without a talk."""
        self.fields["channel"].initial = Channel.CALL if is_called else NOTED

    def clean(self) -> dict[str, Any]:
        """The arguments of `rate_case`."""
        said = super().clean() or {}
        if self.errors:
            return said
        talk = None
        if channel := said.get("channel"):
            talk = Talk(
                channel=Channel(channel),
                is_inbound=said["is_inbound"],
                override=self.override_of(said),
            )
        return {"points": said["points"], "text": said["text"], "talk": talk}


class ReopenForm(CaseActForm):
    """Why it is not solved after all."""

    text = words(_("What is not solved"))
    fields_of_codes = {"words_missing": "text"}


class VoidCaseForm(CaseActForm):
    """Why the case was a mistake."""

    reason = LineField(
        label=_("Why it was a mistake"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 200}),
    )
    fields_of_codes = {"reason_missing": "reason"}
