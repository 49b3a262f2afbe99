"""Reading the rows of a file of cases: what is missing or odd is said in words, and where."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.rules import Blocker

ZONE = ZoneInfo("Asia/Shanghai")


class CaseNotRead(Refused):
    """A file of cases, or one case of it, cannot be read."""

    messages = {
        "not_an_object": _("%(place)s: this is not an object with keys."),
        "not_a_list": _("%(place)s: “%(key)s” is not a list."),
        "key_missing": _("%(place)s: “%(key)s” is missing."),
        "not_text": _("%(place)s: “%(key)s” is not text."),
        "not_a_count": _("%(place)s: “%(key)s” is not a whole number of at least 0."),
        "not_yes_or_no": _("%(place)s: “%(key)s” is neither true nor false."),
        "bad_moment": _(
            "%(place)s: “%(key)s” is “%(text)s”, which is no time. Write 2026-03-02T10:05:00+08:00."
        ),
        "bad_day": _("%(place)s: “%(key)s” is “%(text)s”, which is no day. Write 2026-03-31."),
        "not_of_these": _("%(place)s: “%(key)s” is “%(text)s”; it is one of %(these)s."),
        "event_unknown": _("%(place)s: an event of the type “%(type)s” is not known."),
        "channel_unknown": _("%(place)s: a contact by “%(channel)s” is not known."),
        "filing_unknown": _("%(place)s: the filing %(filing)s has not come in by then."),
        "filing_twice": _("%(place)s: two filings have one name."),
        "person_unknown": _("%(place)s: %(person)s is not in the cast."),
        "order_twice": _("%(place)s: the order %(order)s takes two deposits."),
        "deposit_missing": _("%(place)s: there is no deposit of the order %(order)s."),
    }


class Row:
    """One object of the file. `place` is the words in which it is found: the case, the event."""

    def __init__(self, values: object, *, place: str) -> None:
        self.place = place
        if not isinstance(values, Mapping):
            raise self.refusal("not_an_object")
        self.values: Mapping[str, Any] = values

    def refusal(self, code: str, **params: object) -> CaseNotRead:
        return CaseNotRead(Blocker(code, {"place": self.place or "–", **params}))

    def at(self, place: str) -> "Row":
        """The same row, found by another name."""
        return Row(self.values, place=place)

    def names(self) -> list[str]:
        return list(self.values)

    def maybe_text(self, key: str) -> str:
        """The text of a key, "" where there is none."""
        found = self.values.get(key)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise self.refusal("not_text", key=key)
        return found.strip()

    def text(self, key: str) -> str:
        """The text of a key that is needed."""
        if not (found := self.maybe_text(key)):
            raise self.refusal("key_missing", key=key)
        return found

    def flag(self, key: str, *, default: bool = False) -> bool:
        found = self.values.get(key, default)
        if not isinstance(found, bool):
            raise self.refusal("not_yes_or_no", key=key)
        return found

    def count(self, key: str) -> int:
        found = self.values.get(key, 0)
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise self.refusal("not_a_count", key=key)
        return found

    def choice(self, key: str, these: Iterable[str]) -> str:
        found = self.text(key)
        if found not in these:
            raise self.refusal("not_of_these", key=key, text=found, these=", ".join(these))
        return found

    def moment(self, key: str) -> datetime:
        """A moment; without a zone it is China's."""
        text = self.text(key)
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise self.refusal("bad_moment", key=key, text=text[:40]) from error
        return at if at.tzinfo else at.replace(tzinfo=ZONE)

    def day(self, key: str) -> date:
        text = self.text(key)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.refusal("bad_day", key=key, text=text[:40]) from error

    def row(self, key: str, *, or_none: bool = False) -> "Row":
        """The object of a key; `or_none`: an empty one where there is none."""
        if key not in self.values and not or_none:
            raise self.refusal("key_missing", key=key)
        return Row(self.values.get(key, {}), place=self.place)

    def items(self, key: str, *, or_none: bool = False) -> list[Any]:
        """The list of a key."""
        if key not in self.values and not or_none:
            raise self.refusal("key_missing", key=key)
        found = self.values.get(key, [])
        if not isinstance(found, list):
            raise self.refusal("not_a_list", key=key)
        return found

    def rows(self, key: str) -> list["Row"]:
        """The objects of a list, each found by its number."""
        return [
            Row(each, place=f"{self.place}, {key}[{index}]")
            for index, each in enumerate(self.items(key))
        ]
