"""Leads when two cards become one, and two again (DAT-02, decision 2).

Projects stay what they were, with their filings and their journal: only of two protections for one
home the later filing is withdrawn, and its project is joined to the other, so that whoever files
or sells next finds one home.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.addresses import parse as parse_address
from customers.models import Customer, Project
from filings.models import Filing, FilingEvent
from filings.queries import protecting, standing_deal
from filings.services.entering import OpenBook, store_changes
from filings.states import EventKind, Withdrawn
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class Joined:
    """What merging did to leads: withdrawn filings, and the projects joined to another."""

    withdrawn: list[int] = field(default_factory=list)
    projects: list[int] = field(default_factory=list)


def holders_of(customers: Iterable[int], *, now: datetime) -> dict[int, frozenset[int]]:
    """Who holds a protection of each of these customers; one statement."""
    held: dict[int, set[int]] = {}
    rows = Filing.objects.filter(
        customer__in=list(customers),
        protections__withdrawn=False,
        protections__during__contains=now,
    )
    for customer, holder in rows.values_list("customer", "holder"):
        held.setdefault(customer, set()).add(holder)
    return {customer: frozenset(holders) for customer, holders in held.items()}


def settle_apart(customers: Iterable[int]) -> None:
    """Before two cards' rows come together: write down what each card alone had said.

    An address that a project has from its card, and the project of a contact that named none where
    the card has only one: on the joined card they would say something else.
    """
    for card in Customer.objects.filter(pk__in=list(customers)):
        projects = list(Project.objects.filter(customer=card).order_by("pk"))
        for project in projects:
            if not project.address and card.address:
                Project.objects.filter(pk=project.pk).update(
                    address=card.address, address_key=parse_address(card.address).key[:120]
                )
        if len(projects) == 1:
            unnamed = FilingEvent.objects.filter(customer=card, project=None)
            unnamed.filter(kind__in=[EventKind.CONTACTED, EventKind.MEASURED]).update(
                project=projects[0]
            )


def join_leads(*, kept: Customer, came: Iterable[int], by: Person, now: datetime) -> Joined:
    """The leads of two cards that are one now; `came` are the projects that came along.

    Of two standing protections for one home the later filing is withdrawn. The caller holds the
    customer. Raises AlreadyProtected where what was entered on both contradicts itself.
    """
    came = set(came)
    standing = list(protecting(customer=kept, now=now).select_related("project", "holder"))
    own = [one for one in standing if one.project_id not in came]
    others = [one for one in standing if one.project_id in came]
    open_book = OpenBook(kept)
    joined = Joined()
    for mine in own:
        for other in others:
            first, later = sorted((mine, other), key=lambda one: (one.submitted_at, one.pk))
            if later.pk not in joined.withdrawn and _is_one_home(first.project, later.project):
                _withdraw(later, open_book, by=by, at=now)
                Project.objects.filter(pk=later.project_id).update(joined_to=first.project_id)
                joined.withdrawn.append(later.pk)
                joined.projects.append(later.project_id)
    store_changes({}, open_book.book.filings)
    return joined


def _is_one_home(first: Project, second: Project) -> bool:
    """Equal addresses, or none on either; what was sold for one of them keeps it apart."""
    if first.address_key != second.address_key:
        return False
    return standing_deal(first.pk) is None and standing_deal(second.pk) is None


def _withdraw(filing: Filing, open_book: OpenBook, *, by: Person, at: datetime) -> None:
    open_book.enter(
        EventKind.WITHDRAWN,
        at=at,
        by=by,
        person=filing.holder,
        filing=filing,
        project=filing.project,
        code=Withdrawn.MERGED,
    )


def part_leads(
    *, cards: Iterable[Customer], joined: Mapping[str, list[int]], by: Person, now: datetime
) -> None:
    """The cards are two again: what the merge had withdrawn stands again, by its own clocks.

    The caller holds both and has given every row back.
    """
    Project.objects.filter(pk__in=joined.get("projects", ())).update(joined_to=None)
    back = joined.get("withdrawn", ())
    for card in cards:
        open_book = OpenBook(card)
        rows = Filing.objects.filter(pk__in=back, customer=card, withdrawn=Withdrawn.MERGED)
        for filing in rows.select_related("holder", "project").order_by("pk"):
            open_book.enter(
                EventKind.RESUMED, at=now, by=by, person=filing.holder, filing=filing,
                project=filing.project,
            )  # fmt: skip
        store_changes({}, open_book.book.filings)
