"""The form of a customer's card, in the sections in which people think of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.phones import mask_in_text, put_back
from customers.models import Customer
from customers.queries import was_called
from desk.forms.card_fields import AroundFields, HomeFields, ReachFields, WantFields, WhoFields
from desk.forms.registering import referrer_of
from desk.services import version_of
from staff.scope import Reach

PLAIN = (
    "wechat", "need", "budget", "address", "contact_time", "note", "company", "job", "hobbies",
    "campaign", "home_layout", "home_style", "competitor",
)  # fmt: skip
# What people type freely, a number among it perhaps.
TEXTS = frozenset({"name", "email", *PLAIN})
CHOICES = ("title", "source", "expected_purchase", "decoration", "services_wanted", "id_kind")
VALUES = (
    "email",
    "contact_from",
    "contact_until",
    "home_area",
    "expected_on",
    "birth_year",
    "birth_month",
    "birth_day",
)
FLAGS = ("birth_is_lunar", "birth_is_leap_month")
# Drawn by hand, side by side.
BIRTHDAY = ("birth_month", "birth_day", "birth_year", *FLAGS)


@dataclass(frozen=True)
class Section:
    """Some fields of the card under a heading, and what the page links beside them."""

    name: str
    title: str | Promise
    fields: tuple[str, ...]


SECTIONS = (
    Section(
        "who", _("Who"), ("name", "title", *BIRTHDAY, "company", "job", "id_kind", "id_number")
    ),
    Section(
        "reach",
        _("How to reach"),
        (
            "phone",
            "phone2",
            "wechat",
            "email",
            "address",
            "contact_time",
            "contact_from",
            "contact_until",
        ),
    ),
    Section(
        "want",
        _("What they want"),
        ("need", "expected_purchase", "expected_on", "budget", "competitor", "services_wanted"),
    ),
    Section(
        "home",
        pgettext_lazy("dwelling", "Home"),
        ("home_area", "home_layout", "home_style", "decoration"),
    ),
    Section("around", _("Around them"), ("source", "referrer", "campaign", "hobbies")),
    Section("note", _("Note"), ("note",)),
)


class CardForm(WhoFields, ReachFields, WantFields, HomeFields, AroundFields):
    """A customer's card. The boxes of numbers are empty: what is not typed is not written.

    Numbers within texts are masked until the reader has a counted call to this customer today;
    the masks that stay are written back as the numbers they stand for.
    """

    use_required_attribute = False

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, customer: Customer, reader: Reach):
        self.customer, self.reader = customer, reader
        self.is_open = was_called(customer, by=reader.person_id, now=timezone.now())
        super().__init__(data, initial=self._as_it_stands())
        for name, field in self.fields.items():
            if name not in (*FLAGS, "services_wanted"):
                is_choice = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        masked = customer.phones.filter(is_primary=True).values_list("masked", flat=True).first()
        self._hint("phone", masked or "138 0000 0000")
        self._hint("id_number", customer.id_masked)

    def _hint(self, name: str, text: str) -> None:
        self.fields[name].widget.attrs["placeholder"] = text

    def _as_it_stands(self) -> dict[str, object]:
        names = (*PLAIN, *CHOICES, *VALUES, *FLAGS)
        card = {name: getattr(self.customer, name) for name in names}
        texts = {name: getattr(self.customer, name) for name in TEXTS}
        if not self.is_open:
            texts = {name: mask_in_text(text) for name, text in texts.items()}
        referrer = self.customer.referrer
        said = referrer.name if referrer else self.customer.referrer_text
        seen = version_of(self.customer)
        return {**card, **texts, "seen": seen, "referrer": mask_in_text(said)}

    def sections(self) -> Iterable[tuple[Section, list[BoundField]]]:
        """Each section with its bound fields; those of the birthday are drawn together."""
        for section in SECTIONS:
            yield section, [self[name] for name in section.fields if name not in BIRTHDAY]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._put_numbers_back(values)
        if values.get("id_number") and not values.get("id_kind"):
            self.add_error("id_kind", _("Say what kind of paper this is."))
        return values

    def _put_numbers_back(self, values: dict[str, Any]) -> None:
        for name in TEXTS & values.keys():
            field = cast(Any, self.fields[name])
            longest = field.max_length if name == "email" else field.longest
            values[name] = put_back(values[name], kept=getattr(self.customer, name))
            if len(values[name]) > longest:
                self.add_error(name, _("At most %(longest)s characters.") % {"longest": longest})

    def card(self) -> dict[str, object]:
        """The fields of the card, as the service takes them."""
        values = self.cleaned_data
        card = {name: values[name] for name in (*PLAIN, *CHOICES, *VALUES, *FLAGS)}
        if "referrer" in self.changed_data:
            card |= referrer_of(values["referrer"], reader=self.reader)
        return card

    def see_anew(self) -> None:
        """Take the card as it stands now for seen: the person has been told."""
        self.customer.refresh_from_db()
        data = cast(QueryDict, self.data).copy()
        data["seen"] = version_of(self.customer)
        self.data = data
