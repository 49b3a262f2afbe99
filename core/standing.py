"""Forms that show what stands, and write over it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.phones import mask_in_text, put_back


class StandingForm(forms.Form):
    """A form whose fields `stands` show what is kept; `seen` is what they showed, so that nobody
    writes over what somebody else has written meanwhile.

    `parts` are forms sent with it, of which every field does so; `kept` is what stands where a box
    proposes something else. Numbers in texts that stand are shown masked, and written back whole;
    what was `typed` just now is shown as it is.
    """

    seen = forms.CharField(required=False, max_length=800, widget=forms.HiddenInput)
    stands: Sequence[str] = ()
    parts: Sequence[forms.Form] = ()
    kept: Mapping[str, object] = {}
    is_typed = False

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "seen" and "seen" not in self.initial:
            return ".".join(_mark(_shown(each)) for each in self._standing())
        found = super().get_initial_for_field(field, field_name)
        masks = field_name in self.stands and isinstance(found, str) and not self.is_typed
        return mask_in_text(found) if masks else found

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in self.stands:
            kept = self.initial.get(name)
            if isinstance(kept, str) and isinstance(said.get(name), str):
                said[name] = put_back(said[name], kept=kept)
        return said

    def _standing(self) -> list[forms.BoundField]:
        own = [self[name] for name in self.stands if name in self.fields]
        return own + [field for part in self.parts for field in part.visible_fields()]

    def stands_as_seen(self, fresh: "StandingForm") -> bool:
        """Whether nothing is written over that was not read; `fresh` shows what stands now.

        Otherwise a box that was left as it was takes what stands now, beside one that was written
        it is told, and sent again the form has seen both. A form without `seen` has shown nothing.
        """
        seen = str(self["seen"].data or "")
        differ = [
            (mine, now, _mark(_typed(mine)) == mark)
            for mine, now, mark in zip(
                self._standing(), fresh._standing(), seen.split("."), strict=False
            )
            if seen and _mark(_shown(now)) != mark and not _says(mine, now)
        ]
        if differ:
            self._see(fresh, differ)
        return not differ

    def _see(
        self,
        fresh: "StandingForm",
        differ: Sequence[tuple[forms.BoundField, forms.BoundField, bool]],
    ) -> None:
        data = cast(QueryDict, self.data).copy()
        data[self["seen"].html_name] = str(fresh["seen"].value())
        for mine, now, is_left in differ:
            told = _("Changed meanwhile: this stands now.")
            if is_left:
                data.setlist(mine.html_name, _shown(now))
            else:
                told = _("Changed meanwhile to: %(value)s") % {"value": _words(now)}
            mine.form.add_error(mine.name, told)
        for form in (self, *self.parts):
            form.data = data


def _plain(value: Any) -> list[str]:
    """A value as a form sends it; nothing for an empty box."""
    if isinstance(value, bool):
        return ["on"] if value else []
    values = value if isinstance(value, (list, tuple)) else [value]
    texts = (str(each).replace("\r\n", "\n").strip() for each in values if each is not None)
    return sorted(text for text in texts if text)


def _kept(field: forms.BoundField) -> Any:
    return getattr(field.form, "kept", {}).get(field.name, field.initial)


def _shown(field: forms.BoundField) -> list[str]:
    """What stands, as a box shows it."""
    value = field.field.prepare_value(_kept(field))
    return _plain(value if isinstance(value, bool) else field.field.widget.format_value(value))


def _typed(field: forms.BoundField) -> list[str]:
    return _plain(field.data)


def _says(mine: forms.BoundField, now: forms.BoundField) -> bool:
    """Whether is typed what stands already: a form that was sent twice."""
    return _typed(mine) == _shown(now) or not now.field.has_changed(_kept(now), mine.data)


def _mark(values: list[str]) -> str:
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:8]


def _words(field: forms.BoundField) -> str:
    """What a box shows, as it is read."""
    values = _shown(field)
    labels = {str(value): str(label) for value, label in getattr(field.field, "choices", ())}
    if isinstance(field.field, forms.BooleanField):
        return _("yes") if values else _("no")
    return " · ".join(labels.get(value, value) for value in values) or "–"
