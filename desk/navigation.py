"""The way around: which pages a person is offered."""

from django.http import HttpRequest


def nav(request: HttpRequest) -> dict[str, object]:
    """The entries of the bar and the dock for this person."""
    return {"nav": []}
