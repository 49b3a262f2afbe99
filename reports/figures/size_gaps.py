"""`report size_gaps`: which sizes lie where, 齐码率 and 断码 (formulas 3.7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from reports.figures.goods import AS_OF, NARROWING, Names, day_asked, narrowed, number
from staff.models import Store
from staff.scope import Reach
from stock.figures.sizes_of import Gaps, core_runs, gaps_of, size_rows
from stock.models import Style
from stock.queries.launches import Launches
from stock.rules.figures import Figure, Flag, in_order, ratio

PARAMETERS = (AS_OF, *NARROWING)
COLUMNS = (
    "style", "office", "region", "brand", "season", "colour", "days_on_sale", "sizes_in_stock",
    "sizes_in_range", "complete_rate", "broken", "missing_core", "flags",
)  # fmt: skip


def size_gaps(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each style, office and colour that ever lay there. `reach` None sees everything."""
    told = narrowed(params, reach=reach)
    styles = Style.objects.order_by("pk").values_list("pk", flat=True)
    wanted = list(styles) if told.styles is None else sorted(told.styles)
    as_of = day_asked(params, "as_of", today=timezone.localdate(now))
    region_of = dict(Store.objects.values_list("pk", "region"))
    found = [
        each
        for each in gaps_of(size_rows(wanted, as_of=as_of), runs=core_runs())
        if told.holds(
            {"style_id": each.style, "office_id": each.office, "region_id": region_of[each.office]}
        )
    ]
    names, launches = Names(), Launches(wanted, as_of=as_of)
    days = [launches.days_on_sale(each.style, each.office) for each in found]
    rows = [
        _row(each, on_sale, names, region_of) for each, on_sale in zip(found, days, strict=True)
    ]
    rows.sort(key=lambda row: (str(row["style"]), str(row["office"]), str(row["colour"] or "")))
    notes = [
        f"as of the close of {as_of}, in Asia/Shanghai",
        "the range of a style and colour is every size of it that ever moved in any office; its"
        " core sizes are the first run that lies in it whole",
    ]
    longest = max((each.value for each in days if each.value is not None), default=None)
    return rows, {"days_on_sale": longest, **_total(found)}, notes


def _row(each: Gaps, days: Figure, names: Names, region_of: Mapping[int, int]) -> dict[str, object]:
    """How complete one style and colour lies in one office, its days on sale beside (MER-17)."""
    found = each.found
    place = {
        "style_id": each.style, "office_id": each.office, "region_id": region_of[each.office],
    }  # fmt: skip
    return {
        **names.of(place),
        "colour": each.colour or None,
        "days_on_sale": number(days),
        "sizes_in_stock": found.sizes_in_stock,
        "sizes_in_range": found.sizes_in_range,
        "complete_rate": number(found.complete_rate),
        "broken": found.is_broken,
        "missing_core": list(found.missing_core),
        "flags": [str(flag) for flag in in_order((*found.flags, *days.flags))],
    }


def _flags(gaps: list[Gaps]) -> list[str]:
    return [str(flag) for flag in in_order(flag for each in gaps for flag in each.found.flags)]


def _total(gaps: list[Gaps]) -> dict[str, object]:
    held = sum(each.found.sizes_in_stock for each in gaps)
    ranged = sum(each.found.sizes_in_range for each in gaps)
    return {
        "sizes_in_stock": held,
        "sizes_in_range": ranged,
        "complete_rate": number(ratio(held, ranged, reason=Flag.NO_SIZES)),
        "broken": sum(each.found.is_broken for each in gaps),
        "rows": len(gaps),
        "flags": _flags(gaps),
    }
