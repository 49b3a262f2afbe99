"""Signing in and out, first passwords, resets, and the language."""

import random

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from staff import services
from staff.access import public, signed_in
from staff.forms import ForgotForm, NewPasswordForm, PasswordForm, SignInForm
from staff.middleware import LANGUAGES
from staff.models import FeedKey
from staff.services.passwords import person_of_link

YEAR = 366 * 24 * 3600


def safe_path(request: HttpRequest) -> str:
    """Where `next` leads, if it stays in this house; else nowhere."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and asked.startswith("/") else ""


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request):
    onward = safe_path(request)
    if request.user.is_authenticated:
        return redirect(onward or settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST if request.method == "POST" else None)
    response = TemplateResponse(request, "staff/sign_in.html", {"form": form, "next": onward})
    if form.is_valid():
        try:
            services.sign_in(request=request, **form.cleaned_data)
        except services.NotSignedIn as refusal:
            form.add_error(None, str(refusal))
        except services.TooManyAtOnce as refusal:
            form.add_error(None, str(refusal))
            response.status_code = 503
            # Spread out, so that those who were refused do not come back as one crowd.
            response.headers["Retry-After"] = str(random.randint(2, 8))  # noqa: S311
        else:
            return redirect(onward or settings.LOGIN_REDIRECT_URL)
    return response


@public
@require_POST
def sign_out(request):
    services.sign_out(request=request)
    return redirect("staff:sign_in")


@public
@require_POST
def language(request):
    """Another language, for this person, or for this browser before sign-in."""
    chosen = request.POST.get("language", "")
    response = redirect(safe_path(request) or resolve_url(settings.LOGIN_REDIRECT_URL))
    if chosen not in LANGUAGES:
        return response
    if request.user.is_authenticated:
        services.set_language(language=chosen, by=request.user)
    response.set_cookie(
        "language",
        chosen,
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def welcome(request, uidb64, token):
    """Where a link leads: the first password, or a new one after a reset."""
    person = person_of_link(uidb64=uidb64, token=token)
    if person is None:
        return TemplateResponse(request, "staff/dead_link.html", status=404)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.set_first_password(
                uidb64=uidb64,
                token=token,
                password=form.cleaned_data["password"],
                request=request,
                now=timezone.now(),
            )
        except services.PasswordNotSet as refusal:
            form.add_error("password", refusal.sentences())
        else:
            return redirect(settings.LOGIN_REDIRECT_URL)
    # No stricter Referrer-Policy than the house's own: `no-referrer` makes browsers send
    # `Origin: null`, and the form would be refused as a forgery.
    return TemplateResponse(request, "staff/welcome.html", {"form": form, "person": person})


@public
@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request):
    form = ForgotForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return TemplateResponse(request, "staff/forgot.html", {"form": form})
    services.ask_reset(identifier=form.cleaned_data["identifier"], now=timezone.now())
    return TemplateResponse(request, "staff/forgot_done.html")


@signed_in
@never_cache
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "POST"])
def password(request):
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        had_feed = FeedKey.objects.filter(person=request.user).exists()
        try:
            services.change_password(
                old=form.cleaned_data["old"],
                new=form.cleaned_data["password"],
                by=request.user,
                request=request,
                now=timezone.now(),
            )
        except services.PasswordNotSet as refusal:
            wrong = "old" if "old_is_wrong" in refusal.codes else "password"
            form.add_error(wrong, refusal.sentences())
        else:
            messages.success(request, _("Your password is changed. Other devices are signed out."))
            if had_feed:
                messages.warning(
                    request,
                    _("The address of your calendar feed is dead, too. Make a new one."),
                )
            return redirect("staff:profile")
    return TemplateResponse(request, "staff/password.html", {"form": form})
