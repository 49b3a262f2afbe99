"""Two who edit the same thing: the later is told, loses nothing, and saves on top of the newest.

A form carries what stood when it was opened (`base`). Where that is no longer so, it is laid over
what stands now: what only the other changed is taken, what its writer changed stays theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import moment_text
from core.phones import mask_in_text
from followups.rules.articles import Piece
from followups.rules.articles import differences as lines_between

SALT = "what-stood"
Said = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that the other changed: a sentence, or a label with its marked lines."""

    label: str
    lines: Sequence[Sequence[Piece]] = ()
    is_both: bool = False


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Who was quicker, and what they changed; `newest_url` shows it as it stands."""

    who: str
    when: str
    rows: Sequence[Row]
    newest_url: str
    # Nothing of one's own differs from it: there is nothing left to save.
    is_same: bool = False


def conflict(
    *, by: object, at: datetime | None, rows: Iterable[Row], newest_url: str, is_same: bool = False
) -> Conflict:
    """What the page says of it (components/conflict.html)."""
    return Conflict(
        who=str(by or _("Somebody else")),
        when=moment_text(at, now=timezone.now()) if at else "",
        rows=list(rows),
        newest_url=newest_url,
        is_same=is_same,
    )


class RebasedForm(forms.Form):
    """A form that knows what stood when it was opened. `FRESH` names what is taken anew each time:
    the version that was seen.
    """

    FRESH: tuple[str, ...] = ("seen",)
    OWN = ("base", "key")

    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "base":
            return signing.dumps(self._standing(), salt=SALT, compress=True)
        return super().get_initial_for_field(field, field_name)

    def lay_over(self, fresh: Mapping[str, Any]) -> tuple[list[Row], bool]:
        """Lay what was typed over what stands now, ready to be sent again.

        `fresh` is the form's `initial` of now. Returns what the other changed, and whether nothing
        of one's own is left.
        """
        newest = _standing_of(self.fields, fresh, but=self._unsaid)
        base, mine = self._kept(), {name: self._typed(name) for name in newest}
        rows, said, is_same = [], self._data(), True
        for name, theirs in newest.items():
            was = base.get(name, [])
            if self._same(name, mine[name], theirs):
                continue
            is_mine = base == {} or not self._same(name, mine[name], was)
            is_theirs = base == {} or not self._same(name, theirs, was)
            if is_theirs:
                before = was if base else mine[name]
                rows.append(self._row(name, before, theirs, is_both=is_mine))
            if not is_mine:
                said.setlist(name, list(theirs))
            elif name in fresh:
                is_same = False
        for name in self.FRESH:
            said[name] = str(fresh[name])
        said["base"] = signing.dumps(newest, salt=SALT, compress=True)
        self.data = said
        self._errors = None
        return rows, is_same

    @property
    def _unsaid(self) -> tuple[str, ...]:
        return (*self.OWN, *self.FRESH)

    def _standing(self) -> dict[str, list[str]]:
        return _standing_of(self.fields, self.initial, but=self._unsaid)

    def _kept(self) -> dict[str, list[str]]:
        """What stood when the form was opened; nothing known of a page that says nonsense."""
        try:
            return dict(signing.loads(self.data.get("base", ""), salt=SALT))
        except (signing.BadSignature, ValueError, TypeError):
            return {}

    def _data(self) -> QueryDict:
        return self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)

    def _typed(self, name: str) -> list[str]:
        return list(self.data.getlist(name)) if hasattr(self.data, "getlist") else []

    def _same(self, name: str, one: Sequence[str], other: Sequence[str]) -> bool:
        return self._read(name, one) == self._read(name, other)

    def _read(self, name: str, values: Sequence[str]) -> object:
        """What the field makes of these values, to be compared."""
        field, data = self.fields[name], QueryDict(mutable=True)
        data.setlist(name, list(values))
        if not values:
            del data[name]
        raw = field.widget.value_from_datadict(data, {}, name)
        if isinstance(raw, list):
            return sorted(raw)
        if isinstance(raw, str):
            raw = raw.replace("\r\n", "\n").strip()
        try:
            found = field.to_python(raw)
        except forms.ValidationError:
            return raw
        return "" if found is None else found

    def _row(self, name: str, before: Sequence[str], after: Sequence[str], *, is_both: bool) -> Row:
        old, new = self._shown(name, before), self._shown(name, after)
        lines = [
            line
            for line in lines_between(before=old, after=new)
            if any(piece.mark for piece in line)
        ]
        label = self.fields[name].label
        return Row(label=str(label or name), lines=lines, is_both=is_both)

    def _shown(self, name: str, values: Sequence[str]) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("yes") if values else _("no")
        choices = getattr(field, "choices", None)
        if choices is not None:
            words = {str(key): str(label) for key, label in choices}
            return _(", ").join(words.get(value, value) for value in values if value) or "–"
        text = "\n".join(values).replace("\r\n", "\n")
        return mask_in_text(text.replace("T", " ") if _is_moment(field) else text)


def _is_moment(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.DateTimeInput)


def _standing_of(
    fields: Mapping[str, forms.Field], initial: Mapping[str, Any], *, but: Sequence[str]
) -> dict[str, list[str]]:
    """What a browser sends of a form in which nothing was typed."""
    return {
        name: _sent(field, initial.get(name, field.initial))
        for name, field in fields.items()
        if name not in but
    }


def _sent(field: forms.Field, value: Any) -> list[str]:
    if isinstance(field, forms.BooleanField):
        return ["on"] if value else []
    shown = field.widget.format_value(field.prepare_value(value))
    if isinstance(shown, list | tuple):
        found = [str(each) for each in shown]
        return found if isinstance(field, forms.MultipleChoiceField) else found[:1]
    return ["" if shown is None else str(shown)]


def rebased(
    form: RebasedForm, fresh: Mapping[str, Any], *, by: object, at: datetime | None, newest_url: str
) -> Conflict:
    """The form laid over what stands now, and what is said of it."""
    rows, is_same = form.lay_over(fresh)
    return conflict(by=by, at=at, rows=rows, newest_url=newest_url, is_same=is_same)
