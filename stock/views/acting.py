"""Small pages of goods on which one act is done: the form, its refusal in words, and back."""

from collections.abc import Callable, Mapping, Sequence

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from core.forms import show_refusal
from core.refusals import Refused
from staff.requests import Request


def act_page(
    request: Request,
    *,
    title: str,
    subject: str,
    submit: str,
    form: forms.Form,
    act: Callable[..., object],
    back_url: str,
    said: str,
    done_url: str = "",
    facts: Sequence[tuple[str, object]] = (),
    hint: str = "",
    warning: str = "",
    template: str = "core/act.html",
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """One act: the page with its form, or, sent and valid, `act(**cleaned_data)` and back, or
    on to `done_url`.

    What refuses the act stands on the form with all that was typed, at the field that the form's
    `stops` names for its code. Without `submit` the page only says why it cannot be done.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, getattr(form, "stops", {}))
        else:
            messages.success(request, said)
            return redirect(done_url or back_url)
    context = {
        "title": title,
        "subject": subject,
        "submit": submit,
        "form": form,
        "facts": facts,
        "hint": hint,
        "warning": warning,
        "back_url": back_url,
        **(more or {}),
    }
    return TemplateResponse(request, template, context)
