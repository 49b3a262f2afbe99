"""In which order several processes take up the files of tests: what takes long first.

pytest-xdist's own order goes by how many tests a file has. It left the longest single test to the
end, when the other process had nothing to do any more; and it began with tests that wait for the
database, which is being made while they are collected.
"""

from collections import Counter

import pytest

# Ten seconds and more of a processor, with few tests or without the database.
LONG = (
    "tests/crm/demo/test_day.py",
    "tests/crm/demo/test_leads.py",
    "tests/crm/test_demo.py",
    "tests/desk/test_no_number_anywhere.py",
    "tests/filings/test_properties.py",
    "tests/filings/test_race_clocks.py",
    "tests/desk/test_merging_races.py",
    "tests/orders/test_deposit_faults.py",
    "tests/followups/test_year_properties.py",
    "tests/followups/test_hands_properties.py",
    "tests/filings/test_live_histories.py",
    "tests/desk/test_wrong_method.py",
    "tests/test_translations.py",
    "tests/test_conventions.py",
)


def longest_first(items: list[pytest.Item], *, first: str) -> None:
    """Put the groups in order: `first`, then what is long, then what has many tests.

    Of each of these what needs no database comes first, as it does inside a group; else all stays
    as it stood there.
    """
    count = Counter(map(_group, items))
    asking = {_group(item) for item in items if _asks_the_database(item)}

    def rank(item: pytest.Item) -> tuple:
        name = _group(item)
        is_long = item.nodeid.partition("::")[0] in LONG
        place = (name != first, not is_long, name in asking, -count[name], name)
        return (*place, _asks_the_database(item))

    items.sort(key=rank)


def _group(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return marker.args[0] if marker else item.nodeid


def _asks_the_database(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked or item.get_closest_marker("django_db"))
