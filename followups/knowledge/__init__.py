"""The scripts and training pages that ship, one Markdown file each (KNW, FUP-31).

A file begins with its head between two lines `---` (kind, position, situation, clauses, steps,
titles), then the Chinese text, a line `---`, the English text. A page ships once, by migration;
from then on it belongs to the people who edit it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
RULE = "---"


@dataclass(frozen=True, kw_only=True)
class ShippedArticle:
    """One page as it ships; `steps` are the codes of the steps beside which it stands."""

    code: str
    kind: str
    position: int
    situation: str
    clauses: list[str]
    steps: list[str]
    title_en: str
    title_zh: str
    body_en: str
    body_zh: str


def shipped() -> list[ShippedArticle]:
    """All pages that ship, in the order in which they are listed."""
    found = [read_article(path.stem, path.read_text()) for path in FOLDER.glob("*.md")]
    return sorted(found, key=lambda article: article.position)


def read_article(code: str, text: str) -> ShippedArticle:
    """The page of a file. Raises ValueError where a part is missing."""
    _before, head, chinese, english = _parts(text)
    said = dict(_fields(head))
    return ShippedArticle(
        code=code,
        kind=said["kind"],
        position=int(said["position"]),
        situation=said.get("situation", ""),
        clauses=_words(said.get("clauses", "")),
        steps=_words(said.get("steps", "")),
        title_en=said["title_en"],
        title_zh=said["title_zh"],
        body_en=english,
        body_zh=chinese,
    )


def _parts(text: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line == RULE:
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) != 4:
        raise ValueError("a page has a head, a Chinese and an English text")
    return ["\n".join(lines).strip() for lines in parts]


def _fields(head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        name, _colon, value = line.partition(":")
        yield name.strip(), value.strip()


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]
