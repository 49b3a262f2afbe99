"""What stands before every view: broken requests are refused, acts know where they came from."""

from ipaddress import ip_address

from django.http import HttpResponseBadRequest
from django.utils.translation import gettext as _

from core.client_address import client_address
from core.services.audit import acting_from

LONGEST_QUERY = 4000


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
