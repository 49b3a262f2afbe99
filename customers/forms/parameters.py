"""The form of the figures."""

from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Parameters

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Each figure in words, in the order of the page.
FIGURES = (
    ("b2_months", _("Months after delivery until B2 becomes C1")),
    ("silent_contacts", _("Contacts running without a next step before D is proposed")),
    ("unreached_attempts", _("Attempts that reach nobody before D is proposed")),
    ("unreached_days", _("Within how many days these attempts lie")),
    ("accept_minutes", _("Minutes to accept an inquiry")),
    ("response_minutes", _("Minutes to the first answer to an inquiry")),
    ("thanks_days", _("Days to thank for a referral")),
    ("history_needed", _("Closed opportunities before our own history counts")),
    ("designer_days", _("Days between calls to a designer")),
    ("gap_a", _("Days from one contact of ours to the next, A")),
    ("gap_b1", _("Days from one contact of ours to the next, B1")),
    ("gap_b2", _("Days from one contact of ours to the next, B2")),
    ("gap_c1", _("Days from one contact of ours to the next, C1")),
    ("gap_c2", _("Days from one contact of ours to the next, C2")),
    ("quiet_from", _("No calls from")),
    ("quiet_until", _("No calls until; the same hour twice means none is quiet")),
    ("calls_a_day", _("Effective contacts a day with A customers")),
    ("contacts_a_week", _("Effective contacts a week with B and C customers")),
    ("problem_days", _("Working days to solve a problem or complaint")),
    ("need_days", _("Working days to meet a need")),
    ("return_visit_percent", _("Return visits made in a month, %")),
)
# The same figures by what they are for.
GROUPS = (
    (_("Grades"), (
        "b2_months", "silent_contacts", "unreached_attempts", "unreached_days",
    )),
    (_("Leads and opportunities"), (
        "accept_minutes", "response_minutes", "thanks_days", "history_needed", "designer_days",
    )),
    (_("When and how often we contact"), (
        "quiet_from", "quiet_until", "gap_a", "gap_b1", "gap_b2", "gap_c1", "gap_c2",
    )),
    (_("Goals and terms"), (
        "calls_a_day", "contacts_a_week", "problem_days", "need_days", "return_visit_percent",
    )),
)  # fmt: skip
HOURS = ("quiet_from", "quiet_until")
MOST = {
    "b2_months": 120, "accept_minutes": 1440, "response_minutes": 1440, "history_needed": 1000,
    "gap_a": 60, "gap_b1": 60, "gap_b2": 60, "gap_c1": 60, "gap_c2": 60,
    "return_visit_percent": 100,
}  # fmt: skip
LEAST = {"silent_contacts": 2}


def _number(name: str, label: "StrOrPromise") -> forms.Field:
    return forms.IntegerField(
        label=label,
        min_value=LEAST.get(name, 1),
        max_value=MOST.get(name, 366),
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )


def _hour(label: "StrOrPromise") -> forms.Field:
    widget = forms.TimeInput(format="%H:%M", attrs={"class": "form-control", "type": "time"})
    return forms.TimeField(label=label, widget=widget)


class ParametersForm(forms.Form):
    """The figures as they shall hold, and from when."""

    use_required_attribute = False

    begins = forms.ChoiceField(
        label=_("They hold from"),
        choices=[("today", _("today")), ("tomorrow", _("tomorrow"))],
        initial="tomorrow",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, standing: Parameters, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, label in FIGURES:
            field = _hour(label) if name in HOURS else _number(name, label)
            field.initial = getattr(standing, name)
            self.fields[name] = field
        self.order_fields([name for name, _label in FIGURES])

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(str(title), [self[name] for name in names]) for title, names in GROUPS]

    def figures(self) -> dict[str, int | time]:
        """The figures by name, as the service takes them."""
        return {name: self.cleaned_data[name] for name, _label in FIGURES}
