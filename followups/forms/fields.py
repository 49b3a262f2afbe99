"""Fields for days, moments and notes, in the spellings in which people write them."""

from datetime import date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from core.phones import mask_in_text
from core.plain_text import TextRefused, clean_text
from core.spreadsheets.cells import CellRefused, Moment, moment
from customers.models import OwnedProduct

EARLIEST = date(2000, 1, 1)
YEARS_AHEAD = 10
LONGEST_DAY = 60
OTHER = "other"


def read_moment(value: object, zone: ZoneInfo) -> Moment | None:
    """A day, perhaps with its hour, as the imports read it, too. Raises ValidationError."""
    today = timezone.localdate()
    latest = today.replace(year=today.year + YEARS_AHEAD, day=1)
    try:
        return moment(
            str(value)[:LONGEST_DAY], zone, earliest=EARLIEST, latest=latest, from_sheet=False
        )
    except CellRefused as refusal:
        raise ValidationError(str(refusal), code=refusal.code) from refusal


def rows_said(data: QueryDict, prefix: str, *, most: int) -> int:
    """How many rows a form says that it sends; at most so many are read, none where it is wrong."""
    said = data.get(f"{prefix}-TOTAL_FORMS", "")
    return min(int(said), most) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


class DayField(forms.Field):
    """A day; typed with dots, slashes, 年月日 or full-width digits, too."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        found = read_moment(value, timezone.get_default_timezone())
        return found.day if found else None


class MomentField(forms.Field):
    """A moment in the zone of a store; a day alone begins at midnight."""

    widget = forms.DateTimeInput(
        format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "form-control"}
    )

    def __init__(self, *, zone: ZoneInfo, **options) -> None:
        self.zone = zone
        super().__init__(**options)

    def to_python(self, value: object) -> datetime | None:
        if value in self.empty_values:
            return None
        found = read_moment(value, self.zone)
        if found is None:
            return None
        return found.at or datetime.combine(found.day, time(), self.zone)


class ChipDayField(forms.ChoiceField):
    """A day chosen by chip: an ISO day, or "other" with a calendar beside it.

    A page that was left open offers yesterday's chips; their days are still days.
    """

    widget = forms.RadioSelect

    def valid_value(self, value: str) -> bool:
        return True

    def clean(self, value: object) -> date | str | None:
        text = super().clean(value)
        if text in ("", OTHER):
            return text or None
        found = read_moment(text, timezone.get_default_timezone())
        return found.day if found else None


class NoteField(forms.CharField):
    """Free text, long or none; what nobody sees is dropped."""

    def __init__(self, *, longest: int, **options) -> None:
        self.longest = longest
        super().__init__(required=False, strip=False, **options)

    def to_python(self, value: object) -> str:
        try:
            return clean_text(super().to_python(value) or "", max_length=self.longest)
        except TextRefused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class LineField(NoteField):
    """One line of free text."""

    def to_python(self, value: object) -> str:
        return " ".join(super().to_python(value).split())


class KnownLineField(LineField):
    """One line that is known already: shown with its numbers masked, and left as it was where the
    reader leaves it so.
    """

    known = ""

    def know(self, text: str) -> None:
        """Propose `text`; what comes back as it was shown is `text` itself."""
        self.known = text
        self.initial = mask_in_text(text)

    def to_python(self, value: object) -> str:
        text = super().to_python(value)
        return self.known if text == mask_in_text(self.known) else text


class KeyedForm(forms.Form):
    """A form that acts once: `key` is its own id, and the same id gives the same answer."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class Chip(str):
    """The words of a choice, with a second line under them."""

    hint: object

    def __new__(cls, words: object, hint: object = "") -> "Chip":
        chip = super().__new__(cls, str(words))
        chip.hint = hint
        return chip


class ProductField(forms.ModelChoiceField):
    """One of a customer's products; a number typed into its name is masked."""

    def label_from_instance(self, product: OwnedProduct) -> str:
        return mask_in_text(product.product)
