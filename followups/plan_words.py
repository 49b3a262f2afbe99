"""Plans in words: what a step says, how two versions differ, what a change moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from core.languages import reads_chinese
from followups.rules.plans import Difference, PlanTerms, StepTerms
from followups.services.rehearsal import Rehearsed, StepMovement
from followups.states import BIRTHDAY_ANCHORS, ORDER_ANCHORS, Anchor, Assignee, Unit, Way
from staff.states import Trade

FIELDS: Mapping[str, str | Promise] = {
    "name_en": gettext_lazy("English name"),
    "name_zh": gettext_lazy("Chinese name"),
    "trades": gettext_lazy("trades"),
    "is_active": gettext_lazy("in use"),
    "anchor": gettext_lazy("counts from"),
    "grade": gettext_lazy("grade"),
    "offset": gettext_lazy("after"),
    "is_before": gettext_lazy("before, not after"),
    "unit": gettext_lazy("unit"),
    "every": gettext_lazy("then every"),
    "times": gettext_lazy("times"),
    "ahead_days": gettext_lazy("shown days before"),
    "way": gettext_lazy("way"),
    "assignee": gettext_lazy("done by"),
    "survey_id": gettext_lazy("survey"),
    "script_id": gettext_lazy("script"),
    "escalates_after": gettext_lazy("reported up after hours overdue"),
}
ONE: Mapping[str, str | Promise] = {
    Unit.HOURS: pgettext_lazy("one of a unit", "hour"),
    Unit.DAYS: pgettext_lazy("one of a unit", "day"),
    Unit.WORKING_DAYS: pgettext_lazy("one of a unit", "working day"),
    Unit.MONTHS: pgettext_lazy("one of a unit", "month"),
}
LABELS = {"anchor": Anchor, "unit": Unit, "way": Way, "assignee": Assignee}


def name_of(row: StepTerms | PlanTerms) -> str:
    """The name in the reader's language, the other one where it is missing."""
    names = (row.name_zh, row.name_en)
    first, second = names if reads_chinese() else names[::-1]
    return first or second


def trades_of(trades: Sequence[str]) -> list[str]:
    return [str(Trade(trade).label) for trade in trades if trade in Trade.values]


def unit_of(unit: Unit | str, number: int) -> str:
    """1 month, 2 months: the unit as it is said with this number."""
    return str(ONE[unit] if number == 1 else Unit(unit).label)


def when_of(step: StepTerms) -> str:
    """Delivery + 2 months, then every 2 months, 30 times."""
    anchor = str(step.grade or Anchor(step.anchor).label)
    if step.anchor in (*BIRTHDAY_ANCHORS, *ORDER_ANCHORS) and not step.offset:
        return anchor
    said = {"anchor": anchor, "offset": step.offset, "unit": unit_of(step.unit, step.offset)}
    if step.is_before:
        return _("%(offset)s %(unit)s before: %(anchor)s") % said
    words = _("%(anchor)s + %(offset)s %(unit)s") % said
    if step.times == 1:
        return words
    return _("%(first)s, then every %(every)s %(unit)s, %(times)s times in all") % {
        "first": words, "every": step.every, "unit": unit_of(step.unit, step.every),
        "times": step.times,
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Names:
    """What surveys and scripts are called, by their ids."""

    surveys: Mapping[int, str] = field(default_factory=dict)
    scripts: Mapping[int, str] = field(default_factory=dict)

    def of(self, column: str, value: object) -> str:
        """One value of one column, in words."""
        if column == "survey_id":
            return self.surveys.get(value, "—") if isinstance(value, int) else _("none")
        if column == "script_id":
            return self.scripts.get(value, "—") if isinstance(value, int) else _("none")
        if column in LABELS:
            return str(LABELS[column](value).label)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list | tuple):
            # Translators: stands between the trades of a plan.
            return _(", ").join(trades_of(value)) or _("none")
        return pgettext("of a number of hours", "never") if value is None else str(value)


def difference_words(row: Difference, names: Names) -> str:
    """7-day call: after 7 → 5."""
    who = name_of(row.step) if row.step is not None else _("The plan")
    if row.step is not None and row.field == "added":
        return _("%(step)s: added (%(when)s)") % {"step": who, "when": when_of(row.step)}
    if row.field == "taken_out":
        return _("%(step)s: not there any more") % {"step": who}
    if row.field == "is_active":
        words = _("%(step)s: in use again") if row.after else _("%(step)s: switched off")
        return words % {"step": who}
    return _("%(step)s: %(field)s %(before)s → %(after)s") % {
        "step": who, "field": FIELDS[row.field],
        "before": names.of(row.field, row.before), "after": names.of(row.field, row.after),
    }  # fmt: skip


def movement_words(found: Rehearsed | StepMovement) -> list[str]:
    """312 open tasks move · 4 are cancelled · 58 are made · 0 done ones change."""

    def count(name: str) -> int:
        return found.total(name) if isinstance(found, Rehearsed) else getattr(found, name)

    moved, cancelled, made = count("moved"), count("cancelled"), count("made")
    words = [
        ngettext("%(n)s open task moves", "%(n)s open tasks move", moved) % {"n": f"{moved:,}"},
        ngettext("%(n)s is cancelled", "%(n)s are cancelled", cancelled) % {"n": f"{cancelled:,}"},
        ngettext("%(n)s is made", "%(n)s are made", made) % {"n": f"{made:,}"},
    ]
    if given := count("given"):
        words.append(
            ngettext("%(n)s goes to somebody else", "%(n)s go to somebody else", given)
            % {"n": f"{given:,}"}
        )
    if shown := count("shown"):
        words.append(
            ngettext("%(n)s shows on another day", "%(n)s show on another day", shown)
            % {"n": f"{shown:,}"}
        )
    changed = count("done_changed")
    words.append(
        ngettext("%(n)s done one changes", "%(n)s done ones change", changed) % {"n": changed}
    )
    return words
