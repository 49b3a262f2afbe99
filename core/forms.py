"""A refusal goes back to the fields it speaks of, and nothing typed is lost."""

from collections.abc import Mapping

from django import forms

from core.refusals import Refused


def show_refusal(
    form: forms.BaseForm, refusal: Refused, fields: Mapping[str, str | None] | None = None
) -> None:
    """Put each reason's sentence at its field; codes that `fields` does not name are general."""
    for code, sentence in zip(refusal.codes, refusal.sentences(), strict=True):
        name = (fields or {}).get(code)
        form.add_error(name if name and name in form.fields else None, sentence)
