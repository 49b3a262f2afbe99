"""What holders hear of the clocks of their filings: one notice a person, kind and day (PUL-02)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from staff.models import Notice
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind
from staff.told import on_day

# What a warning says, and what many of them say: the parameters that choose the sentence.
WORDS = {
    "update": ("update", "updates"),
    "silence": ("silence", "silences"),
    "measure": ("measure", "measures"),
    "lapsed": ("lapsed", "lapses"),
    "void": ("void", "voids"),
}


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """A limit of a filing that is near, or has passed: `kind` is a word of `WORDS`, `on` the day
    at whose 24:00 it ends.
    """

    kind: str
    filing_id: int
    number: str
    person_id: int
    on: date


def tell_of_clocks(rows: Iterable[Ticked], *, now: datetime) -> None:
    """Tell each person of their limits, those of a kind and day together.

    What comes later of the same day is added to the same notice, which is unread again. The caller
    sweeps alone.
    """
    groups: dict[tuple[int, str], list[Ticked]] = {}
    for row in rows:
        key = f"filing_{row.kind}:{row.on.isoformat()}"
        groups.setdefault((row.person_id, key), []).append(row)
    told = {
        (notice.person_id, notice.key): notice
        for notice in Notice.objects.filter(
            person__in={person for person, _key in groups}, key__in={key for _person, key in groups}
        )
    }
    fresh, grown = [], []
    for (person, key), found in groups.items():
        notice = told.get((person, key))
        if notice is None:
            ids = sorted({row.filing_id for row in found})
            fresh.append(_telling(person, key, found[0], ids=ids))
            continue
        before = notice.params.get("filings", [])
        ids = sorted({*before, *(row.filing_id for row in found)})
        if ids != before:
            telling = _telling(person, key, found[0], ids=ids)
            notice.params, notice.path, notice.read_at = dict(telling.params), telling.path, None
            grown.append(notice)
    tell_many(fresh, now=now)
    Notice.objects.bulk_update(grown, ["params", "path", "read_at"])


def _telling(person: int, key: str, row: Ticked, *, ids: list[int]) -> Telling:
    """One filing by its number, leading to its page; several by how many they are."""
    one, many = WORDS[row.kind]
    said: Mapping[str, object] = {many: len(ids)} if len(ids) > 1 else {one: row.number}
    return Telling(
        person_id=person,
        kind=NoticeKind.FILING_CLOCK,
        key=key,
        params={**said, "until": on_day(row.on), "filings": ids},
        path=reverse("filings:mine") if len(ids) > 1 else reverse("filings:detail", args=ids),
    )
