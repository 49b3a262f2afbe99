"""What the bar of every page says of its person: unread notices, and whether this is a copy."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from staff.models import Notice
from staff.services.installations import Silence, silence
from staff.states import Role

# Beyond it the bell only says that there are many.
MOST = 99


def bell(request: HttpRequest) -> dict[str, object]:
    """`unread_notices`, and for operations `silence`; asked only where the bar is drawn.

    A part of a page draws no bar, so that it asks nothing.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0, "silence": ""}
    unread = Notice.objects.filter(person=user.pk, read_at=None)
    is_ops = user.role == Role.OPS_MANAGER
    return {
        "unread_notices": SimpleLazyObject(lambda: unread[: MOST + 1].count()),
        "silence": SimpleLazyObject(silence) if is_ops else Silence.NONE.value,
    }
