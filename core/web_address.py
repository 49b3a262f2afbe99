"""The whole address of one of our pages, as somebody outside needs it."""

from django.conf import settings


def outside(path: str) -> str:
    """The address of a path of ours, by the settings: a request may name any host that it likes."""
    return settings.BASE_URL.rstrip("/") + path
