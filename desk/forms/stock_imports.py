"""The forms of an import of stock: the file, and of which office rows are that name none."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.offering import offer_choices
from core.spreadsheets.filenames import clean_filename
from core.spreadsheets.tables import MEGABYTE, SheetRefused

# More comes in by the command; nginx lets as much through on this address.
MOST_BYTES = 40 * MEGABYTE


class StockFileForm(forms.Form):
    """A workbook of stock, or one of its sheets as text."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,.csv,.tsv,.txt", "class": "form-control"}
        ),
        help_text=_("XLSX or CSV, at most 40 MB: about half a million movements."),
        error_messages={
            "required": _("Choose the file with the stock."),
            "empty": _("The file is empty."),
        },
    )
    store = forms.TypedChoiceField(
        label=_("Office of the rows"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("For rows that name no store or office."),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, offices: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "store", [("", "–"), *offices.items()])

    def clean_file(self) -> forms.FileField:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            sizes = {"megabytes": MOST_BYTES // MEGABYTE}
            raise forms.ValidationError(str(SheetRefused("FILE_TOO_LARGE", sizes)))
        file.name = clean_filename(file.name)
        return file
