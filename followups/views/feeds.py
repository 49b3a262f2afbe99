"""The private calendar feed: the key in its address is all that a calendar program has."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from core.client_address import client_address
from followups.feed import calendar_file, etag_of
from followups.queries.feeds import feed_of
from staff.access import public
from staff.services.feeds import person_of_feed

MINUTE = 60
MOST_READS = 30
MOST_MISSES = 20


@public
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """One person's tasks and appointments; 404 for every key that is none (any more).

    Thirty reads a minute by one key; twenty misses a minute from one address, and even a right
    key is not looked at any more.
    """
    now = timezone.now()
    misses = f"feed-misses:{client_address(request)}"
    if _count(misses) >= MOST_MISSES:
        return _too_many()
    person = person_of_feed(key, now=now)
    if person is None:
        _add(misses)
        raise Http404
    reads = f"feed-reads:{hashlib.sha256(key.encode()).hexdigest()}"
    if _add(reads) > MOST_READS:
        return _too_many()
    with override(person.language or settings.LANGUAGE_CODE):
        content = calendar_file(feed_of(person, now=now), person=person)
    etag = etag_of(content)
    answer: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="genjin.ics"'
    answer["ETag"] = etag
    # A machine may compare with what it has, and nobody between keeps it.
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _count(name: str) -> int:
    """How often in this minute; with the cache away nobody is locked out."""
    try:
        return cache.get(name, 0)
    except Exception:  # whatever ails the cache: a limit is a courtesy, the key is the guard
        return 0


def _add(name: str) -> int:
    try:
        cache.add(name, 0, MINUTE)
        return cache.incr(name)
    except Exception:  # see _count; also the minute that ended in between
        return 0


def _too_many() -> HttpResponse:
    answer = HttpResponse(status=429)
    answer["Retry-After"] = str(MINUTE)
    return answer
