"""Events of two customers or projects, read as if they were one (FIL-32, FIL-33)."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from filings.rules.events import Event, Filed, Key


def together(events: Iterable[Event], *, customer: Key, project: Key) -> Iterator[Event]:
    """The same events, all of one customer and one project.

    What was admitted is asked anew, for another came first perhaps; what was refused stays so.
    """
    for event in events:
        names = {each.name for each in fields(event)}
        changes: dict[str, Any] = {}
        if "customer" in names:
            changes["customer"] = customer
        if "project" in names and getattr(event, "project", None) is not None:
            changes["project"] = project
        if isinstance(event, Filed) and event.was == "":
            changes["was"] = None
        yield replace(event, **changes)
