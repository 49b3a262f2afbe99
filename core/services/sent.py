"""Tells the browser which draft has arrived, so that it keeps all others.

Only an answer of ours says so: a page that came instead (signed out, refused, no answer at all)
leaves the draft where it is.
"""

from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse

COOKIE = "genjin_arrived"
KEPT_SECONDS = 600


def arrived(answer: HttpResponse, draft: str) -> HttpResponse:
    """The answer to a form that was acted on; `draft` is what the form's `data-draft` says."""
    answer.set_cookie(
        COOKIE,
        quote(draft, safe=""),
        max_age=KEPT_SECONDS,
        secure=settings.CSRF_COOKIE_SECURE,
        samesite="Lax",
    )
    return answer
