"""Files of worked cases: a dispute as data, turned into the events of the rules, and decided.

The format is that of `docs/cases.md`; nothing here asks a database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.addresses import parse as parse_address
from core.calendars import BusinessCalendar
from core.phones import PhoneRefused, normalise
from filings.casefiles.rows import ZONE, CaseNotRead, Row
from filings.rules import Book, Clock, Decision, Reason, Terms, decide
from filings.rules import events as happened
from filings.rules import filing as filing_rules
from filings.rules.deciding import CLAUSES, status_text
from filings.rules.events import Before, Dealt, Event, Filed, Slots
from filings.states import Channel, Element, Invalid, RequestKind, Verdict

CHANNEL_OF_DEPT = {"store": Channel.STORE, "biz": Channel.FIELD, "ops": Channel.STORE}
# Ways of reaching somebody, and whether they count as follow-up (FIL-29).
IS_EFFECTIVE = {
    "call_connected": True, "wechat_reply": True, "visit": True, "store_visit": True,
    "call_unanswered": False, "sms_bulk": False, "edit": False,
}  # fmt: skip
FIRST_PROJECT = "P1"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What the rules say of one case: of the deposit that it asks about, and of each filing."""

    case: str
    decision: Decision
    statuses: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class NotDecided:
    """A case that could not be read, and why."""

    case: str
    refusal: CaseNotRead


class CaseFile:
    """The cases of one file, each decided by the same terms. Raises CaseNotRead."""

    def __init__(self, data: object, *, terms: Terms) -> None:
        whole = Row(data, place="")
        self.cast = {name: whole.row("cast").row(name) for name in whole.row("cast").names()}
        self.cases = whole.items("cases")
        self.terms = terms
        self.clock = Clock(zone=ZONE, calendar=BusinessCalendar())

    def decide_each(self) -> Iterator[Decided | NotDecided]:
        """Each case in turn; one that cannot be read stops none of the others."""
        for index, case in enumerate(self.cases, start=1):
            name = f"no. {index}"
            try:
                row = Row(case, place=name)
                name = row.text("id")
                yield Case(row.at(name), of=self).decide()
            except CaseNotRead as refusal:
                yield NotDecided(case=name, refusal=refusal)


class Case:
    """One case: its events in the words of the rules."""

    def __init__(self, case: Row, *, of: CaseFile) -> None:
        self.case, self.file = case, of
        self.rows = sorted(case.rows("events"), key=lambda row: row.moment("at"))
        self.projects = case.row("projects", or_none=True)
        self.filed = {row.text("filing"): row for row in self._of_type("file")}
        if len(self.filed) != sum(1 for _row in self._of_type("file")):
            raise case.refusal("filing_twice")
        self.typed: dict[str, dict] = {}
        self.homes: dict[str, str] = {}
        self.orders: set[str] = set()
        self.numbers = {filing: self._number_of(filing) for filing in self.filed}
        self.one_of, self.merged = self._identities()

    def _of_type(self, kind: str) -> Iterator[Row]:
        return (row for row in self.rows if row.text("type") == kind)

    def _number_of(self, filing: str) -> str:
        """The number under which a filing came in; one without any is a customer of its own."""
        completed = [row for row in self._of_type("complete") if row.text("filing") == filing]
        for row in (self.filed[filing], *completed):
            if typed := row.row("customer").maybe_text("phone"):
                return _number(typed)
        return filing

    def _identities(self) -> tuple[dict[str, str], set[str]]:
        """By which name each number goes, and the names of those whom operations found to be one.

        Whoever is found to be the same keeps the number of the filing that came in first.
        """
        one_of = {number: number for number in self.numbers.values()}
        merged = set()
        for pair in self.case.row("identity", or_none=True).items("confirmed_same", or_none=True):
            names = pair if isinstance(pair, list) else []
            if unknown := [name for name in names if name not in self.filed]:
                raise self.case.refusal("filing_unknown", filing=unknown[0])
            found = {one_of[self.numbers[name]] for name in names}
            first = next((number for number in one_of.values() if number in found), "")
            one_of |= {number: first for number, name in one_of.items() if name in found}
            merged.add(first)
        return one_of, merged

    def decide(self) -> Decided:
        """What the rules say of the deposit that the case asks about."""
        asked = self.case.maybe_text("decide_order") or "O1"
        book = Book(before=self._before())
        found: dict[str, Decided] = {}
        for event in self._events():
            if isinstance(event, Dealt):
                found[event.deal] = self._settled(book, event, found)
            else:
                book.enter(event)
        if asked not in found:
            raise self.case.refusal("deposit_missing", order=asked)
        return self._with_later(book, found[asked])

    def _with_later(self, book: Book, found: Decided) -> Decided:
        """With what became of filings that came after the deposit (FIL-07)."""
        later = [
            Reason(clause=clause, code="after_deal", tone="failed", at=one.filed_at, filing=key)
            for key, one in book.filings.items()
            if key not in found.decision.statuses and one.invalid == Invalid.AFTER_DEAL
            for clause in CLAUSES[Invalid.AFTER_DEAL]
        ]
        reasons = (*found.decision.reasons, *later)
        return replace(found, decision=replace(found.decision, reasons=reasons))

    def _settled(self, book: Book, dealt: Dealt, found: Mapping[str, Decided]) -> Decided:
        """One deposit decided and entered; a further one of a project goes where the first did."""
        dealt = replace(dealt, is_doubted=self._is_doubted(book, dealt))
        decision, first = decide(book, dealt), book.deal_on(dealt.project)
        if first is not None:
            decision = _as_before(decision, found[first.deal].decision, at=first.at)
        statuses = {filing: self._status_of(book, filing, dealt) for filing in self.filed}
        statuses |= decision.statuses
        book.enter(dealt)
        book.enter(happened.Credited(at=dealt.at, deal=dealt.deal, filing=decision.filing))
        return Decided(case=self.case.text("id"), decision=decision, statuses=statuses)

    def _status_of(self, book: Book, filing: str, dealt: Dealt) -> str:
        """What a filing of whomever is just before a deposit."""
        if filing in book.drafts:
            return status_text(Invalid.INCOMPLETE)
        state = book.filings.get(filing)
        if state is None:
            return status_text(Invalid.AFTER_DEAL)
        return status_text(filing_rules.status(state, dealt.at))

    def _is_doubted(self, book: Book, dealt: Dealt) -> bool:
        """Identity rests on more than a number: operations found two to be one, or somebody else's
        filing protects another customer at what may be the same home (FIL-32).
        """
        if dealt.customer in self.merged:
            return True
        home = parse_address(self.homes[dealt.deal])
        return any(
            home.may_be(parse_address(str(self.typed[one.filing].get("address") or "")))
            for one in book.filings.values()
            if one.customer != dealt.customer
            and one.is_protected(dealt.at)
            and one.holder != dealt.closer
        )

    def _before(self) -> Before:
        """What is told of the month's quota before the first event."""
        prefill, slots = self.case.row("quota_prefill", or_none=True), {}
        for person in prefill.names():
            months = prefill.row(person)
            for month in months.names():
                known = months.row(month)
                slots[person, month] = Slots(
                    admitted=known.count("admitted"), deals=known.count("deals")
                )
        return Before(slots=slots)

    def _events(self) -> list[Event]:
        """The events in the order in which the system received them.

        Equal moments keep the order of the file, but a filing at a deposit's moment is after it
        (FIL-07, decision 3).
        """
        events = [event for row in self.rows for event in self._of(row)]
        deposits = {event.at for event in events if isinstance(event, Dealt)}
        return sorted(
            events, key=lambda event: (event.at, isinstance(event, Filed) and event.at in deposits)
        )

    def _of(self, row: Row) -> Iterator[Event]:
        kind = row.text("type")
        if kind not in HEARD:
            raise row.refusal("event_unknown", type=kind)
        yield from HEARD[kind](self, row)

    def _filing(self, row: Row) -> str:
        """The filing that a row names, which has come in by then."""
        name = row.text("filing")
        if name not in self.typed:
            raise row.refusal("filing_unknown", filing=name)
        return name

    def _customer(self, filing: str) -> str:
        return self.one_of[self.numbers[filing]]

    def _project(self, filing: str) -> tuple[str, str]:
        return self._customer(filing), self.projects.maybe_text(filing) or FIRST_PROJECT

    def _played(self, row: Row, key: str) -> Row:
        """Who somebody of the cast is."""
        name = row.text(key)
        if name not in self.file.cast:
            raise row.refusal("person_unknown", person=name)
        return self.file.cast[name]

    def _file(self, row: Row) -> Iterator[Event]:
        typed = row.row("customer")
        self.typed[row.text("filing")] = dict(typed.values)
        yield self._filed(row, row, dict(typed.values))

    def _complete(self, row: Row) -> Iterator[Event]:
        filing = self._filing(row)
        self.typed[filing] |= row.row("customer").values
        yield self._filed(self.filed[filing], row, dict(self.typed[filing]))

    def _filed(self, row: Row, told: Row, typed: Mapping) -> Filed:
        """A filing as it stands when `told` reaches the system."""
        filing, played = row.text("filing"), self._played(row, "actor")
        return Filed(
            at=told.moment("at"),
            filing=filing,
            customer=self._customer(filing),
            project=self._project(filing),
            filer=row.text("actor"),
            channel=CHANNEL_OF_DEPT.get(played.text("dept"), Channel.STORE),
            acquired_at=row.moment("acquired_at"),
            terms=self.file.terms,
            clock=self.file.clock,
            missing=_missing(typed),
            noted_at=row.moment("at"),
            filer_region=played.maybe_text("region") or None,
            region=str(typed.get("region") or "") or None,
            is_cross_approved=row.flag("cross_region_approved"),
            is_out_of_scope=row.flag("out_of_scope"),
        )

    def _followup(self, row: Row) -> Iterator[Event]:
        filing, channel = self._filing(row), row.text("channel")
        if channel not in IS_EFFECTIVE:
            raise row.refusal("channel_unknown", channel=channel)
        at = row.moment("at")
        yield happened.Contacted(
            at=at,
            contact=f"{filing} {at.isoformat()}",
            person=row.maybe_text("on_behalf_of") or row.text("actor"),
            customer=self._customer(filing),
            project=self._project(filing),
            occurred_at=row.moment("occurred_at") if row.maybe_text("occurred_at") else at,
            is_effective=IS_EFFECTIVE[channel] and row.flag("reached", default=True),
        )

    def _measure(self, row: Row) -> Iterator[Event]:
        filing, at = self._filing(row), row.moment("at")
        yield happened.Measured(
            at=at,
            contact=f"{filing} {at.isoformat()}",
            person=row.maybe_text("on_behalf_of") or row.text("actor"),
            customer=self._customer(filing),
            project=self._project(filing),
        )

    def _extension(self, row: Row) -> Iterator[Event]:
        """Asked, and decided later; a store filing has silence alone to be excused (FIL-18)."""
        filing, asked_at, clock = self._filing(row), row.moment("requested_at"), self.file.clock
        is_field = self._played(self.filed[filing], "actor").text("dept") == "biz"
        last = BusinessCalendar().add_working_days(
            clock.day(asked_at), self.file.terms.request_working_days
        )
        granted = row.choice("decision", ("approved", "refused")) == "approved"
        key = f"{filing} {asked_at.isoformat()}"
        yield happened.Asked(
            at=asked_at,
            request=key,
            filing=filing,
            kind=RequestKind.LIMIT if is_field else RequestKind.SILENCE,
            held_until=clock.end_of(last),
        )
        yield happened.Answered(
            at=max(row.moment("at"), asked_at),
            request=key,
            filing=filing,
            until=clock.end_of(row.day("until")) if granted else None,
        )

    def _review(self, row: Row) -> Iterator[Event]:
        filing = self._filing(row)
        if row.choice("decision", ("approved", "rejected")) == "rejected":
            yield happened.Rejected(at=row.moment("at"), filing=filing)

    def _release(self, row: Row) -> Iterator[Event]:
        yield happened.Released(at=row.moment("at"), filing=self._filing(row))

    def _deal_elsewhere(self, row: Row) -> Iterator[Event]:
        yield happened.SlotGained(
            at=row.moment("at"), person=row.text("actor"), clock=self.file.clock
        )

    def _deposit(self, row: Row) -> Iterator[Event]:
        order, closer, typed = row.text("order"), self._played(row, "closer"), row.row("customer")
        if order in self.orders:
            raise row.refusal("order_twice", order=order)
        self.orders.add(order)
        self.homes[order] = typed.maybe_text("address")
        number = _number(typed.maybe_text("phone"))
        customer = self.one_of.get(number, number)
        yield Dealt(
            at=row.moment("at"),
            deal=order,
            customer=customer,
            project=(customer, row.maybe_text("project") or FIRST_PROJECT),
            closer=row.text("closer"),
            closer_region=closer.maybe_text("region") or None,
            region=typed.maybe_text("region") or None,
            is_cross_approved=row.flag("cross_region_approved"),
            keeper=self.case.maybe_text("existing_customer_owner") or None,
        )

    def _refund(self, row: Row) -> Iterator[Event]:
        order = row.text("order")
        if order not in self.orders:
            raise row.refusal("deposit_missing", order=order)
        yield happened.Undone(at=row.moment("at"), deal=order)

    def _identity_finding(self, row: Row) -> Iterator[Event]:
        """What is found stands in `identity`; the row only says when."""
        row.moment("at")
        yield from ()


HEARD = {
    "file": Case._file, "complete": Case._complete, "followup": Case._followup,
    "measure": Case._measure, "extension": Case._extension, "review": Case._review,
    "release": Case._release, "deal_elsewhere": Case._deal_elsewhere,
    "deposit": Case._deposit, "refund": Case._refund,
    "identity_finding": Case._identity_finding,
}  # fmt: skip


def _as_before(decision: Decision, first: Decision, *, at: datetime) -> Decision:
    """A further deposit of a project is credited as its first one was (FIL-21)."""
    reason = Reason(
        clause="FIL-21", code="further_deposit", tone="decides", at=at, filing=first.filing
    )
    return replace(
        decision,
        owner=first.owner,
        filing=first.filing,
        verdict=Verdict.AUTO,
        reasons=(reason,),
        doubts=(),
    )


def _number(text: str) -> str:
    """The normal form of a number, so that spellings are one customer (FIL-31)."""
    try:
        return normalise(text).e164
    except PhoneRefused:
        return text.strip()


def _missing(typed: Mapping) -> frozenset[Element]:
    """Elements that are given and empty, and an address without a door (FIL-08)."""
    told = (Element.NAME, Element.PHONE, Element.ADDRESS, Element.NEED, Element.EXPECTED)
    assumed = {Element.NEED: "-", Element.EXPECTED: "-"}
    missing = {
        element
        for element in told
        if not str(typed.get(element.value, assumed.get(element, "")) or "").strip()
    }
    if Element.ADDRESS not in missing:
        address = parse_address(str(typed["address"]))
        if not (address.is_door_level or address.is_bare_house):
            missing.add(Element.ADDRESS)
    return frozenset(missing)
