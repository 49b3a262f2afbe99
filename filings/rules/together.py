"""Events of two customers or projects, read as if they were one (FIL-32, FIL-33)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from filings.rules.book import Book
from filings.rules.events import Event, Filed, Key
from filings.rules.filing import FilingState
from filings.states import Withdrawn


def together(
    events: Iterable[Event], *, customer: Key, project: Key, projects: Collection[Key]
) -> Iterator[Event]:
    """The same events, all of one customer, and those of `projects` of one project.

    What was admitted there is asked anew, for another came first perhaps; what was refused stays
    so. Any other project stays what it was.
    """
    for event in events:
        names = {each.name for each in fields(event)}
        changes: dict[str, Any] = {}
        if "customer" in names:
            changes["customer"] = customer
        if getattr(event, "project", None) in projects:
            changes["project"] = project
            if isinstance(event, Filed) and event.was == "":
                changes["was"] = None
        yield replace(event, **changes)


def rivals_of_project(
    book: Book, project: Key, *, customer: Key, at: datetime
) -> list[FilingState]:
    """Filings of other people that protected another project of the customer when this one was
    begun, or at `at` where nobody filed it (FIL-33).
    """
    own = [one for one in book.on_project(project) if not one.invalid]
    begun_at = own[0].filed_at if own else at
    holders = {one.holder for one in own[:1]}
    return [
        one
        for one in book.of_customer(customer)
        if one.project != project and one.holder not in holders and one.is_protected(begun_at)
    ]


def rivals_of_customer(book: Book, *, customer: Key) -> list[FilingState]:
    """Filings of the other customer, the one who is perhaps this very one (FIL-32)."""
    return [
        one
        for one in book.filings.values()
        if one.customer != customer and not one.invalid and one.withdrawn in ("", Withdrawn.MERGED)
    ]


def other_project(
    rivals: Iterable[FilingState],
    *,
    project: Key,
    owner: Key | None,
    homes: Mapping[Key, str],
    confirmed: Collection[Key],
) -> Key | None:
    """Which other project is in question: one alone, whatever else the customer has.

    That of whom the ruling names, else of the same home, none that somebody has seen to be a thing
    of its own, what stands before what was withdrawn, the earliest.
    """

    def order(one: FilingState) -> tuple:
        is_elsewhere = homes.get(one.project) != homes.get(project)
        return (
            one.holder != owner, is_elsewhere, one.project in confirmed, bool(one.withdrawn),
            one.filed_at,
        )  # fmt: skip

    found = min(rivals, key=order, default=None)
    return found.project if found else None
