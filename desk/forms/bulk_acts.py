"""The forms of an act on many customers: which act, on whom, and the go-ahead."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField, QuickSelect
from core.offering import offer_choices
from customers.queries import all_tags
from desk.services.bulk_acts import Act, acts_open_to
from staff.models import Person
from staff.scope import SERVING_ROLES, Reach, visible_people

TICKED, FOUND = "ticked", "found"
SALT = "act-on-many"
NOBODY = "nobody"
AN_HOUR = 3600


class ChooseActForm(forms.Form):
    """Which act, with what, on whom: those ticked, or all that the list finds."""

    use_required_attribute = False

    act = forms.ChoiceField(
        label=_("What"),
        choices=Act.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is to be done.")},
    )
    keeper = forms.ChoiceField(label=_("New keeper"), required=False, widget=QuickSelect)
    tag = PlainTextField(
        label=_("Tag"),
        longest=30,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "list": "known-tags"}
        ),
    )
    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    whom = forms.ChoiceField(
        label=_("On whom"),
        choices=[(TICKED, _("Those ticked")), (FOUND, _("All that were found"))],
        widget=forms.RadioSelect,
        initial=TICKED,
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        acts = acts_open_to(reach)
        self.tags = [tag.name for tag in all_tags()]
        offer_choices(self, "act", [(act, act.label) for act in acts])
        if Act.REASSIGN not in acts:
            del self.fields["keeper"], self.fields["reason"]
            return
        people = visible_people(reach).filter(
            role__in=SERVING_ROLES, is_active=True, store__isnull=False
        )
        rows = people.select_related("store").order_by("store__code", "name", "pk")
        keeper = cast(forms.ChoiceField, self.fields["keeper"])
        keeper.choices = [
            ("", "–"),
            (NOBODY, _("nobody")),
            *((str(person.pk), f"{person.name} · {person.store}") for person in rows),
        ]
        keeper.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        act = values.get("act")
        if act == Act.REASSIGN:
            if not values.get("keeper"):
                self.add_error("keeper", _("Choose who takes the customers over."))
            if not values.get("reason"):
                self.add_error("reason", _("Say why."))
        elif act and not values.get("tag"):
            self.add_error("tag", _("Name the tag."))
        return values

    def chosen_keeper(self) -> Person | None:
        """Who takes them; None for nobody."""
        said = self.cleaned_data.get("keeper") or NOBODY
        return None if said == NOBODY else Person.objects.select_related("store").get(pk=said)


class GoAheadForm(forms.Form):
    """What was shown, signed: exactly that is done."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=100_000)

    def read(self, *, by: Person) -> dict[str, Any] | None:
        """What this person was shown within the last hour; None for anything else."""
        try:
            told = signing.loads(self.cleaned_data["shown"], salt=SALT, max_age=AN_HOUR)
        except signing.BadSignature:
            return None
        return told if told["by"] == by.pk else None


def signed(**shown: object) -> str:
    """What is shown before an act, so that nothing else can be sent in its place."""
    return signing.dumps(shown, salt=SALT, compress=True)
