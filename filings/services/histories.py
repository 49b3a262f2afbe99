"""Old filings, many at once: brought in with their times, and taken back as a whole.

What an old ledger says is entered into the journal as it would have been at the time: the first of
two protects, what was void or given up is that, and whoever reached the customer since then has
kept it alive. What has run out by its own times starts no clock and is told to nobody; a customer
with a lead of this house takes no old one (the live one is never displaced).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from customers.models import Contact, Customer, HistoryImport, Project
from customers.services import give_access
from filings.models import Deal, Filing, FilingEvent, Policy, Protection
from filings.queries import policy_of
from filings.queries.history import Journal, filed_event, own_terms
from filings.rules import Book
from filings.services.entering import store_changes
from filings.states import CHANNEL_OF_ROLE, Channel, EventKind, Invalid, Withdrawn
from staff.models import Person
from staff.states import Role, Trade

VOID, RELEASED = "void", "released"


@dataclass(frozen=True, kw_only=True)
class OldFiling:
    """One filing as an old ledger tells it; `fate` is empty, VOID or RELEASED."""

    customer_id: int
    project_id: int
    filer_id: int
    filed_at: datetime
    acquired_at: datetime
    channel: Channel | str = ""
    fate: str = ""


@dataclass(frozen=True, kw_only=True)
class TakenBackFilings:
    """How many old filings went, and which stay because somebody went on with the customer."""

    gone: int = 0
    kept: Sequence[int] = ()


def led_customers(customers: Iterable[int]) -> set[int]:
    """Those of these customers who have a lead of this house: something live was entered."""
    ids = list(customers)
    live = FilingEvent.objects.filter(customer__in=ids, is_imported=False)
    drafts = Filing.objects.filter(customer__in=ids, is_imported=False)
    return {*live.values_list("customer", flat=True), *drafts.values_list("customer", flat=True)}


@transaction.atomic
def add_filings(
    *, brought: HistoryImport, filings: Sequence[OldFiling], by: Person, now: datetime
) -> int:
    """Write these filings; answers with how many. The caller holds the customers."""
    of_customer: dict[int, list[OldFiling]] = defaultdict(list)
    for old in filings:
        of_customer[old.customer_id].append(old)
    people = Person.objects.select_related("store").in_bulk({old.filer_id for old in filings})
    policies = _Policies()
    for pk, olds in sorted(of_customer.items()):
        customer = Customer.objects.select_related("store").get(pk=pk)
        _Past(customer, people, policies, brought=brought, by=by, now=now).enter(olds)
    return len(filings)


class _Policies:
    """The policy of a trade on a day, asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, date], Policy] = {}

    def of(self, trade: str, day: date) -> Policy:
        if (trade, day) not in self._known:
            found = policy_of(Trade(trade), day=day)
            if found is None:
                raise RuntimeError(f"no policy for {trade}")
            self._known[trade, day] = found
        return self._known[trade, day]


class _Past:
    """The old filings of one customer, entered in the order of their times."""

    def __init__(
        self,
        customer: Customer,
        people: Mapping[int, Person],
        policies: _Policies,
        *,
        brought: HistoryImport,
        by: Person,
        now: datetime,
    ) -> None:
        self.customer, self.people, self.policies = customer, people, policies
        self.brought, self.by, self.now = brought, by, now
        self.book = Book()
        self.journal = Journal([], {})

    def enter(self, olds: Sequence[OldFiling]) -> None:
        """Write filings and journal in the order of time, then what follows from them."""
        rows = sorted(self._happened(olds), key=lambda row: row[:2])
        for at, _rank, act in rows:
            act(at)
        store_changes({}, self.book.filings)
        self._rest()

    def _happened(self, olds: Sequence[OldFiling]) -> Iterator[tuple]:
        filers = {old.filer_id: min(o.filed_at for o in olds if o.filer_id == old.filer_id)
                  for old in olds}  # fmt: skip
        for old in olds:
            yield old.filed_at, 0, lambda at, old=old: self._file(old, at)
        contacts = Contact.objects.filter(
            customer=self.customer, by__in=filers, is_effective=True, voided_at=None
        )
        for person, at in contacts.values_list("by", "occurred_at"):
            if at > filers[person]:
                yield at, 1, lambda at, person=person: self._met(person, at)

    def _file(self, old: OldFiling, at: datetime) -> None:
        filer = self.people[old.filer_id]
        store = filer.store or self.customer.store
        filing = Filing.objects.create(
            customer=self.customer,
            project_id=old.project_id,
            filer=filer,
            holder=filer,
            by=self.by,
            store=store,
            channel=old.channel or CHANNEL_OF_ROLE.get(Role(filer.role), Channel.STORE),
            policy=self.policies.of(store.trade, store.today(at)),
            acquired_at=min(old.acquired_at, at),
            noted_at=self.now,
            submitted_at=at,
            acted_at=at,
            update_due_at=at,
            is_imported=True,
            history_import=self.brought,
        )
        rival = self.book.blocking(old.project_id, at, filer=old.filer_id)
        code = Invalid.LATER_FILER if rival is not None else ""
        self.journal.filings[filing.pk] = filing
        event = filed_event(filing, at=at, terms=own_terms(filing), was=code)
        self._write(EventKind.FILED, at, filer, filing=filing, code=code)
        self.book.enter(event)
        if old.fate and not code:
            kind = EventKind.WITHDRAWN if old.fate == VOID else EventKind.RELEASED
            code = Withdrawn.VOIDED if old.fate == VOID else ""
            row = self._write(kind, at, filer, filing=filing, code=code)
            self.book.enter(self.journal.event_of(row))

    def _met(self, person: int, at: datetime) -> None:
        row = self._write(EventKind.CONTACTED, at, self.people[person], occurred_at=at)
        self.book.enter(self.journal.event_of(row))

    def _write(self, kind: EventKind, at: datetime, person: Person, **facts) -> FilingEvent:
        filing = facts.get("filing")
        return FilingEvent.objects.create(
            at=at, kind=kind, customer=self.customer, person=person, by=self.by,
            project=filing.project if filing else None, is_imported=True, **facts,
        )  # fmt: skip

    def _rest(self) -> None:
        """What has run out is told to nobody; whoever holds what stands may see the customer."""
        rows = Filing.objects.filter(customer=self.customer, history_import=self.brought)
        rows.exclude(protected_until__gt=self.now).update(
            lapse_noted_at=self.now, told_free_at=self.now
        )
        rows.filter(invalid=Invalid.LATER_FILER).update(told_free_at=self.now)
        for filing in rows.filter(protected_until__gt=self.now, withdrawn="", ended=""):
            give_access(customer=self.customer, person=filing.holder)


@transaction.atomic
def take_back_filings(*, brought: HistoryImport) -> TakenBackFilings:
    """Delete what a history brought of filings; of customers with whom somebody went on, all stay.

    The caller holds the customers.
    """
    rows = Filing.objects.filter(history_import=brought)
    customers = set(rows.values_list("customer", flat=True))
    went_on = led_customers(customers) | set(
        Deal.objects.filter(customer__in=customers).values_list("customer", flat=True)
    )
    kept = sorted(rows.filter(customer__in=went_on).values_list("pk", flat=True))
    going = list(rows.exclude(pk__in=kept).values_list("pk", flat=True))
    events = FilingEvent.objects.filter(customer__in=customers - went_on, is_imported=True)
    ids = list(events.values_list("pk", flat=True))
    with connection.cursor() as cursor:  # the triggers let imported ones go
        cursor.execute("DELETE FROM filings_filingevent WHERE id = ANY(%s)", [ids])
        Protection.objects.filter(filing__in=going).delete()
        cursor.execute("DELETE FROM filings_filing WHERE id = ANY(%s)", [going])
    return TakenBackFilings(gone=len(going), kept=kept)


def projects_among(customers: Iterable[int]) -> dict[int, list[Project]]:
    """The projects that each of these customers may choose among."""
    found: dict[int, list[Project]] = defaultdict(list)
    for project in Project.objects.filter(customer__in=list(customers), joined_to=None).order_by(
        "pk"
    ):
        found[project.customer_id].append(project)
    return found
