"""What stands before every view: broken requests are refused, acts know where they came from."""

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.utils.translation import gettext as _
from python_ipware import IpWare

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


class OriginMiddleware:
    """Tells the audit trail from which network address this request's acts come."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.addresses = IpWare(proxy_count=settings.TRUSTED_PROXIES or None)

    def __call__(self, request):
        found, _trusted = self.addresses.get_client_ip(meta=request.META, strict=False)
        with acting_from(str(found) if found else None):
            return self.get_response(request)
