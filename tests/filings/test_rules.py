"""The limits of a filing, held against the worked example."""

from datetime import date

from filings import rules


def limits(**changes):
    return rules.limits(
        **{
            "acted_on": date(2026, 3, 1),
            "filed_on": date(2026, 3, 1),
            "terms": rules.Terms(),
            "is_field": True,
            **changes,
        }
    )


def test_limits_end_on_the_days_of_the_worked_example():
    found = limits()
    assert found.update_by == date(2026, 3, 4)
    assert found.protected_until == date(2026, 3, 11)
    assert found.measure_by == date(2026, 3, 16)


def test_an_act_moves_duty_and_protection_and_never_the_field_limit():
    found = limits(acted_on=date(2026, 3, 4))
    assert found.protected_until == date(2026, 3, 14)
    assert found.measure_by == date(2026, 3, 16)


def test_a_store_filing_has_no_field_limit():
    assert limits(is_field=False).measure_by is None
