"""Files of worked cases: a dispute as data, turned into the events of the rules, and decided.

The format is that of `docs/cases.md`; nothing here asks a database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.addresses import parse as parse_address
from core.calendars import BusinessCalendar
from core.phones import PhoneRefused, normalise
from filings.rules import Book, Clock, Decision, Terms, decide
from filings.rules import events as happened
from filings.rules.deciding import status_text
from filings.rules.events import Before, Dealt, Event, Slots
from filings.states import Channel, Element, Invalid, RequestKind

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = BusinessCalendar()
CHANNEL_OF_DEPT = {"store": Channel.STORE, "biz": Channel.FIELD}
# Ways of reaching somebody that count as follow-up (FIL-29).
EFFECTIVE = frozenset({"call_connected", "wechat_reply", "visit", "store_visit"})


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What the rules say of one case."""

    case: str
    decision: Decision
    statuses: Mapping[str, str]


class CaseFile:
    """The cases of one file, each decided by the same terms."""

    def __init__(self, data: Mapping, *, terms: Terms) -> None:
        self.cast: Mapping[str, Mapping] = data.get("cast", {})
        self.cases: list[Mapping] = data["cases"]
        self.terms = terms
        self.clock = Clock(zone=ZONE, calendar=CALENDAR)

    def decide_all(self) -> Iterator[Decided]:
        """Each case in turn."""
        for case in self.cases:
            yield Case(case, book_of=self).decide()


class Case:
    """One case: its events in the words of the rules."""

    def __init__(self, case: Mapping, *, book_of: CaseFile) -> None:
        self.case, self.file = case, book_of
        self.same = [set(pair) for pair in case.get("identity", {}).get("confirmed_same", ())]
        self.projects: Mapping[str, str] = case.get("projects", {})
        self.customers = self._customers()

    def _customers(self) -> dict[str, str]:
        """The customer of each filing: one a number, and one where ops found two to be one."""
        found: dict[str, str] = {}
        for event in self.case["events"]:
            if event["type"] == "file":
                found[event["filing"]] = _number(event["customer"].get("phone", ""))
        for pair in self.same:
            first = min(pair, key=list(found).index)
            found |= dict.fromkeys(pair, found[first])
        return found

    def decide(self) -> Decided:
        """What the rules say of the deposit that the case asks about."""
        asked = self.case.get("decide_order", "O1")
        book = Book(before=self._before())
        decision: Decision | None = None
        for event in self._events():
            if isinstance(event, Dealt):
                found = decide(book, event)
                book.enter(event)
                book.enter(happened.Credited(at=event.at, deal=event.deal, filing=found.filing))
                decision = found if event.deal == asked else decision
            else:
                book.enter(event)
        if decision is None:
            raise ValueError(f"{self.case['id']}: no deposit {asked}")
        statuses = dict(decision.statuses)
        for filing in self.customers:
            statuses.setdefault(filing, self._status_of(book, filing))
        return Decided(case=self.case["id"], decision=decision, statuses=statuses)

    def _status_of(self, book: Book, filing: str) -> str:
        """A filing of another customer, one that came after the deposit, or none at all."""
        state = book.filings.get(filing)
        return status_text(state.invalid if state and state.invalid else Invalid.INCOMPLETE)

    def _before(self) -> Before:
        slots = {
            (person, month): Slots(**known)
            for person, months in self.case.get("quota_prefill", {}).items()
            for month, known in months.items()
        }
        return Before(slots=slots)

    def _events(self) -> list[Event]:
        """The events in the order in which the system received them."""
        events = [event for row in self.case["events"] for event in self._of(row)]
        return sorted(events, key=lambda event: event.at)

    def _of(self, row: Mapping) -> Iterator[Event]:
        make = getattr(self, f"_{row['type']}", None)
        if make is None:
            raise ValueError(f"{self.case['id']}: unknown event {row['type']!r}")
        yield from make(row, _moment(row["at"]))

    def _region_of(self, person: str) -> str | None:
        return self.file.cast.get(person, {}).get("region")

    def _project(self, filing: str) -> tuple[str, str]:
        return self.customers[filing], self.projects.get(filing, "P1")

    def _file(self, row: Mapping, at: datetime) -> Iterator[Event]:
        customer = row["customer"]
        dept = self.file.cast.get(row["actor"], {}).get("dept", "store")
        self._typed = getattr(self, "_typed", {}) | {row["filing"]: dict(customer)}
        yield happened.Filed(
            at=at,
            filing=row["filing"],
            customer=self.customers[row["filing"]],
            project=self._project(row["filing"]),
            filer=row["actor"],
            channel=CHANNEL_OF_DEPT.get(dept, Channel.STORE),
            acquired_at=_moment(row["acquired_at"]),
            terms=self.file.terms,
            clock=self.file.clock,
            missing=_missing(customer),
            noted_at=at,
            filer_region=self._region_of(row["actor"]),
            region=customer.get("region"),
            is_cross_approved=row.get("cross_region_approved", False),
            is_out_of_scope=row.get("out_of_scope", False),
        )

    def _complete(self, row: Mapping, at: datetime) -> Iterator[Event]:
        typed = self._typed[row["filing"]] | row["customer"]
        filed = next(each for each in self.case["events"] if each.get("filing") == row["filing"])
        (draft,) = self._file(filed | {"customer": typed}, at)
        yield draft

    def _followup(self, row: Mapping, at: datetime) -> Iterator[Event]:
        filing = row["filing"]
        yield happened.Contacted(
            at=at,
            contact=(filing, row["at"]),
            person=row.get("on_behalf_of") or row["actor"],
            customer=self.customers[filing],
            project=self._project(filing),
            occurred_at=_moment(row.get("occurred_at") or row["at"]),
            is_effective=row["channel"] in EFFECTIVE and row.get("reached", True),
        )

    def _measure(self, row: Mapping, at: datetime) -> Iterator[Event]:
        yield happened.Measured(
            at=at,
            contact=(row["filing"], row["at"]),
            person=row.get("on_behalf_of") or row["actor"],
            customer=self.customers[row["filing"]],
            project=self._project(row["filing"]),
        )

    def _extension(self, row: Mapping, at: datetime) -> Iterator[Event]:
        asked_at = _moment(row["requested_at"])
        clock, terms = self.file.clock, self.file.terms
        last = CALENDAR.add_working_days(clock.day(asked_at), terms.request_working_days)
        key = (row["filing"], row["requested_at"])
        yield happened.Asked(
            at=asked_at,
            request=key,
            filing=row["filing"],
            kind=RequestKind.LIMIT,
            held_until=clock.end_of(last),
        )
        granted = row["decision"] == "approved"
        until = clock.end_of(date.fromisoformat(row["until"])) if granted else None
        yield happened.Answered(at=at, request=key, filing=row["filing"], until=until)

    def _review(self, row: Mapping, at: datetime) -> Iterator[Event]:
        if row["decision"] == "rejected":
            yield happened.Rejected(at=at, filing=row["filing"])

    def _release(self, row: Mapping, at: datetime) -> Iterator[Event]:
        yield happened.Released(at=at, filing=row["filing"])

    def _deal_elsewhere(self, row: Mapping, at: datetime) -> Iterator[Event]:
        yield happened.SlotGained(at=at, person=row["actor"], clock=self.file.clock)

    def _deposit(self, row: Mapping, at: datetime) -> Iterator[Event]:
        number = _number(row["customer"].get("phone", ""))
        filings_of = [key for key, customer in self.customers.items() if customer == number]
        merged = next((key for key in self._same_as(number)), None)
        customer = self.customers[merged] if merged else number
        yield Dealt(
            at=at,
            deal=row["order"],
            customer=customer,
            project=(customer, row.get("project", "P1")),
            closer=row["closer"],
            closer_region=self._region_of(row["closer"]),
            region=row["customer"].get("region"),
            is_cross_approved=row.get("cross_region_approved", False),
            keeper=self.case.get("existing_customer_owner"),
            is_doubted=bool(self.same) or self._is_suspected(row["customer"], filings_of),
        )

    def _same_as(self, number: str) -> Iterator[str]:
        """Filings that were made with this number and found to be somebody else's customer."""
        for event in self.case["events"]:
            if event["type"] == "file" and _number(event["customer"].get("phone", "")) == number:
                yield event["filing"]

    def _is_suspected(self, customer: Mapping, own: list[str]) -> bool:
        """Another customer's filing has an address that may be the same home (FIL-32)."""
        home = parse_address(customer.get("address", ""))
        typed = getattr(self, "_typed", {})
        return any(
            home.may_be(parse_address(other.get("address", "")))
            for filing, other in typed.items()
            if filing not in own
        )

    def _refund(self, row: Mapping, at: datetime) -> Iterator[Event]:
        yield happened.Undone(at=at, deal=row["order"])

    def _identity_finding(self, row: Mapping, at: datetime) -> Iterator[Event]:
        yield from ()


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _number(text: str) -> str:
    """The normal form of a number, so that spellings are one customer (FIL-31)."""
    try:
        return normalise(text).e164
    except PhoneRefused:
        return text.strip()


def _missing(customer: Mapping) -> frozenset[Element]:
    """Elements that are given and empty, and an address without a door (FIL-08)."""
    missing = {
        element
        for element in (Element.NAME, Element.PHONE, Element.ADDRESS)
        if not str(customer.get(element.value, "")).strip()
    }
    if Element.ADDRESS not in missing:
        address = parse_address(customer["address"])
        if not (address.is_door_level or address.is_bare_house):
            missing.add(Element.ADDRESS)
    return frozenset(missing)
