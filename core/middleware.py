"""What stands before every view: broken requests, where an act came from, rows that are busy."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from inspect import getclosurevars, isfunction
from ipaddress import ip_address

import structlog
from django.db import OperationalError, connection
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from core.client_address import client_address
from core.services.audit import acting_from

log = structlog.get_logger(__name__)

LONGEST_QUERY = 4000
# A lock not had in time, a deadlock, a serialisation that failed: another try may well succeed.
WORTH_ANOTHER_TRY = ("55P03", "40P01", "40001")
TOOK_TOO_LONG = "57014"
RETRY_AFTER_SECONDS = 5
# A body that is parsed once and kept; the streams of an upload are spent.
KEPT_BODY = "application/x-www-form-urlencoded"


def _is_broken(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text)


class BadInputMiddleware:
    """NUL bytes, lone surrogates and endless query strings: PostgreSQL would refuse them anyway."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY or self._has_broken(request):
            return HttpResponseBadRequest(_("This address holds characters that cannot be read."))
        return self.get_response(request)

    def _has_broken(self, request) -> bool:
        if _is_broken(request.path):
            return True
        return any(
            _is_broken(text) for key, values in request.GET.lists() for text in (key, *values)
        )


def _written(address: str) -> str | None:
    """The address, where it is one that the trail can keep."""
    try:
        return str(ip_address(address))
    except ValueError:
        return None


class OriginMiddleware:
    """Tells the audit trail from which network address this request's acts come."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting_from(_written(client_address(request))):
            return self.get_response(request)


class WrongMethodMiddleware:
    """An address that only takes what a form sends, opened by hand, from a bookmark or after
    signing in: a page that leads back, instead of an empty one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method != "GET":
            return response
        if "text/html" not in request.headers.get("Accept", ""):
            return response
        page = render_to_string("405.html", {"back_url": _page_above(request.path)})
        return HttpResponseNotAllowed(response.headers["Allow"].split(", "), page)


def _page_above(path: str) -> str:
    """The nearest page above `path` that opens: /campaigns/5/ for /campaigns/5/move/; today where
    everything above only takes forms, too.
    """
    while path.rstrip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        with suppress(Resolver404):
            if is_opened_by_hand(resolve(path).func):
                return path
    return "/"


def is_opened_by_hand(view: Callable[..., object] | None) -> bool:
    """Whether a browser that asks for the page of this view is shown one.

    Django keeps the methods that `require_http_methods` lets through in its wrapper alone.
    """
    while isfunction(view):
        methods = getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True


class BusyMiddleware:
    """Somebody else holds the row: the act is tried once more, then the person is told in words.

    Acts are keyed or conditional, so that trying again does nothing twice. Must be the last in
    MIDDLEWARE: the second try calls the view alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        """From here on the view is done, and only its page is drawn."""
        request.is_being_drawn = True
        return response

    def process_exception(self, request, exception):
        """The second try's answer, or 503; None leaves any other error to break loudly."""
        code = _busy_code(exception)
        if code in WORTH_ANOTHER_TRY and _can_be_repeated(request):
            time.sleep(random.uniform(0.05, 0.25))  # noqa: S311  parts two that met
            view = request.resolver_match
            try:
                return view.func(request, *view.args, **view.kwargs)
            except OperationalError as again:
                code = _busy_code(again)
                if not code:
                    raise
        return _busy_page(request, code) if code else None


def _busy_code(exception: Exception) -> str:
    """PostgreSQL's code, where it says that a statement waited or worked too long."""
    if not isinstance(exception, OperationalError):
        return ""
    code = getattr(exception.__cause__, "pgcode", None) or ""
    return code if code in (*WORTH_ANOTHER_TRY, TOOK_TOO_LONG) else ""


def _can_be_repeated(request) -> bool:
    return (
        request.method == "POST"
        and request.content_type == KEPT_BODY
        and not getattr(request, "is_being_drawn", False)
        and not connection.in_atomic_block
    )


def _busy_page(request, code: str) -> HttpResponse:
    log.warning("busy", code=code)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    if request.headers.get("HX-Request") == "true":
        headers |= {"HX-Retarget": "body", "HX-Reswap": "innerHTML"}  # a page, not a region
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
