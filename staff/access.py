"""What each view demands, declared on the view: a test walks all URLs and finds who forgot.

`@public` for the few pages before sign-in, `@signed_in` for everybody inside, `@only(...)` for
some roles. An insider without the right gets 403, a stranger is sent to sign in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied

from staff.states import Role

View = Any  # a view function that carries `access`


def public(view: View) -> View:
    """Anybody may open this page."""
    view.access = "public"
    return view


def signed_in(view: View) -> View:
    """Anybody who has signed in may open this page; rows still pass `visible`."""
    guarded: View = login_required(view)
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

        guarded: View = login_required(checked)
        guarded.access = frozenset(roles)
        return guarded

    return decorate
