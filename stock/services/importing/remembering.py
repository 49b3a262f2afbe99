"""Which header of a sheet was read as what, remembered for the next sheet of the same source.

A source is told by its headers: a shop's system exports the same ones every week.
"""

import hashlib
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Now

from staff.models import Person
from stock.models import SheetMapping


def _mark(headers: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(headers).encode()).hexdigest()


def remembered(kind: str, headers: Sequence[str]) -> Mapping[str, int] | None:
    """What somebody chose for a sheet of these headers; None where nobody did."""
    found = SheetMapping.objects.filter(kind=kind, headers=_mark(headers)).first()
    return None if found is None else found.columns


@transaction.atomic
def remember(*, kind: str, headers: Sequence[str], columns: Mapping[str, int], by: Person) -> None:
    """Keep what somebody chose, in place of what was chosen before."""
    SheetMapping.objects.update_or_create(
        kind=kind,
        headers=_mark(headers),
        defaults={"columns": dict(columns), "chosen_by": by, "chosen_at": Now()},
    )
