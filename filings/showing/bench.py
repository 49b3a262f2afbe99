"""How the bench words what it shows: the queue, the lists of each side, clauses, rulings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.amounts import money_text
from core.phones import mask_in_text
from customers.queries import MaskedCustomer
from filings.models import Dispute, Evidence, Party, Ruling
from filings.queries.bench import Case, Happening, Lane, letter_of
from filings.showing.limits import silences
from filings.states import EvidenceRank, RulingKind
from filings.wording import moment_text, stretch_text
from staff.models import Person

# How urgent waiting is, in hours.
LATE, SOON = 48, 24


@dataclass(frozen=True, kw_only=True)
class Age:
    """How long something waits, as `components/time_left.html` draws it."""

    text: str
    tone: str


def age_of(since: datetime, *, now: datetime) -> Age:
    """5 days 23 h; red from two days on, amber from one."""
    hours = int((now - since).total_seconds() // 3600)
    tone = "late" if hours >= LATE else "soon" if hours >= SOON else "plain"
    days, hours = divmod(max(hours, 0), 24)
    said = [ngettext("%(count)s day", "%(count)s days", days) % {"count": days}] if days else []
    return Age(text=" ".join([*said, _("%(count)s h") % {"count": hours}]), tone=tone)


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """One dispute in the queue."""

    url: str
    name: str
    phone: str
    kind: str
    amount: str
    about: str
    age: Age
    is_current: bool


def queue_row(
    dispute: Dispute,
    parties: Iterable[Party],
    customer: MaskedCustomer,
    *,
    now: datetime,
    query: str,
    current: int | None,
) -> QueueRow:
    names = " / ".join(_with_place(party.person) for party in parties)
    url = reverse("filings:case", args=[dispute.pk])
    return QueueRow(
        url=f"{url}?{query}" if query else url,
        name=customer.shown_name,
        phone=customer.phone or "",
        kind=dispute.get_kind_display(),
        amount=amount_of(dispute),
        about=names,
        age=age_of(dispute.opened_at, now=now),
        is_current=dispute.pk == current,
    )


def _with_place(person: Person) -> str:
    place = person.store.name if person.store else ""
    return f"{person.name} ({place})" if place else person.name


def amount_of(dispute: Dispute) -> str:
    """The deposit at stake, or that there is none."""
    deal = dispute.deal
    if deal is None:
        return _("no deposit")
    return money_text(deal.amount) if deal.amount is not None else _("deposit")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a side's list."""

    kind: str
    when: str
    title: str
    note: str
    number: int | None = None


@dataclass(frozen=True, kw_only=True)
class SideList:
    """What one side did, in order."""

    letter: str
    name: str
    summary: str
    lines: list[Line]


def side_list(case: Case, lane: Lane, *, name: str) -> SideList:
    """A side's list with the gaps in it."""
    rows = [(each.at, _line(each, case)) for each in lane.happenings]
    for since, until, _state in silences(case, lane):
        title = _("%(time)s without a follow-up") % {"time": stretch_text(until - since)}
        gap = Line(kind="gap", when="", title=title, note="")
        rows.append((since + timedelta(microseconds=1), gap))
    counts = {kind: sum(each.kind == kind for each in lane.happenings)
              for kind in ("effective", "measured", "missed", "late")}  # fmt: skip
    reached = counts["effective"] + counts["measured"]
    parts = [_("%(count)s effective") % {"count": reached}]
    if counts["missed"]:
        parts.append(_("%(count)s not effective") % {"count": counts["missed"]})
    if counts["late"]:
        parts.append(_("%(count)s entered late") % {"count": counts["late"]})
    return SideList(
        letter=lane.letter,
        name=name,
        summary=" · ".join(parts),
        lines=[line for _at, line in sorted(rows, key=lambda row: row[0])],
    )


def _line(each: Happening, case: Case) -> Line:
    title, note = _words(each, case)
    return Line(
        kind=each.kind,
        when=moment_text(each.at, zone=case.zone),
        title=title,
        note=note,
        number=each.number,
    )


def _words(each: Happening, case: Case) -> tuple[str, str]:
    if each.filing is not None:
        took = stretch_text(each.at - each.filing.acquired_at)
        note = _("%(time)s after having the data") % {"time": took}
        if each.filing.invalid:
            return _("Filing refused"), each.filing.get_invalid_display()
        return _("Filed"), note
    if each.deal is not None:
        amount = money_text(each.deal.amount) if each.deal.amount is not None else ""
        title = _("Deposit returned") if each.kind == "undone" else _("Deposit taken")
        return title, f"{amount} {each.deal.order_no}".strip()
    contact = each.contact
    if contact is None:
        return "", ""
    said = f"{contact.get_channel_display()} · {contact.get_outcome_display()}"
    note = mask_in_text(contact.note)[:60]
    if each.kind == "late":
        claimed = moment_text(each.claimed_at or contact.occurred_at, zone=case.zone)
        return _("Entered late: %(what)s") % {"what": said}, _("said to be of %(at)s") % {
            "at": claimed
        }
    if each.kind == "missed":
        return said, pgettext("a contact", "does not count")
    return said, note


@dataclass(frozen=True, kw_only=True)
class EvidenceGroup:
    """Evidence of one rank (ADJ-05)."""

    title: str
    rows: list[dict[str, object]]


def evidence_groups(
    pieces: Iterable[Evidence], *, said_by: Callable[[Person], str], count: int
) -> list[EvidenceGroup]:
    """By rank, the strongest first; the system's own rows come of themselves."""
    first: list[dict[str, object]] = [
        {"text": ngettext("%(count)s row of the system", "%(count)s rows of the system", count)
         % {"count": count}, "by": _("system"), "url": "", "icon": "list-check"}
    ]  # fmt: skip
    groups = {EvidenceRank.RECORD: first}
    for rank in EvidenceRank:
        rows = [_piece(piece, said_by=said_by) for piece in pieces if piece.rank == rank]
        if rows:
            groups.setdefault(rank, []).extend(rows)
    return [EvidenceGroup(title=str(rank.label), rows=rows) for rank, rows in groups.items()]


def _piece(piece: Evidence, *, said_by: Callable[[Person], str]) -> dict[str, object]:
    at = piece.dated_at or piece.at
    url = reverse("filings:evidence_picture", args=[piece.pk]) if piece.attachment_id else ""
    return {
        "text": piece.text or _("Picture"),
        "by": f"{said_by(piece.by)} {moment_text(at)[:-3]}",
        "url": url,
        "icon": "photo" if piece.attachment_id else "message",
    }


class Names:
    """How a reader may call the sides: by name where they are within reach, else as a side.

    A decider reads all names; a party the own one, and those of people within reach (decision 4).
    """

    def __init__(self, parties: Iterable[Party], *, seen: set[int] | None) -> None:
        self.parties = list(parties)
        self.seen = seen

    def may_know(self, person: Person | int | None) -> bool:
        pk = person.pk if isinstance(person, Person) else person
        return self.seen is None or pk in self.seen

    def person(self, person: Person | None) -> str:
        """A name, or "the other side"."""
        if person is None:
            return ""
        return person.name if self.may_know(person) else _("the other side")

    def letter_of(self, person: int | None) -> str:
        for index, party in enumerate(self.parties):
            if party.person_id == person:
                return letter_of(index)
        return ""


def shares_of(ruling: Ruling, people: Mapping[int, str]) -> list[str]:
    """Each share with its person."""
    return [
        _("%(name)s %(percent)s%%")
        % {"name": people.get(share["person"], _("the other side")), "percent": share["percent"]}
        for share in ruling.shares
    ]


def verdict_words(ruling: Ruling, names: Names, people: Mapping[int, str]) -> str:
    """Whose it is by this ruling, in one sentence."""
    if ruling.shares:
        return _("The credit is shared: %(shares)s.") % {
            "shares": _(", ").join(shares_of(ruling, people))
        }
    if ruling.credited_to is None:
        if ruling.kind in ("dispute", "appeal"):
            return _("Each filing counts for its own.")
        if ruling.kind == RulingKind.REVERSAL:
            return _("Nobody has the credit: the deposit went back.")
        return _("A person has to decide.")
    name = names.person(ruling.credited_to)
    if ruling.deal_id is not None:
        return _("The credit is that of %(name)s.") % {"name": name}
    if any(reason["code"] == "deposit_returned" for reason in ruling.reasons):
        return _(
            "The lead is that of %(name)s. Nobody has the credit: the deposit went back."
        ) % {"name": name}  # fmt: skip
    return _("The lead is that of %(name)s.") % {"name": name}


def departure_words(ruling: Ruling, people: Mapping[int, str]) -> str:
    """That the decider went another way than the rules, or "" where they did not."""
    proposed = ruling.facts.get("proposed")
    is_person = ruling.kind in (RulingKind.DISPUTE, RulingKind.APPEAL)
    is_named = ruling.credited_to_id is not None or bool(ruling.shares)
    if not is_person or not is_named or proposed in (None, ruling.credited_to_id):
        return ""
    return _("By the rules it would be that of %(name)s; the decider has decided otherwise.") % {
        "name": people.get(int(proposed), _("the other side"))
    }


def date_line(at: datetime) -> str:
    """The day and the second, with the year: how a ruling is dated."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
