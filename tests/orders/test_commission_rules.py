"""Commission of designers against the worked values of formulas 3.13, each edge and past it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.rules.commission import (
    USUAL_RATES,
    Rates,
    Reckoned,
    agreed_rates,
    claw_back_on,
    introduction_blockers,
    pay_blockers,
    payable,
    share_of,
    state_of,
)
from orders.states import CommissionState
from tests.examples import examples

TODAY = date(2026, 5, 15)
money = st.decimals(min_value=0, max_value=999_999, places=2)


def D(text: object) -> Decimal:
    return Decimal(str(text))


def reckoned(earned, *, paid=0, clawed_back=0, is_completed=True):
    return Reckoned(
        earned=D(earned), paid=D(paid), clawed_back=D(clawed_back), is_completed=is_completed
    )


def test_the_worked_example():
    assert share_of(D(86000), percent=USUAL_RATES.furniture) == D("8600.00")
    assert share_of(D(6400), percent=USUAL_RATES.accessories) == D("1280.00")
    assert claw_back_on(D(12000), rate=USUAL_RATES.furniture, percent=90) == D("1080.00")


@pytest.mark.parametrize(
    ("amount", "percent", "share"),
    [("0.05", 10, "0.01"), ("0.04", 10, "0.00"), ("1234.25", "12.5", "154.28"),
     ("333.33", "7.77", "25.90"), ("0", 10, "0.00"), ("100", 0, "0.00")],
)  # fmt: skip
def test_a_share_is_exact_to_the_cent_and_half_goes_up(amount, percent, share):
    assert share_of(D(amount), percent=D(percent)) == D(share)


def test_an_agreement_without_rates_has_the_usual_ones_and_zero_is_a_rate():
    assert agreed_rates(furniture=None, accessories=None) == Rates(
        furniture=D(10), accessories=D(20)
    )
    agreed = agreed_rates(furniture=D(0), accessories=D("7.5"))
    assert (agreed.of(is_accessory=False), agreed.of(is_accessory=True)) == (D(0), D("7.5"))


def test_nothing_is_due_before_completion():
    before = reckoned(9880, is_completed=False)
    assert (before.due, before.open) == (None, 0)
    after = reckoned(9880)
    assert (after.due, after.open) == (9880, 9880)


def test_what_was_paid_is_owed_only_as_far_as_deliveries_do_not_cover_it():
    assert reckoned(9880, paid=9880, is_completed=False).open == 0
    assert reckoned(8680, paid=9880, is_completed=False).open == -1200


def test_a_claw_back_is_deducted_or_owed():
    assert reckoned(9880, clawed_back=1080).open == 8800
    assert reckoned(9880, paid=9880, clawed_back=1080).open == -1080


def test_what_is_owed_for_one_order_is_deducted_from_the_next():
    assert payable(reckoned(5000), open_in_all=D(3920)) == 3920
    assert payable(reckoned(5000), open_in_all=D(-10)) == 0
    assert payable(reckoned(5000), open_in_all=D(8000)) == 5000
    assert payable(reckoned(9880, paid=9880, clawed_back=1080), open_in_all=D(3920)) == 0


@pytest.mark.parametrize(
    ("said", "open_in_all", "state"),
    [
        (reckoned(9880, is_completed=False), 0, CommissionState.ORDERED),
        (reckoned(9880, clawed_back=1080, is_completed=False), 0, CommissionState.ORDERED),
        (reckoned(9880), 9880, CommissionState.DONE),
        (reckoned(9880, paid=9000), 880, CommissionState.DONE),
        (reckoned(9880, paid=9880), 0, CommissionState.PAID),
        (reckoned(9880, paid=9880, clawed_back=1080), -1080, CommissionState.CLAWED_BACK),
        (reckoned(9880, paid=8800, clawed_back=1080), 0, CommissionState.CLAWED_BACK),
        (reckoned(9880, clawed_back=1080), 8800, CommissionState.DONE),
        (reckoned(5000, paid=3920), 0, CommissionState.PAID),
        (reckoned(0), 0, CommissionState.DONE),
    ],
)
def test_the_state_is_read_from_the_figures(said, open_in_all, state):
    assert state_of(said, open_in_all=D(open_in_all)) == state


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"on": date(2026, 1, 1)}, None),
        ({"on": date(2025, 12, 31)}, "before_agreement"),
        ({"on": date(2026, 4, 30)}, None),
        ({"on": date(2026, 5, 1)}, "after_agreement"),
        ({"on": date(2026, 5, 1), "valid_until": None}, None),
        ({"on": TODAY, "valid_until": None}, None),
        ({"on": TODAY + timedelta(days=1), "valid_until": None}, "introduced_in_future"),
        ({"signed_on": None}, "no_agreement"),
        ({"is_active": False}, "designer_is_gone"),
    ],
)
def test_the_agreement_holds_on_the_day_of_the_introduction(changed, code):
    said = {"on": date(2026, 3, 1), "today": TODAY, "signed_on": date(2026, 1, 1),
            "valid_until": date(2026, 4, 30), "is_active": True} | changed  # fmt: skip
    assert [one.code for one in introduction_blockers(**said)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("amount", "said", "open_in_all", "voucher", "codes"),
    [
        ("9880.00", reckoned(9880), 9880, "P-1", []),
        ("9880.01", reckoned(9880), 9880, "P-1", ["more_than_payable"]),
        ("3920.01", reckoned(5000), 3920, "P-1", ["more_than_payable"]),
        ("0.01", reckoned(9880), 9880, "P-1", []),
        ("0.00", reckoned(9880), 9880, "P-1", ["amount_missing"]),
        ("1.00", reckoned(9880, is_completed=False), 0, "P-1", ["not_completed"]),
        ("1.00", reckoned(9880, paid=9880), 0, "P-1", ["nothing_payable"]),
        ("1.00", reckoned(9880), 9880, "", ["voucher_missing"]),
    ],
)
def test_never_before_completion_and_never_more_than_payable(
    amount, said, open_in_all, voucher, codes
):
    blockers = pay_blockers(D(amount), reckoned=said, open_in_all=D(open_in_all), voucher=voucher)
    assert [one.code for one in blockers] == codes


@examples(60)
@given(orders=st.lists(st.tuples(money, money, money, st.booleans()), min_size=1, max_size=5))
def test_whatever_is_payable_never_leaves_the_designer_with_more_than_earned(orders):
    """Paying each order what it allows, one after the other, ends with nothing open above 0."""
    rows = [Reckoned(earned=e, paid=p, clawed_back=c, is_completed=d) for e, p, c, d in orders]
    for index, row in enumerate(rows):
        most = payable(row, open_in_all=sum((one.open for one in rows), D(0)))
        rows[index] = Reckoned(
            earned=row.earned, paid=row.paid + most, clawed_back=row.clawed_back,
            is_completed=row.is_completed,
        )  # fmt: skip
        assert rows[index].open >= min(row.open, 0)
    in_all = sum((one.open for one in rows), D(0))
    assert all(payable(one, open_in_all=in_all) == 0 for one in rows)
