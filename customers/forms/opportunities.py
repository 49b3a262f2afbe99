"""The forms of an opportunity: what may be bought, the stage it goes to, and why it was lost."""

from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import Field, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.offering import offer_rows
from core.phones import mask_in_text, put_back
from core.spreadsheets import cells
from customers.models import Customer, Opportunity, Project, Stage
from customers.services.opportunities import TICKS, version_of
from customers.states import LostReason, StageKind
from stock.models import Brand

NEW = "new"
TEXTS = frozenset({"product", "competitor", "note"})
EARLIEST = date(2000, 1, 1)
YEARS_AHEAD = 10


def _text(**attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})


class ByName(forms.ModelChoiceField):
    """A row chosen by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return mask_in_text(obj.name)


def _refused(refusal: cells.CellRefused) -> forms.ValidationError:
    return forms.ValidationError(str(refusal), code=refusal.code)


class AmountField(forms.DecimalField):
    """An amount of money as the imports read it: with ¥ and commas, without 1e9."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # stubs: int
        text = str(value or "").strip()[:40]
        try:
            return cells.money(text, allow_zero=True, allow_negative=True, from_sheet=False)
        except cells.CellRefused as refusal:
            raise _refused(refusal) from refusal


class ExpectedField(forms.DateField):
    """A day on which somebody may buy: within living memory, and within ten years."""

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        today = timezone.localdate()
        latest = today.replace(year=today.year + YEARS_AHEAD, day=1)
        try:
            return cells.day(str(value)[:40], earliest=EARLIEST, latest=latest, from_sheet=False)
        except cells.CellRefused as refusal:
            raise _refused(refusal) from refusal


def project_text(project: Project, number: int) -> str:
    """What a project is called; one that nobody has named has a number."""
    name = mask_in_text(project.name or project.address)
    return name or gettext("Project %(number)s") % {"number": number}


class OpportunityForm(forms.Form):
    """What may be bought, for how much and when; `values()` is what the services take.

    Numbers typed into a text are masked; the masks that stay are written back as the numbers.
    """

    use_required_attribute = False

    product = PlainTextField(
        label=_("Product"),
        longest=120,
        required=False,
        widget=_text(placeholder=_("Model or style")),
    )
    brand = ByName(
        label=_("Brand"),
        required=False,
        queryset=Brand.objects.none(),
        empty_label="–",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    amount = AmountField(
        label=_("Amount"),
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
        help_text=_("In yuan, as far as it is known."),
    )
    expected_on = ExpectedField(
        label=_("Expected on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )
    project = forms.ChoiceField(
        label=_("Project"),
        required=False,
        choices=[],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    new_project = PlainTextField(
        label=_("Name of the new project"),
        longest=120,
        required=False,
        widget=_text(),
        help_text=_("An address, a vehicle, a purchase: one thing to be bought."),
    )
    competitor = PlainTextField(label=_("Competitor"), longest=60, required=False, widget=_text())
    note = PlainTextField(
        label=_("Note"),
        longest=400,
        keep_lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    fields_of_codes = {
        "product_missing": "product",
        "amount_not_positive": "amount",
        "foreign_project": "project",
        "not_an_open_stage": "stage",
    }

    def __init__(
        self,
        data: QueryDict | None,
        *,
        customer: Customer,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        chosen_from = customer.projects.filter(joined_to=None).order_by("pk")
        self.projects = {str(row.pk): row for row in chosen_from}
        choices = [
            (pk, project_text(row, number))
            for number, (pk, row) in enumerate(self.projects.items(), start=1)
        ]
        field = cast(forms.ChoiceField, self.fields["project"])
        field.choices = [*choices, (NEW, _("a new project"))]
        field.initial = choices[0][0] if choices else NEW
        offer_rows(self, "brand", Brand.objects.order_by("name", "pk"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = said.get("project")
        if chosen == NEW and not said.get("new_project") and self.projects:
            self.add_error("new_project", _("Name the new project."))
        return said

    def values(self) -> dict[str, Any]:
        """The fields of the opportunity, as the services take them."""
        said = self.cleaned_data
        names = ("product", "brand", "amount", "expected_on", "competitor", "note")
        return {name: said[name] for name in names} | {
            "project": self.projects.get(said["project"])
        }

    @property
    def new_project_name(self) -> str:
        is_new = self.cleaned_data["project"] in (NEW, "")
        return self.cleaned_data["new_project"] if is_new else ""


class NewOpportunityForm(OpportunityForm):
    """A new one, in an open stage; `key` is the form's own id, so that it acts once."""

    field_order = ("product", "brand", "amount", "expected_on", "stage", "project", "new_project")
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    stage = ByName(
        label=_("Stage"),
        queryset=Stage.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, stages: QuerySet[Stage], **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(ByName, self.fields["stage"])
        field.queryset = stages
        field.initial = stages.first()


class ChangeOpportunityForm(OpportunityForm):
    """One that stands; `seen` says what it said when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, standing: Opportunity, **options: Any) -> None:
        texts = {name: mask_in_text(getattr(standing, name)) for name in TEXTS}
        initial = {
            **texts,
            "brand": standing.brand_id,
            "amount": standing.amount,
            "expected_on": standing.expected_on,
            "seen": version_of(standing),
        }
        self.standing = standing
        super().__init__(data, customer=standing.customer, initial=initial, **options)
        if standing.project_id:
            self.fields["project"].initial = str(standing.project_id)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for name in TEXTS & said.keys():
            longest = cast(PlainTextField, self.fields[name]).longest
            said[name] = put_back(said[name], kept=getattr(self.standing, name))
            if len(said[name]) > longest:
                self.add_error(name, _("At most %(longest)s characters.") % {"longest": longest})
        return said

    def see_anew(self) -> None:
        """Take what it says now for seen: the person has been told."""
        self.standing.refresh_from_db()
        data = cast(QueryDict, self.data).copy()
        data["seen"] = version_of(self.standing)
        self.data = data


class TicksForm(forms.Form):
    """The four conditions, each a tick (FUP-29)."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, standing: Opportunity) -> None:
        initial = {name: getattr(standing, name) for name in TICKS}
        super().__init__(data, initial={**initial, "seen": version_of(standing)})
        for name in TICKS:
            label = cast(Field, Opportunity._meta.get_field(name)).verbose_name
            self.fields[name] = forms.BooleanField(
                label=label,
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    @property
    def ticks(self) -> list[forms.BoundField]:
        return [self[name] for name in TICKS]


class MoveForm(forms.Form):
    """The stage to go to, from the one that was seen; why, where it is lost or opened again."""

    use_required_attribute = False

    seen = forms.ModelChoiceField(queryset=Stage.objects.none(), widget=forms.HiddenInput)
    to = ByName(
        label=_("New stage"),
        queryset=Stage.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the stage.")},
    )
    lost_reason = forms.ChoiceField(
        label=_("Why was it lost?"),
        choices=LostReason.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    lost_note = PlainTextField(
        label=_("What the customer said"), longest=200, required=False, widget=_text()
    )
    why = PlainTextField(
        label=_("Why is it opened again?"), longest=200, required=False, widget=_text()
    )

    fields_of_codes = {
        "lost_reason_missing": "lost_reason",
        "why_missing": "why",
        "stands_there": "to",
        "other_set": "to",
        "is_closed": "to",
    }

    def __init__(
        self, data: QueryDict | None, *, standing: Opportunity, to: Stage | None = None
    ) -> None:
        stages = Stage.objects.filter(stage_set=standing.stage.stage_set_id).order_by("position")
        initial: dict[str, object] = {"seen": standing.stage_id, "to": to and to.pk}
        if to and to.kind == StageKind.LOST and not any(ticks_of(standing)):
            initial["lost_reason"] = LostReason.NOT_QUALIFIED
        super().__init__(data, initial=initial)
        offer_rows(self, "seen", stages)
        choices = stages.exclude(pk=standing.stage_id)
        if standing.state != StageKind.OPEN:
            choices = choices.filter(kind=StageKind.OPEN)
        offer_rows(self, "to", choices if data is None else stages)


def ticks_of(opportunity: Opportunity) -> list[bool]:
    """Whether each of the four conditions holds."""
    return [getattr(opportunity, name) for name in TICKS]
