"""Telling people something in the app: a row for each person and thing, worded when it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import transaction

from core.services import audit
from staff.models import Notice, NoticeSettings, Person
from staff.states import NoticeKind


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one person is to be told: `key` is the thing, of which they hear once.

    `params` fill the sentence (`staff.told.sentence`): ids, names of staff and stores, counts,
    days (`told.on_day`) and names in both languages (`told.in_both`), never a number or a
    customer's text. `path` is the page it is about.
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
    if not wanted:
        return 0
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


def read_notice(*, pk: int, by: Person, now: datetime) -> Notice | None:
    """The notice, read from now on; None where it is not this person's."""
    notice = Notice.objects.filter(pk=pk, person=by).first()
    if notice is not None:
        Notice.objects.filter(pk=pk, read_at=None).update(read_at=now)
    return notice


def read_all(*, up_to: int, by: Person, now: datetime) -> int:
    """Mark what stood on the page as read, up to this one: what came since is not."""
    unread = Notice.objects.filter(person=by, read_at=None, pk__lte=up_to)
    return unread.update(read_at=now)


@transaction.atomic
def choose_notices(
    *, told: Iterable[str], by_mail: bool, digest_at: time, by: Person, now: datetime
) -> None:
    """Keep what reaches a person, and whether by a mail a day and when."""
    muted = sorted(set(NoticeKind.values) - set(told))
    NoticeSettings.objects.update_or_create(
        person=by, defaults={"by_mail": by_mail, "digest_at": digest_at, "muted": muted}
    )
    audit.record(verb="choose_notices", of=by, by=by, muted=muted, by_mail=by_mail)
