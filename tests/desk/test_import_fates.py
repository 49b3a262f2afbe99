"""What becomes of rows: decided over values, without a database."""

from datetime import UTC, date, datetime

import pytest

from core.phones import normalise
from customers.services.bulk import EMPTY_CARD
from customers.states import Grade
from desk.imports.facts import (
    CustomerRow,
    Defaults,
    KnownCustomer,
    KnownProduct,
    ProductRow,
    Standing,
)
from desk.imports.fates import compare

TODAY = date(2026, 11, 21)
A, B, C = (normalise(f"1380013800{n}") for n in (1, 2, 3))


def key_of(phone) -> bytes:
    return phone.e164.encode()


def row(number=2, *, name="王建国", phones=(A,), **facts) -> CustomerRow:
    card = {"name": {"name": name}, **facts.pop("card", {})}
    return CustomerRow(number=number, phones=phones, card=card, **facts)


def known(pk=1, *, phones=(A,), in_reach=True, name="王建国", **facts) -> KnownCustomer:
    return KnownCustomer(
        id=pk,
        is_in_reach=in_reach,
        name=name,
        store_id=7,
        owner_id=5,
        grade=facts.pop("grade", Grade.A),
        card={**EMPTY_CARD, **facts.pop("card", {})},
        phone_keys=frozenset(map(key_of, phones)),
        has_primary=bool(phones),
        **facts,
    )


def standing(*customers: KnownCustomer, **more) -> Standing:
    return Standing(
        customers={customer.id: customer for customer in customers},
        by_key={key: customer.id for customer in customers for key in customer.phone_keys},
        **more,
    )


def decide(*rows, know=(), defaults=None, **more):
    return compare(
        rows,
        standing(*know, **more),
        defaults=defaults or Defaults(store_id=7),
        key_of=key_of,
        today=TODAY,
    )


def codes(remarks) -> list[tuple[int, str]]:
    return [(remark.row, remark.code) for remark in remarks]


def test_an_unknown_number_is_new_and_a_known_one_is_compared():
    found = decide(row(2), row(3, phones=(B,)), know=[known()])
    assert [fate.is_new for fate in found.fates] == [False, True]
    assert found.fates[0].is_same


def test_rows_of_one_number_are_one_customer_and_the_first_row_stands():
    found = decide(
        row(2, card={"note": {"note": "first"}}),
        row(3, card={"note": {"note": "second"}, "need": {"need": "sofa"}}),
    )
    (fate,) = found.fates
    assert fate.rows == (2, 3)
    assert (fate.facts.card["note"], fate.facts.card["need"]) == ("first", "sofa")
    assert codes(found.warnings) == [(3, "same_customer"), (3, "first_row_stands")]


def test_a_row_with_the_numbers_of_two_customers_is_refused():
    found = decide(row(2, phones=(A, B)), know=[known(1), known(2, phones=(B,))])
    assert codes(found.refusals) == [(2, "numbers_of_two_customers")]
    assert not found.fates


def test_a_row_that_joins_two_rows_of_the_sheet_is_refused_and_both_stand():
    found = decide(row(2), row(3, phones=(B,)), row(4, phones=(A, B)))
    assert codes(found.refusals) == [(4, "numbers_of_two_rows")]
    assert len(found.fates) == 2


def test_a_customer_out_of_reach_is_refused():
    found = decide(row(2), know=[known(in_reach=False)])
    assert codes(found.refusals) == [(2, "out_of_reach")]


def test_what_the_sheet_leaves_empty_stays():
    before = known(card={"note": "kept", "need": "sofa"})
    (fate,) = decide(row(2, card={"need": {"need": "bed"}}), know=[before]).fates
    assert [(c.column, c.before, c.after) for c in fate.changes] == [
        ("need", {"need": "sofa"}, {"need": "bed"})
    ]
    assert fate.facts.card["note"] == "kept"


def test_a_further_number_of_a_known_customer_is_added():
    (fate,) = decide(row(2, phones=(A, B)), know=[known()]).fates
    assert [str(phone) for phone in fate.facts.new_phones] == ["138****8002"]
    assert fate.facts.has_primary


@pytest.mark.parametrize(
    ("letter", "product", "grade"),
    [
        ("B", None, Grade.B1),
        ("C", None, Grade.C2),
        ("B", ProductRow(name="X", delivered_on=date(2020, 1, 1)), Grade.B2),
        ("C", ProductRow(name="X", purchased_on=date(2026, 1, 1)), Grade.C1),
        ("B", ProductRow(name="X"), Grade.B1),  # wished for only
        ("D", None, Grade.D),
        ("", None, Grade.C2),
        ("", ProductRow(name="X", delivered_on=date(2025, 11, 21)), Grade.B2),
        ("", ProductRow(name="X", delivered_on=date(2025, 11, 20)), Grade.C1),
        ("", ProductRow(name="X", purchased_on=date(2020, 1, 1)), Grade.B2),
    ],
)
def test_a_grade_is_read_by_whether_the_customer_has_bought(letter, product, grade):
    (fate,) = decide(row(2, grade=letter, product=product)).fates
    assert fate.facts.grade == grade


def test_a_plain_letter_looks_at_what_the_card_knows_of_purchases():
    owner = known(grade=Grade.B2, products=(KnownProduct(id=9, name="X"),))
    assert decide(row(2, grade="B"), know=[owner]).fates[0].is_same


def test_products_are_recognised_corrected_or_added():
    car = KnownProduct(id=9, name="Model Y", delivered_on=date(2026, 5, 18))
    customer = known(products=(car,), grade=Grade.B2)

    def told(**facts):
        (fate,) = decide(row(2, product=ProductRow(**facts)), know=[customer]).fates
        return [(product.id, product.delivered_on) for product in fate.facts.products]

    assert told(name="Model Y", delivered_on=date(2026, 5, 18)) == []
    assert told(name="model y") == []
    assert told(delivered_on=date(2026, 5, 18)) == []
    assert told(name="Model Y", delivered_on=date(2026, 5, 19)) == [(9, date(2026, 5, 19))]
    assert told(name="Model 3", delivered_on=date(2026, 5, 18)) == [(None, date(2026, 5, 18))]


def test_two_deliveries_of_one_model_in_a_sheet_are_two_products():
    rows = [
        row(2, product=ProductRow(name="沙发", delivered_on=date(2026, 1, 1))),
        row(3, product=ProductRow(name="沙发", delivered_on=date(2026, 6, 1))),
        row(4, product=ProductRow(name="沙发", delivered_on=date(2026, 6, 1))),
    ]
    (fate,) = decide(*rows).fates
    assert len(fate.facts.products) == 2


def test_a_new_day_without_an_hour_takes_the_old_hour_away():
    car = KnownProduct(
        id=9,
        name="X",
        delivered_on=date(2026, 5, 18),
        delivered_at=datetime(2026, 5, 18, 11, tzinfo=UTC),
    )
    moved = ProductRow(name="X", delivered_on=date(2026, 5, 19))
    (fate,) = decide(row(2, product=moved), know=[known(products=(car,))]).fates
    assert fate.facts.products[0].delivered_at is None


def test_a_wished_for_product_joins_the_need_once():
    wish = ProductRow(name="宋 PLUS")
    (fate,) = decide(row(2, product=wish, card={"need": {"need": "SUV"}})).fates
    assert fate.facts.card["need"] == "SUV; 宋 PLUS"
    again = known(card={"need": "SUV; 宋 PLUS"})
    assert decide(row(2, product=wish), know=[again]).fates[0].is_same


def test_a_referrer_of_the_same_sheet_is_found_by_number():
    found = decide(row(2), row(3, phones=(B,), name="李芳", referrer=A))
    assert found.fates[1].facts.card["referrer_id"] == -1


def test_a_referrer_out_of_reach_is_as_unknown_as_any():
    stranger = known(3, phones=(C,), in_reach=False)
    found = decide(row(2, referrer=C), know=[stranger])
    assert found.fates[0].facts.card["referrer_text"] == "138****8003"
    assert codes(found.warnings) == [(2, "referrer_unknown")]


def test_a_serial_of_somebody_else_is_refused_in_the_database_and_in_the_sheet():
    car = ProductRow(name="X", serial="VIN1")
    found = decide(row(2, product=car), know=[known()], serial_owners={"VIN1": 99})
    assert codes(found.refusals) == [(2, "serial_is_taken")]
    found = decide(row(2, product=car), row(3, phones=(B,), product=car))
    assert codes(found.refusals) == [(3, "serial_in_row")]


def test_a_next_step_had_before_is_not_opened_again():
    step = row(2, next_on=date(2026, 12, 1))
    had = known(step_days=frozenset({date(2026, 12, 1)}))
    assert decide(step, know=[had]).fates[0].is_same
    assert decide(step, know=[known()]).fates[0].next_on == date(2026, 12, 1)


def test_without_any_store_new_customers_are_refused_and_known_ones_are_not():
    found = decide(row(2), row(3, phones=(B,)), know=[known()], defaults=Defaults())
    assert codes(found.refusals) == [(3, "store_missing")]
    assert found.fates[0].is_same


def test_defaults_fill_new_customers_only():
    found = decide(
        row(2), row(3, phones=(B,)), know=[known()], defaults=Defaults(store_id=8, owner_id=6)
    )
    assert found.fates[0].is_same
    assert (found.fates[1].facts.store_id, found.fates[1].facts.owner_id) == (8, 6)


def test_the_sheet_gives_nobody_up_who_has_bought():
    sofa = ProductRow(name="沙发", delivered_on=date(2026, 2, 1))
    found = decide(row(2, grade="D", product=sofa), row(3, grade="D", phones=(B,), name="李芳"))
    assert codes(found.warnings) == [(2, "buyer_is_not_given_up")]
    assert [fate.facts.grade for fate in found.fates] == [Grade.B2, Grade.D]


def test_what_came_back_was_not_bought():
    """By the sheet as by the rule of grades: D and plain letters go by what stands on the card."""
    came_back = KnownProduct(id=9, name="沙发", is_bought=False)
    for product, letter, grade in ((came_back, "D", "D"), (came_back, "B", "B1")):
        found = decide(row(2, grade=letter), know=[known(products=(product,))])
        assert found.fates[0].facts.grade == grade
        assert codes(found.warnings) == []
