"""What is asked for filing beside the card: since when, for which home, why across regions."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.addresses import parse as parse_address
from core.fields import PlainTextField, RawTextField
from core.offering import offer_choices, offer_rows
from core.phones import mask_in_text
from customers.forms.attachments import PictureField
from customers.models import Customer, Project
from desk.services import Claim
from filings.models import Filing
from filings.queries import lies_elsewhere
from filings.queries.shown import holding
from filings.services import TRADES_OF_HOMES
from filings.states import CrossReason
from staff.models import Person, Store
from staff.scope import FILING_ROLES, Reach, visible_people

NOW, TODAY, YESTERDAY = "now", "today", "yesterday"
ACQUIRED = [(NOW, _("Just now")), (TODAY, _("Earlier today")), (YESTERDAY, _("Yesterday"))]
CARD_ONLY = "card"
NEW = "new"


def _opened() -> str:
    return timezone.now().isoformat(timespec="seconds")


class ClaimFields(forms.Form):
    """The claim of a filing; `drop_claim` where the trade does not file.

    The hours to file run from the moment the form was opened, unless another is stated (FIL-26,
    decision 20).
    """

    opened_at = RawTextField(widget=forms.HiddenInput, required=False, initial=_opened)
    acquired = forms.ChoiceField(
        label=_("Obtained"),
        choices=ACQUIRED,
        widget=forms.RadioSelect,
        initial=NOW,
        required=False,
    )
    acquired_time = forms.TimeField(
        label=_("At"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"}),
    )
    project_reason = PlainTextField(
        label=_("Why is it another project?"),
        longest=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    cross_reason = forms.ChoiceField(
        label=_("Why across regions?"),
        choices=[*CrossReason.choices, (CARD_ONLY, _("None of these: keep the card only"))],
        widget=forms.RadioSelect,
        required=False,
    )
    proof = PictureField(
        label=_("Photo of the proof"),
        required=False,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/*"}),
    )

    is_elsewhere = False

    @property
    def has_claim(self) -> bool:
        """Whether this form files at all."""
        return "acquired" in self.fields

    def drop_claim(self) -> None:
        """Take away what only a filing asks for."""
        for name in ClaimFields.base_fields:
            del self.fields[name]

    def read_acquired(self, values: dict[str, Any]) -> datetime:
        """Since when the data were had, as stated; what cannot be read is now."""
        now = timezone.now()
        day: date = timezone.localdate()
        if values.get("acquired") in (TODAY, YESTERDAY) and values.get("acquired_time"):
            if values["acquired"] == YESTERDAY:
                day -= timedelta(days=1)
            at = cast(time, values["acquired_time"])
            return datetime.combine(day, at, timezone.get_current_timezone())
        try:
            opened = datetime.fromisoformat(values.get("opened_at") or "")
        except ValueError:
            return now
        return min(opened, now) if opened.tzinfo else now

    def check_claim(
        self,
        values: dict[str, Any],
        *,
        address: str,
        store: Store | None,
        home: Store | None = None,
    ) -> None:
        """What a claim has to say: `address` is that of the home, `store` the filer's, `home` that
        of the card.
        """
        if not self.has_claim:
            return
        values["acquired_at"] = at = self.read_acquired(values)
        has_day = values.get("acquired") in (TODAY, YESTERDAY)
        if has_day and "acquired_time" not in self.errors:
            if values.get("acquired_time") is None:
                self.add_error("acquired_time", _("Say at what time you had the data."))
            elif at > timezone.now():
                self.add_error("acquired_time", _("You cannot have had the data later than now."))
        is_home = store is not None and store.trade in TRADES_OF_HOMES
        if values.get("project_reason") and is_home and not address:
            self.add_error("address", _("Give the address of the other home."))
        self._check_region(values, address=address, store=store, home=home)

    def _check_region(
        self, values: dict[str, Any], *, address: str, store: Store | None, home: Store | None
    ) -> None:
        self.is_elsewhere = store is not None and lies_elsewhere(address, store=store, home=home)
        if not self.is_elsewhere:
            values["cross_reason"] = ""
        elif not values.get("cross_reason"):
            self.add_error(
                "cross_reason",
                _("This address lies in another region. Choose why it is filed from here."),
            )
        elif values["cross_reason"] != CARD_ONLY and not values.get("proof"):
            self.add_error("proof", _("Add a photo of the proof."))

    def claim_for(self, *, address: str, project: Project | None = None) -> Claim | None:
        """What the service takes; None where only the card is wanted."""
        values = self.cleaned_data
        if not self.has_claim or values["cross_reason"] == CARD_ONLY:
            return None
        return Claim(
            acquired_at=values["acquired_at"],
            project=project,
            project_reason=values["project_reason"],
            address=address,
            cross_reason=values["cross_reason"],
            proof=values["proof"] if values["cross_reason"] else None,
        )


def filers_for(reader: Reach) -> QuerySet[Person]:
    """For whom this reader files: those whom they lead or assist, and themselves; else nobody."""
    people = visible_people(reader).filter(
        role__in=FILING_ROLES, is_active=True, store__isnull=False
    )
    if not (reader.leads_stores or reader.assists):
        people = people.none()
    return people.select_related("store").order_by("store__code", "name", "pk")


class FileForm(ClaimFields):
    """Filing a customer whose card is open already: for whom, which home, since when.

    `filer` is for whom it is, unless a `reader` who leads or assists chooses somebody else.
    """

    use_required_attribute = False

    filer = forms.ModelChoiceField(
        label=_("File for"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    project = forms.ChoiceField(label=_("For which project"), widget=forms.RadioSelect)
    address = PlainTextField(
        label=_("Address"),
        longest=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    field_order = ("filer", "project", "address", "project_reason")

    def __init__(
        self, *args: Any, customer: Customer, filer: Person, reader: Reach, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.customer, self.chosen_filer = customer, filer
        offer_rows(self, "filer", filers_for(reader))
        self.fields["filer"].initial = filer.pk
        if not (reader.leads_stores or reader.assists):
            del self.fields["filer"]
        self.projects = {
            str(each.pk): each for each in Project.objects.filter(customer=customer).order_by("pk")
        }
        choices = [(key, self._words(each)) for key, each in self.projects.items()]
        offer_choices(self, "project", [*choices, (NEW, str(_("Another project")))])
        held = Filing.objects.filter(holding(timezone.now()), customer=customer, holder=filer)
        taken = {str(project) for project in held.values_list("project", flat=True)}
        self.fields["project"].initial = next(
            (key for key in self.projects if key not in taken), NEW
        )

    def _words(self, project: Project) -> str:
        said = project.name or project.address or self.customer.address
        return mask_in_text(said) or str(_("This purchase"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.chosen_filer = values.get("filer") or self.chosen_filer
        chosen = self.projects.get(values.get("project", ""))
        if chosen is not None:
            values["project_reason"] = ""
            address = chosen.address or self.customer.address
        else:
            address = values.get("address", "")
            if "project" in values and not values.get("project_reason"):
                self.add_error("project_reason", _("Say why this is another project."))
        self.check_claim(
            values, address=address, store=self.chosen_filer.store, home=self.customer.store
        )
        return values

    def claim(self) -> Claim | None:
        """What the service takes."""
        chosen = self.projects.get(self.cleaned_data["project"])
        return self.claim_for(
            address="" if chosen else self.cleaned_data["address"], project=chosen
        )


def door_hint(address: str, *, store: Store | None) -> str:
    """What is said of an address while it is typed: `door`, `house`, `short`, `far` or nothing."""
    if not address.strip() or store is None or store.trade not in TRADES_OF_HOMES:
        return ""
    if lies_elsewhere(address, store=store):
        return "far"
    home = parse_address(address)
    if home.is_door_level:
        return "door"
    return "house" if home.is_bare_house else "short"
