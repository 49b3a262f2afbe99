"""The Chinese catalogue: what the code says, what is translated, what is compiled.

Works with Babel alone, so that a fresh machine needs no GNU gettext. Babel is a package for
development: production reads the compiled catalogue that is committed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import template as django_template

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
ROOMS = (
    "core", "staff", "stock", "customers", "filings", "followups", "orders", "reports", "desk",
    "crm",
)  # fmt: skip
WRITTEN_ON = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {
    "_": None,
    "_p": ((1, "c"), 2),
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# What Django makes of a template: calls among filler that is no Python.
TEMPLATE_CALL = re.compile(
    r"""\b(_|n?p?gettext)\(((?:\s*u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*,?)+)"""
)
WITHIN_STRING = re.compile(r"\{(_|n?p?gettext)\(")
RENAMED = re.compile(r"import (?:\w+, )*(n?p?gettext\w*) as (\w+)")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")


@dataclass(frozen=True, order=True)
class Spoken:
    """One text of the code: singular, plural ('' for none) and context ('' for none)."""

    singular: str
    plural: str = ""
    context: str = ""


def _spoken(function: str, said: str | tuple[str | None, ...] | None) -> Spoken | None:
    """The text of one call of a translating function; None where it is worked out at run time."""
    texts = [text or "" for text in (said if isinstance(said, tuple) else (said,))]
    if not texts[0]:
        return None
    context = texts.pop(0) if "pgettext" in function else ""
    plural = texts[1] if function.startswith("n") else ""
    return Spoken(texts[0], plural, context)


def _of_source(source: str) -> Iterator[Spoken]:
    if "gettext" not in source:  # nothing is imported by which a text could be said
        return
    yield from _within_strings(source)
    found: Any = extract_python(BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"})
    for _line, function, texts, _comments in found:
        spoken = _spoken(function or "", texts)
        if spoken is not None:
            yield spoken


def _within_strings(source: str) -> Iterator[Spoken]:
    """What is said inside of f-strings, into which Babel does not look."""
    if not WITHIN_STRING.search(source):
        return
    strings = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr))
    calls = (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call))
    for call in calls:
        function = call.func.id if isinstance(call.func, ast.Name) else ""
        texts = tuple(str(each.value) for each in call.args if isinstance(each, ast.Constant))
        spoken = _spoken(function, texts) if function in KEYWORDS and texts else None
        if spoken is not None:
            yield spoken


def _of_template(source: str) -> Iterator[Spoken]:
    for call in TEMPLATE_CALL.finditer(django_template.templatize(source)):
        texts = ast.literal_eval(f"({call[2].rstrip().rstrip(',')},)")
        spoken = _spoken(call[1], texts)
        if spoken is not None:
            yield spoken


def spoken_texts() -> set[Spoken]:
    """Every text that the code and the templates say."""
    root = Path(settings.BASE_DIR)
    texts: set[Spoken] = set()
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            if "migrations" not in path.parts:
                texts.update(_of_source(path.read_text()))
    for path in (root / "templates").rglob("*.*"):
        texts.update(_of_template(path.read_text()))
    return texts


def unread_names(source: str) -> list[str]:
    """Names under which this source translates, and whose texts would not be found."""
    return sorted({name for _function, name in RENAMED.findall(source) if name not in KEYWORDS})


def _deaf_modules() -> Iterator[str]:
    root = Path(settings.BASE_DIR)
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*.py")):
        for name in unread_names(path.read_text()):
            yield f"texts in {name}() are not found: {path.relative_to(root)}"


def read_catalogue() -> Catalog:
    """The committed catalogue."""
    path = Path(settings.BASE_DIR) / CATALOGUE
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _key(message: Message) -> Spoken:
    singular, plural = message.id if isinstance(message.id, tuple) else (message.id, "")
    return Spoken(str(singular), str(plural), message.context or "")


def _entries(catalogue: Catalog) -> dict[Spoken, Message]:
    return {_key(message): message for message in catalogue if message.id}


def _said(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return [str(text) for text in strings if text]


def _names_other_parameters(spoken: Spoken, message: Message) -> bool:
    """The translation says a parameter that the source does not, or leaves one out."""
    said = [set(PLACEHOLDER.findall(text)) for text in _said(message)]
    allowed = {
        frozenset(PLACEHOLDER.findall(text)) for text in (spoken.singular, spoken.plural) if text
    }
    return any(parameters not in allowed for parameters in said)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def complaints() -> list[str]:
    """What is wrong with the catalogue, a line each; none when it is complete and compiled."""
    texts, catalogue = spoken_texts(), read_catalogue()
    entries = _entries(catalogue)
    wrong = list(_deaf_modules())
    wrong += [f"not translated: {text.singular!r}" for text in sorted(texts - set(entries))]
    wrong += [f"no longer said: {text.singular!r}" for text in sorted(set(entries) - texts)]
    for text in sorted(set(entries) & texts):
        if not _said(entries[text]) or entries[text].fuzzy:
            wrong.append(f"not translated: {text.singular!r}")
        elif _names_other_parameters(text, entries[text]):
            wrong.append(f"other parameters: {text.singular!r}")
    binary = (Path(settings.BASE_DIR) / CATALOGUE).with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(catalogue):
        wrong.append("not compiled: run `manage.py translations`")
    return wrong


def bring_in_line() -> list[str]:
    """Add what is newly said, drop what is no longer, compile; returns what lacks a translation."""
    texts, old = spoken_texts(), _entries(read_catalogue())
    fresh = Catalog(locale="zh_Hans", project="Genjin", charset="utf-8", fuzzy=False)
    for text in sorted(texts):
        known = old.get(text)
        fresh.add(
            (text.singular, text.plural) if text.plural else text.singular,
            string=known.string if known is not None else None,
            context=text.context or None,
        )
    path = Path(settings.BASE_DIR) / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    # Babel would stamp the time of writing; the catalogue is to change only when a text does.
    fresh.creation_date = fresh.revision_date = WRITTEN_ON
    with path.open("wb") as file:
        write_po(file, fresh, width=100, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(read_catalogue()))
    return [text.singular for text, entry in _entries(fresh).items() if not _said(entry)]
