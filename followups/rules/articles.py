"""Pages of knowledge and scripts: their placeholders, what a change did, what a search found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from core.rules import Blocker
from customers.states import Grade
from followups.states import ArticleKind, Situation

SLOTS = ("name", "title", "product", "person", "store")
LONGEST_TITLE = 120
LONGEST_BODY = 20_000

_SLOT = re.compile(r"\{(\w*)\}( ?)")
_CLAUSE = re.compile(r"[A-Z]{3}-\d{2}")
# Chinese is compared sign by sign, other scripts word by word.
_PIECES = re.compile(r"[A-Za-z0-9']+|\s+|.")
# Longer lines are compared as a whole; between them and 200, what stands everywhere (的, commas)
# anchors nothing, or two hostile lines would take half a minute.
MOST_PIECES = 1000


@dataclass(frozen=True, kw_only=True)
class ArticleTerms:
    """A page as its editor wants it."""

    kind: str
    situation: str
    clauses: tuple[str, ...]
    title_en: str
    title_zh: str
    body_en: str
    body_zh: str

    def words(self) -> dict[str, str]:
        """What a version keeps: the titles and texts."""
        return {
            "title_en": self.title_en,
            "title_zh": self.title_zh,
            "body_en": self.body_en,
            "body_zh": self.body_zh,
        }

    def values(self) -> dict[str, object]:
        """All columns that an editor sets."""
        placed = {"kind": self.kind, "situation": self.situation, "clauses": list(self.clauses)}
        return {**self.words(), **placed}


def article_blockers(*, terms: ArticleTerms, holds_number: bool) -> list[Blocker]:
    """Everything that stops a page from being kept: it is read by all, in both languages."""
    found = []
    if not all(terms.words().values()):
        found.append(Blocker("words_missing", {}))
    if holds_number:
        found.append(Blocker("number_in_text", {}))
    if terms.situation and terms.kind != ArticleKind.SCRIPT:
        found.append(Blocker("situation_is_a_scripts", {}))
    unknown = [name for text in terms.words().values() for name in slots_in(text)]
    unknown = [name for name in unknown if name not in SLOTS]
    if unknown:
        found.append(Blocker("unknown_slot", {"slot": f"{{{unknown[0]}}}"}))
    if any(not _CLAUSE.fullmatch(clause) for clause in terms.clauses):
        found.append(Blocker("clause_is_no_clause", {}))
    return found


def slots_in(text: str) -> list[str]:
    """The names of the placeholders in `text`, known or not."""
    return [match[1] for match in _SLOT.finditer(text)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with each known placeholder replaced; an empty one takes its blank along."""

    def replace(match: re.Match[str]) -> str:
        name, blank = match[1], match[2]
        if name not in values:
            return match[0]
        return values[name] + blank if values[name] else ""

    return _SLOT.sub(replace, text)


def situation_at_hand(*, is_first: bool, grade: str) -> Situation:
    """Which script stands beside the form where the task's step names none (FUP-31)."""
    if is_first:
        return Situation.FIRST_CONTACT
    return Situation.PROPOSAL if grade == Grade.B1 else Situation.NEXT_STEP


def searchable(*, words: Mapping[str, str], clauses: Sequence[str]) -> str:
    """What a search looks through: both languages, and the clauses."""
    return "\n".join([*words.values(), " ".join(clauses)]).lower()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of text: `mark` is "" where nothing happened, "gone", "new" or "hit"."""

    text: str
    mark: str = ""


def differences(*, before: str, after: str) -> list[list[Piece]]:
    """What became of `before`, line by line; within a changed line, piece by piece."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[list[Piece]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            lines += [[Piece(text=line)] for line in old[a1:a2]]
            continue
        pairs = zip_longest(old[a1:a2], new[b1:b2], fillvalue="")
        lines += [_changed(line, other) for line, other in pairs]
    return lines


def _changed(before: str, after: str) -> list[Piece]:
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if not old or not new or max(len(old), len(new)) > MOST_PIECES:
        return [*_piece(before, "gone"), *_piece(after, "new")]
    found: list[Piece] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            found += _piece("".join(old[a1:a2]), "")
        else:
            found += _piece("".join(old[a1:a2]), "gone") + _piece("".join(new[b1:b2]), "new")
    return found


def _piece(text: str, mark: str) -> list[Piece]:
    return [Piece(text=text, mark=mark)] if text else []


def marked(text: str, sought: Sequence[str]) -> list[Piece]:
    """`text` with what was sought marked as a hit, whatever its case."""
    if not any(sought):
        return _piece(text, "")
    finder = re.compile("|".join(re.escape(word) for word in sought if word), re.IGNORECASE)
    found, done = [], 0
    for match in finder.finditer(text):
        found += _piece(text[done : match.start()], "") + _piece(match[0], "hit")
        done = match.end()
    return found + _piece(text[done:], "")


def excerpt(
    text: str, sought: Sequence[str], *, around: int = 28, slots: Mapping[str, str] | None = None
) -> list[Piece]:
    """The first line of `text` that holds something sought, cut to what stands around it; a
    placeholder is the word that `slots` has for it.
    """
    for line in _plain_lines(text, slots or {}):
        place = min((at for word in sought if (at := line.lower().find(word)) >= 0), default=-1)
        if place < 0:
            continue
        begin, end = max(0, place - around), place + 3 * around
        cut = ("…" if begin else "") + line[begin:end] + ("…" if end < len(line) else "")
        return marked(cut, sought)
    return []


def _plain_lines(text: str, slots: Mapping[str, str]) -> Iterator[str]:
    """The lines without the signs that lay them out, and with a word for each placeholder."""
    for line in text.splitlines():
        said = filled(line, slots)
        plain = re.sub(r"^(#+|[-*>]|\d+\.)\s+|\*\*|\|", "", said).strip()
        if plain and not re.fullmatch(r"[-\s|]+", plain):
            yield plain
