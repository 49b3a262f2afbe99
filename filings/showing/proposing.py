"""What the rules propose in a dispute, finding by finding, and which clauses carry it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from filings.queries.bench import Case
from filings.queries.proposals import Proposed
from filings.rules import Reason
from filings.rules.events import Key
from filings.states import CLAUSES_OF_FINDINGS, Finding
from filings.wording import clause_title, each_once, sentence

NameOf = Callable[[Key], str]

MARKS = {"passed": "check", "decides": "check", "noted": "alert-triangle", "failed": "x"}
# What holds for every case stands folded under the clauses that found something.
GENERAL = frozenset({"deal_moment", "same_number", "counted_days", "later_is_void"})
ORDER = ("failed", "noted", "passed", "decides")


@dataclass(kw_only=True)
class ClauseRow:
    """One clause with what it found of the sides."""

    clause: str
    title: str
    tone: str
    is_general: bool = True
    finding: str = ""
    texts: list[str] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return MARKS[self.tone]


def clause_rows(
    reasons: Iterable[Reason | Mapping], *, name_of: NameOf, letter: Callable[[Key], str]
) -> list[ClauseRow]:
    """The clauses that apply, each once, with the worst that it found."""
    rows: dict[str, ClauseRow] = {}
    found: dict[str, dict[str, list[str]]] = {}
    for reason in reasons:
        said = reason if isinstance(reason, Mapping) else {
            "clause": reason.clause, "tone": reason.tone, "filing": reason.filing,
            "code": reason.code,
        }  # fmt: skip
        clause, tone = str(said["clause"]), str(said["tone"])
        row = rows.setdefault(
            clause, ClauseRow(clause=clause, title=clause_title(clause), tone=tone)
        )
        if ORDER.index(tone) < ORDER.index(row.tone):
            row.tone = tone
        text = sentence(reason, name_of=name_of)
        if text not in row.texts:
            row.texts.append(text)
        who = letter(said["filing"]) if said["filing"] is not None else ""
        sides = found.setdefault(clause, {}).setdefault(tone, [])
        if who and who not in sides:
            sides.append(who)
        code = str(said["code"])
        row.is_general &= tone == "noted" and code in GENERAL
    for clause, row in rows.items():
        row.finding = _finding(row.tone, found[clause].get(row.tone, []))
    return sorted(rows.values(), key=lambda row: -ORDER.index(row.tone) if row.tone else 0)


def _finding(tone: str, sides: list[str]) -> str:
    who = "".join(sides)
    words = {
        "passed": _("%(who)s passed"), "decides": _("%(who)s decides"),
        "noted": _("%(who)s noted"), "failed": _("%(who)s failed"),
    }  # fmt: skip
    return (words[tone] % {"who": who}).strip()


# A finding answers these questions: the proposal for it does not ask them again.
ANSWERED = frozenset({"doubt_same_person", "doubt_new_project"})
LATE = Reason(clause="FIL-30", code="late_entry", tone="noted")
# These speak for no side.
OPEN_TO_BOTH = ("found_", "doubt_", "late_")


def with_late_entries(proposed: Proposed, case: Case) -> Proposed:
    """What was entered too late is named also where its side protected nobody any more (FIL-30)."""
    is_late = any(
        each.kind == "late" and each.at <= case.until
        for lane in case.lanes
        for each in lane.happenings
    )
    if not is_late or any(each.code == LATE.code for each in proposed.reasons):
        return proposed
    return replace(proposed, reasons=[*proposed.reasons, LATE])


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What the rules say if this is found; `is_apart` where each filing counts for its own."""

    finding: str
    proposed: Proposed
    is_apart: bool = False

    @property
    def owner(self) -> Key | None:
        """Whom the rules name, where one has to be named."""
        return None if self.is_apart else self.proposed.owner

    @property
    def carrying(self) -> list[Reason]:
        """The reasons that carry it: what was found, what decides, what failed, what is open.

        That nobody sent in bulk carries nothing; a follow-up that was entered late does.
        """
        said = list(self.proposed.reasons)
        found = [
            Reason(clause=CLAUSES_OF_FINDINGS[Finding(each)], code=f"found_{each}", tone="decides")
            for each in [self.finding]
            if each
        ]
        late = [each for each in said if each.code == "late_entry"]
        if self.is_apart:
            return [*found, *late]
        decides = [each for each in said if each.tone == "decides"]
        failed = [each for each in said if each.tone == "failed" and each.code != "never_in_bulk"]
        doubts = [each for each in said if each.code.startswith("doubt_")]
        if self.finding:
            doubts = [each for each in doubts if each.code not in ANSWERED]
        return [*found, *(decides or self._held), *failed, *late, *doubts]

    @property
    def _held(self) -> list[Reason]:
        """Where nothing was to be decided between two: that the one filing protects."""
        return [
            each
            for each in self.proposed.reasons
            if each.code == "protected" and each.filing == self.proposed.filing
        ]

    def is_left_by(self, *, owner: Key | None, is_split: bool) -> bool:
        """Whether a decider who writes this goes another way than the rules."""
        return self.owner is not None and (is_split or owner not in (None, self.owner))

    def clauses(
        self, *, owner: Key | None, is_split: bool, holders: Mapping[Any, Any]
    ) -> list[str]:
        """The clauses that a decider will cite: those of the proposal's reasons.

        Where another is chosen, none that speaks for the side which loses by it, and the clause
        by which a person decides; `holders` says whose each filing is.
        """
        cited = [each.clause for each in self.carrying]
        if self.is_left_by(owner=owner, is_split=is_split):
            cited = [
                each.clause
                for each in self.carrying
                if each.code.startswith(OPEN_TO_BOTH)
                or (each.tone == "failed" and not is_split and holders.get(each.filing) != owner)
            ]
            cited.append("ADJ-02" if is_split else "ADJ-01")
        return list(dict.fromkeys(cited))


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the system proposes, in words; `on` is the finding on which it rests, or ""."""

    on: str
    title: str
    reasons: list[tuple[str, list[str]]]


def proposal_words(weighed: Weighed, *, owner: str, name_of: NameOf) -> Proposal:
    """The proposal and the reasons that carry it, each with its clauses."""
    said = each_once(weighed.carrying, name_of=name_of)
    if weighed.is_apart:
        title = _("Each filing counts for its own.")
    else:
        title = (
            _("To %(name)s") % {"name": owner} if owner else _("Nobody can be named by the rules")
        )
    on = str(Finding(weighed.finding).label) if weighed.finding else ""
    return Proposal(on=on, title=title, reasons=list(said.items()))
