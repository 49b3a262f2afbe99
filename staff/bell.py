"""What the bar of every page says of its person: unread notices, and whether this is a copy."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from staff.services.installations import Silence, silence
from staff.states import Role


def bell(request: HttpRequest) -> dict[str, object]:
    """`unread_notices`, which came with the person, and for operations `silence`.

    A part of a page draws no bar, so that it does not ask for silence.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0, "silence": ""}
    is_ops = user.role == Role.OPS_MANAGER
    return {
        "unread_notices": len(user.unread_ids),
        "silence": SimpleLazyObject(silence) if is_ops else Silence.NONE.value,
    }
