"""The forms of a history: the workbook, the go-ahead, and why it is taken back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import PlainTextField
from core.spreadsheets.filenames import clean_filename
from core.spreadsheets.tables import MEGABYTE, SheetRefused
from desk.imports.sheets import LIMITS


class HistoryForm(forms.Form):
    """A workbook of old contacts and opportunities."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,.csv,.tsv,.txt", "class": "form-control"}
        ),
        help_text=_("XLSX or CSV, at most 10 MB."),
        error_messages={
            "required": _("Choose the file with the history."),
            "empty": _("The file is empty."),
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMITS.max_bytes:
            sizes = {"megabytes": LIMITS.max_bytes // MEGABYTE}
            raise forms.ValidationError(str(SheetRefused("FILE_TOO_LARGE", sizes)))
        file.name = clean_filename(file.name)
        return file


class TakeBackForm(forms.Form):
    """Why a history is taken back."""

    use_required_attribute = False

    reason = PlainTextField(
        label=_("Why"),
        longest=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": _("Say why the history is taken back.")},
    )
