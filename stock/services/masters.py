"""Writing masters of goods: a style, and the small lists that styles hang on."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from staff.models import Person
from stock.models import CoreSizes, Season, SeasonTarget, Style
from stock.queries.prices import Floor, floor_of, offices_at_plain_price, plain_price, sold_in
from stock.queries.terms import terms_on
from stock.rules.floor import floor_blockers, floor_lowering_blockers
from stock.rules.price_paths import lowering_blockers
from stock.rules.targets import targets_blockers
from stock.services.figure_sets import ask_standing
from stock.states import StyleClass


class MasterNotKept(Refused):
    """A master was left as it is."""

    messages = {
        "taken": _("There is one of this name or number already."),
        "nothing_changed": _("Nothing was changed."),
        "series_of_another_brand": _("This series belongs to another brand."),
        "type_of_another_season": _("This shoe type belongs to another season."),
        "season_ends_before_launch": _("The season ends after the launch."),
        "main_weeks": _("The main season lies inside the season's weeks."),
        "targets_fall": _(
            "The targets never fall from week to week; they are above 0 and up to 100 %%."
        ),
        "size_twice": _("A size stands there twice."),
        "floor_lowered": _(
            "The break-even price is ¥%(floor)s. Only operations lower it or take it away."
        ),
        "lower_by_proposal": _(
            "The price is ¥%(price)s. Propose a markdown to lower it: operations approve it."
        ),
        "under_floor": _(
            "The price lies under the break-even price of ¥%(floor)s. With the number of an "
            "approved markdown it is set office by office, under prices."
        ),
    }


def _style_blockers(style: Style) -> list[Blocker]:
    found = []
    if style.series and style.series.brand_id != style.brand_id:
        found.append(Blocker("series_of_another_brand"))
    if style.shoe_type and style.shoe_type.season_id != style.season_id:
        found.append(Blocker("type_of_another_season"))
    launched, ends = style.launched_on, style.season_ends_on
    if launched and ends and ends <= launched:
        found.append(Blocker("season_ends_before_launch"))
    return found


def _text(value: object) -> str:
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _write(row: Model, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Put the values on the row and keep it; answers with what they were and are."""
    is_new = row.pk is None
    before = {name: "" if is_new else _text(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    after = {name: _text(value) for name, value in values.items()}
    changes = {name: [before[name], after[name]] for name in values if before[name] != after[name]}
    if isinstance(row, Style):
        refuse_if(MasterNotKept, _style_blockers(row))
    if changes or is_new:
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise MasterNotKept.because("taken") from error
    return changes


@transaction.atomic
def add_style(*, values: Mapping[str, Any], by: Person, key: UUID) -> Style:
    """A new style; the same form again answers with the same. Raises MasterNotKept."""
    with once(key=key, purpose="goods_style", by=by) as form:
        if form.result_id:
            return Style.objects.get(pk=form.result_id)
        style = Style()
        changes = _write(style, values)
        refuse_if(MasterNotKept, _floor_blockers(style, floor=style.floor_price))
        audit.record(verb="add_style", of=style, by=by, changes=changes)
        ask_standing()
        form.result_id = style.pk
    return style


@transaction.atomic
def change_style(
    *,
    style: Style,
    values: Mapping[str, Any],
    may_lower: bool,
    by: Person,
    now: datetime | None = None,
) -> None:
    """Write what a style is. Raises MasterNotKept.

    Only who `may_lower` lowers its floor, and the price of offices that have none of their own
    (MER-10); under the floor that price goes as `stock.rules.floor.floor_blockers` says.
    """
    row = Style.objects.select_for_update(of=("self",)).get(pk=style.pk)
    today = timezone.localdate(now or database_now())
    floor, plain = _floor_on(row, today), plain_price(row)
    changes = _write(row, values)
    if not changes:
        raise MasterNotKept.because("nothing_changed")
    after = _floor_on(row, today).value
    found = floor_lowering_blockers(before=floor.value, after=after, may_lower=may_lower)
    if plain_price(row) != plain:
        found += _price_blockers(row, until_now=plain, floor=after, may_lower=may_lower)
    refuse_if(MasterNotKept, found)

    audit.record(verb="change_style", of=row, by=by, changes=changes)
    ask_standing()


def _floor_on(style: Style, day: date) -> Floor:
    return floor_of(style, terms_on(day), on=day)


def _price_blockers(
    style: Style, *, until_now: Decimal, floor: Decimal | None, may_lower: bool
) -> list[Blocker]:
    """What stops another price of the style, for the offices that have none of their own."""
    offices = offices_at_plain_price(style)
    found = (
        lowering_blockers(price=plain_price(style), until_now=until_now, may_lower=may_lower)
        if offices
        else []
    )
    sold = sold_in(style, offices).values()
    stopped = [
        _floor_blockers(style, floor=floor, style_class=each.style_class, was_cut=each.is_promoted)
        for each in sold
    ]
    found += next(filter(None, stopped), []) if sold else _floor_blockers(style, floor=floor)
    return found


def _floor_blockers(
    style: Style, *, floor: Decimal | None, style_class: StyleClass | None = None,
    was_cut: bool = False,
) -> list[Blocker]:  # fmt: skip
    return floor_blockers(
        price=plain_price(style), floor=floor, style_class=style_class, was_marked_down=was_cut
    )


@transaction.atomic
def keep_part(
    *,
    row: Model,
    values: Mapping[str, Any],
    by: Person,
    targets: Mapping[int, Fraction] | None = None,
) -> Model:
    """Write one row of a small list: brand, series, season, shoe type, core sizes.

    `targets` is the whole table of a season's curve, by week; empty: it follows the curve of the
    limits. Raises MasterNotKept.
    """
    is_new = row.pk is None
    if isinstance(row, Season):
        refuse_if(MasterNotKept, _season_blockers(values, targets or {}))
    if len(values.get("sizes", ())) != len(set(values.get("sizes", ()))):
        raise MasterNotKept.because("size_twice")
    changes = _write(row, values)
    if isinstance(row, Season) and targets is not None:
        changes |= _keep_targets(row, targets)
    if not changes:
        raise MasterNotKept.because("nothing_changed")
    audit.record(verb="add_master" if is_new else "change_master", of=row, by=by, changes=changes)
    if isinstance(row, Season | CoreSizes):
        ask_standing()
    return row


def _season_blockers(values: Mapping[str, Any], targets: Mapping[int, Fraction]) -> list[Blocker]:
    main = (values["main_from_week"], values["main_until_week"])
    found = [] if 1 <= main[0] <= main[1] <= values["weeks"] else [Blocker("main_weeks")]
    return found + targets_blockers(targets)


def _keep_targets(season: Season, targets: Mapping[int, Fraction]) -> dict[str, list[str]]:
    """The season's table anew, where it says something else."""
    known = {row.week: Fraction(row.share) for row in season.targets.all()}
    wanted = {week: share for week, share in targets.items() if week <= season.weeks}
    if known == wanted:
        return {}
    season.targets.all().delete()
    SeasonTarget.objects.bulk_create(
        SeasonTarget(season=season, week=week, share=round(float(share), 4))
        for week, share in sorted(wanted.items())
    )
    return {"targets": [_curve_text(known), _curve_text(wanted)]}


def _curve_text(targets: Mapping[int, Fraction]) -> str:
    return " ".join(f"{week}:{float(share):g}" for week, share in sorted(targets.items()))
