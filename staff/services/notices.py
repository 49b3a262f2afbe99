"""Telling people something in the app: a row for each person and thing, worded when it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from staff.models import Notice, NoticeSettings, Person
from staff.states import NoticeKind


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one person is to be told: `key` is the thing, of which they hear once.

    `params` fill the sentence (`staff.told.sentence`): ids, names of staff and stores, days and
    counts, never a number or a customer's text. `path` is the page it is about.
    """

    person_id: int
    kind: NoticeKind
    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    path: str = ""


def tell(
    *,
    person: Person,
    kind: NoticeKind,
    key: str,
    params: Mapping[str, object] | None = None,
    path: str = "",
    now: datetime,
) -> bool:
    """Tell one person one thing; told already, or of a kind they have muted, nothing happens.

    Answers whether there was anybody to tell.
    """
    telling = Telling(person_id=person.pk, kind=kind, key=key, params=params or {}, path=path)
    return tell_many([telling], now=now) == 1


def tell_many(tellings: Iterable[Telling], *, now: datetime) -> int:
    """Tell many people in two statements, and answer with how many of these are not muted.

    Safe to repeat: of the same person and key the first row stands.
    """
    wanted = list(tellings)
    muted = _muted({telling.person_id for telling in wanted})
    heard = [t for t in wanted if t.kind not in muted.get(t.person_id, ())]
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=telling.person_id,
                kind=telling.kind,
                key=telling.key,
                params=dict(telling.params),
                path=telling.path,
                made_at=now,
            )
            for telling in heard
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )
    return len(heard)


def _muted(people: set[int]) -> dict[int, list[str]]:
    settings = NoticeSettings.objects.filter(person__in=people).exclude(muted=[])
    return dict(settings.values_list("person", "muted"))
