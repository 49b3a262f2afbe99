"""Small pages on which one act is done: the form, its refusal in words, and back."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.forms import show_refusal
from core.refusals import Refused
from core.services.once import FormOfSomebodyElse
from core.services.sent import arrived
from core.services.standing import act_as_seen
from core.standing import StandingForm
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
    done_url: str = "",
    hint: str = "",
    facts: Sequence[tuple[str, str]] = (),
    warning: str = "",
    said: str = "",
    stops: Mapping[str, str] | None = None,
    template: str = "core/act.html",
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """One act: the page with its form, or, sent and valid, `act(**cleaned_data)` and back.

    `subject` says what it is about, in its reader's words, `facts` what is known of it; a `warning`
    stands before the form, without `submit` in its place. `said` is told once it is done. What
    refuses the act stands on the form with all that was typed; `stops` says which field a code of
    refusal belongs to. A `template` of its own extends the plain one, and is drawn with `more`.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.cleaned_data)
        except FormOfSomebodyElse as refusal:
            form.add_error(None, str(refusal))
        except Refused as refusal:
            show_refusal(form, refusal, stops or {})
        else:
            if said:
                messages.success(request, said)
            return arrived(redirect(done_url or back_url), request.path)
    if "key" in form.errors:
        form.add_error(None, _("This form was damaged on its way. Check it and send it again."))
    context = {
        "title": title,
        "subject": subject,
        "hint": hint,
        "facts": facts,
        "warning": warning,
        "submit": submit,
        "form": form,
        "back_url": back_url,
        "draft": request.path if _has_words(form) else "",
        **(more or {}),
    }
    return TemplateResponse(request, template, context)


def _has_words(form: forms.Form) -> bool:
    """Whether something is written at length, which is kept as a draft until it has arrived."""
    return any(isinstance(field.widget, forms.Textarea) for field in form.fields.values())


def as_seen(
    form: StandingForm,
    act: Callable[..., object],
    *,
    hold: Callable[[], object],
    anew: Callable[[], StandingForm],
) -> Callable[..., None]:
    """`act` of a form that writes over what stands, refused where that is not what it showed:
    `hold` locks it, and `anew` is the form as it shows what stands then.
    """

    def do(**said: Any) -> None:
        said.pop("seen", None)
        act_as_seen(hold=hold, stands=lambda: form.stands_as_seen(anew()), act=partial(act, **said))

    return do
