"""Cases played out, and their period replayed under other rules."""

import json
from dataclasses import replace
from datetime import date

from filings.models import Deal
from filings.queries.what_if import Period, compare
from filings.rules import Terms
from tests.filings.casting import CASES, Cast, Play


def _own_orders(case):
    return json.loads(json.dumps(case).replace('"O1"', f'"{case["id"]}-O1"'))


def played(*names):
    cast = Cast(CASES["cast"])
    for case in CASES["cases"]:
        if case["id"] in names:
            Play(_own_orders(case), cast).run()
    return Period(
        trade=Deal.objects.first().store.trade, first=date(2026, 3, 1), last=date(2026, 4, 30)
    )


def flips(period, **changes):
    found = compare(period, terms=replace(Terms(), **changes), advance=lambda done, total: None)
    names = dict(Deal.objects.values_list("pk", "order_no"))
    return {names[each.deal].partition("-")[0]: each for each in found if each.is_flipped}
