"""Wordings and festivals, as their editors set them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from followups.models import Festival, Wording
from followups.rules import wordings as rules
from followups.states import WordingUse
from staff.models import Person


class WordingNotSaved(Refused):
    """A wording was left as it was."""

    messages = {
        "text_missing": _("Write the text in both languages."),
        "name_missing": _("Name the wording in both languages."),
        "unknown_place": _(
            "There is no place “%(place)s”. Use {name}, {title}, {product}, {sender}, {store}, "
            "{company}, {occasion} or {day}."
        ),
        "stray_brace": _("A brace stands alone. A place is written like {name}."),
        "festival_missing": _("Choose the festival for which this is."),
        "changed_meanwhile": _(
            "Somebody else changed this wording in the meantime. Look at it again, then change it."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class WordingTerms:
    """A wording as its editor wants it."""

    use: WordingUse | str
    name_en: str
    name_zh: str
    text_en: str
    text_zh: str
    trades: Sequence[str] = ()
    whom: Sequence[str] = ()
    festival: Festival | None = None
    is_active: bool = True


def _blockers(terms: WordingTerms) -> list[Blocker]:
    found: list[Blocker] = []
    for text in (terms.text_zh, terms.text_en):
        for blocker in rules.wording_blockers(text=text):
            if blocker not in found:
                found.append(blocker)
    if not (terms.name_en and terms.name_zh):
        found.append(Blocker("name_missing"))
    if terms.use == WordingUse.FESTIVAL and terms.festival is None:
        found.append(Blocker("festival_missing"))
    return found


def _columns(terms: WordingTerms) -> dict[str, Any]:
    festival = terms.festival if terms.use == WordingUse.FESTIVAL else None
    names = [field.name for field in fields(terms)]
    plain = {name: getattr(terms, name) for name in names}
    lists = {"trades": list(terms.trades), "whom": list(terms.whom)}
    return {**plain, **lists, "festival": festival}


@transaction.atomic
def add_wording(*, terms: WordingTerms, by: Person, now: datetime, key: UUID) -> Wording:
    """Add a wording, after those there are; the same form again answers with the same one.

    Raises WordingNotSaved.
    """
    refuse_if(WordingNotSaved, _blockers(terms))

    with once(key=key, purpose="wording", by=by, content=f"{terms}") as form:
        if form.result_id:
            return Wording.objects.get(pk=form.result_id)
        last = Wording.objects.order_by("-position").values_list("position", flat=True).first()
        wording = Wording.objects.create(
            code=f"own-{uuid4().hex[:12]}",
            position=(last or 0) + 1,
            changed_at=now,
            changed_by=by,
            **_columns(terms),
        )
        audit.record(verb="add_wording", of=wording, by=by)
        form.result_id = wording.pk
    return wording


@transaction.atomic
def change_wording(
    *, wording: Wording, terms: WordingTerms, seen_at: datetime | None, by: Person, now: datetime
) -> None:
    """Change a wording that stands as the editor saw it. Raises WordingNotSaved."""
    refuse_if(WordingNotSaved, _blockers(terms))

    if seen_at is None:
        raise WordingNotSaved.because("changed_meanwhile")
    seen = Wording.objects.filter(pk=wording.pk, changed_at=seen_at)
    if not seen.update(changed_at=now, changed_by=by, **_columns(terms)):
        raise WordingNotSaved.because("changed_meanwhile")

    audit.record(verb="change_wording", of=wording, by=by)


@transaction.atomic
def use_festival(*, festival: Festival, is_active: bool, by: Person, now: datetime) -> None:
    """Greet for this festival, or do so no more."""
    changed = Festival.objects.filter(pk=festival.pk, is_active=not is_active)
    if changed.update(is_active=is_active):
        audit.record(verb="use_festival", of=festival, by=by, is_active=is_active)
