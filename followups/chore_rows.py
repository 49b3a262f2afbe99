"""A chore as its row says it: what it is, about what, how much time is left, whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import moment_text
from core.phones.text import mask_in_text
from core.rules import TAKE_BACK_WITHIN
from core.time_left import TimeLeft, until_day
from followups.models import Chore
from followups.queries.chores import CountedChore, may_do
from followups.states import DONE_ON_ITS_PAGE
from staff.models import Person
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class ChoreRow:
    """One line of what there is to do in the house, or of what was done; `opens` where it is done
    on the page behind it.
    """

    pk: int
    what: str
    text: str
    path: str
    due: TimeLeft | None
    who: str
    done: str
    may_do: bool
    opens: bool
    may_undo: bool


@dataclass(frozen=True, kw_only=True)
class House:
    """What there is to do in the house, as far as it is shown, with its true totals."""

    rows: list[ChoreRow]
    total: int
    late: int

    @property
    def more(self) -> int:
        """How many there are beside those shown."""
        return self.total - len(self.rows)


def house_of(
    found: Sequence[CountedChore], *, by: Person, reach: Reach, now: datetime
) -> House | None:
    """These chores as their section draws them; None where there is nothing to do."""
    if not found:
        return None
    return House(
        rows=[chore_row(chore, by=by, reach=reach, now=now) for chore in found],
        total=found[0].total,
        late=found[0].late,
    )


def chore_row(chore: Chore, *, by: Person, reach: Reach, now: datetime) -> ChoreRow:
    is_done = chore.done_at is not None
    opens = chore.kind in DONE_ON_ITS_PAGE and bool(chore.path)
    return ChoreRow(
        pk=chore.pk,
        what=chore.get_kind_display(),
        text=mask_in_text(chore.text),
        path=chore.path,
        due=None if is_done else until_day(chore.due_on, today=timezone.localdate(now)),
        who=_whose(chore, reach),
        done=_done(chore, now),
        may_do=may_do(reach) and not is_done and not opens,
        opens=opens and not is_done,
        may_undo=chore.done_at is not None
        and chore.done_by_id == by.pk
        and now - chore.done_at <= TAKE_BACK_WITHIN,
    )


def _done(chore: Chore, now: datetime) -> str:
    """Who did it and when; "" where nobody has."""
    if chore.done_at is None or chore.done_by is None:
        return ""
    return f"{chore.done_by.name} {moment_text(chore.done_at, now=now)}"


def _whose(chore: Chore, reach: Reach) -> str:
    """Whose it is: for whom one does it where one assists them or stands in; else the store's."""
    if chore.person is None or not chore.person.is_active:
        return chore.store.name
    if chore.person_id in reach.assists:
        return _("for %(name)s") % {"name": chore.person.name}
    return chore.person.name
