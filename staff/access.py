"""What each view demands, declared on the view: a test walks all URLs and finds who forgot.

`@public` for the few pages before sign-in, `@signed_in` for everybody inside, `@only(...)` for
some roles. An insider without the right gets 403, a stranger is sent to sign in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from staff.states import Role

View = Any  # a view function that carries `access`


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: an act that was sent from a page has none of its own."""
    asked = request.get_full_path()
    if request.method in ("GET", "HEAD"):
        return asked
    sent_from = urlsplit(request.headers.get("referer", ""))
    if sent_from.netloc != request.get_host():
        return asked
    return sent_from._replace(scheme="", netloc="", fragment="").geturl() or asked


def _inside(view: View) -> View:
    """Send a stranger to sign in, and back afterwards."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(_page_of(request))
        return view(request, *args, **kwargs)

    return guarded


def public(view: View) -> View:
    """Anybody may open this page."""
    view.access = "public"
    return view


def signed_in(view: View) -> View:
    """Anybody who has signed in may open this page; rows still pass `visible`."""
    guarded = _inside(view)
    guarded.access = "signed_in"
    return guarded


def only(roles: frozenset[Role] | set[Role]) -> Callable[[View], View]:
    """People of these roles may open this page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request, *args, **kwargs):
            if request.reach.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded = _inside(checked)
        guarded.access = frozenset(roles)
        return guarded

    return decorate
