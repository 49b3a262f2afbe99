"""The forms of an import: the file, what its columns are, and the go-ahead."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.offering import offer_choices
from core.spreadsheets.filenames import clean_filename
from core.spreadsheets.headers import Column
from core.spreadsheets.tables import MEGABYTE, SheetRefused
from desk.imports.columns import label
from desk.imports.directory import Directory
from desk.imports.sheets import LIMITS


class OrderFileForm(forms.Form):
    """A file of orders, and the store of the rows that name none."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        help_text=_("XLSX or CSV, at most 10 MB."),
        error_messages={
            "required": _("Choose the file with the orders."),
            "empty": _("The file is empty."),
        },
    )
    store = forms.TypedChoiceField(
        label=_("Store of the orders"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("For rows that name no store."),
    )

    def __init__(self, *args: Any, directory: Directory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = list(directory.store_names.items())
        self._offer("store", stores if len(stores) == 1 else [("", "–"), *stores])
        self.fields["file"].widget.attrs["class"] = "form-control"

    def _offer(self, name: str, choices: list[Any]) -> None:
        offer_choices(self, name, choices)
        self.fields[name].widget.attrs["class"] = "form-select"

    def clean_file(self) -> forms.FileField:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.max_bytes:
            sizes = {"megabytes": LIMITS.max_bytes // MEGABYTE}
            raise forms.ValidationError(str(SheetRefused("FILE_TOO_LARGE", sizes)))
        file.name = clean_filename(file.name)
        return file


class FileForm(OrderFileForm):
    """A file of customers, and what fills the rows that leave store or keeper open."""

    keeper = forms.TypedChoiceField(
        label=_("Keeper of new customers"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("For rows that name no keeper."),
    )

    def __init__(self, *args: Any, directory: Directory, **kwargs: Any) -> None:
        super().__init__(*args, directory=directory, **kwargs)
        self._offer("keeper", [("", _("Nobody yet")), *directory.keepers.items()])
        self.fields["store"].label = _("Store of new customers")
        self.fields["file"].error_messages["required"] = _("Choose the file with the customers.")


class ColumnsForm(forms.Form):
    """Which header of a sheet is read as what, as found or as somebody corrects it."""

    use_required_attribute = False

    includes_hidden = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        wanted: Sequence[Column],
        found: Mapping[str, Any],
        label_of: Callable[[str], str] = label,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.label_of = found, label_of
        keys = {index: key for key, index in found["columns"].items()}
        choices = [("", _("not read")), *((c.key, label_of(c.key)) for c in wanted)]
        for index, header in enumerate(found["headers"]):
            self.fields[f"column{index}"] = forms.ChoiceField(
                label=header or _("(without a header)"),
                choices=choices,
                initial=keys.get(index, ""),
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def rows(self) -> list[dict[str, object]]:
        """Each header with its first values and its choice."""
        return [
            {
                "field": self[f"column{index}"],
                "values": self.found["sample"][index],
            }
            for index in range(len(self.found["headers"]))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [
            (cleaned[f"column{index}"], index)
            for index in range(len(self.found["headers"]))
            if cleaned.get(f"column{index}")
        ]
        twice = [key for key, count in Counter(key for key, _index in chosen).items() if count > 1]
        for key in twice:
            self.add_error(
                None,
                _("Two columns are read as “%(name)s”. Choose one.") % {"name": self.label_of(key)},
            )
        cleaned["columns"] = dict(chosen)
        return cleaned


class EncodingForm(forms.Form):
    """In which encoding a text file reads well: asked where it cannot be told."""

    encoding = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the preview that reads well.")},
    )

    def __init__(self, *args: Any, candidates: list[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"gb18030": _("Simplified Chinese"), "big5hkscs": _("Traditional Chinese")}
        codes = [found["encoding"] for found in candidates]
        offer_choices(self, "encoding", [(code, names.get(code, code)) for code in codes])
        self.candidates = candidates

    def options(self) -> list[tuple[Any, list[str]]]:
        """Each choice with the first lines so read."""
        previews = [found["preview"] for found in self.candidates]
        return list(zip(list(self["encoding"]), previews, strict=True))


class GoAheadForm(forms.Form):
    """The go-ahead, once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
