"""Stock age by FIFO layers: the worked values of 3.3, and what is decided where rows are odd."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from stock.rules.fifo import Movement, stock_of_style
from stock.rules.figures import Flag
from stock.rules.stock_age import Lying, age_buckets, bucket_names, mean_age, stock_age
from stock.rules.terms import Terms
from stock.rules.threads import condensed
from stock.states import Kind

F = Fraction
AS_OF = date(2026, 5, 1)
IN, OUT = Kind.TRANSFER_IN, Kind.TRANSFER_OUT
BUY, SELL, BACK, TO_SUPPLIER = Kind.PURCHASE, Kind.SALE, Kind.SALE_RETURN, Kind.PURCHASE_RETURN


def row(kind, quantity, day, office="s", document="", **said):
    """A movement of 2026 on (month, day)."""
    return Movement(
        office=office, on=date(2026, *day), kind=kind, quantity=quantity, document=document, **said
    )


def on(month, day):
    return date(2026, month, day)


def lying(*rows, office="s", as_of=AS_OF, **said):
    return stock_of_style(rows, as_of=as_of, **said).offices.get(office, Lying())


def layers(*rows, **said):
    """{(month, day): pairs} of one office."""
    return {(day.month, day.day): pairs for day, pairs in lying(*rows, **said).layers}


MARCH, APRIL = row(BUY, 100, (3, 1), document="p1"), row(BUY, 50, (4, 1), document="p2")


@pytest.mark.parametrize(
    ("name", "rows", "left", "age", "buckets"),
    [
        ("AG1", [MARCH, APRIL, row(SELL, 70, (4, 10))], {(3, 1): 30, (4, 1): 50}, F(333, 8),
         (50, 0, 30, 0, 0)),
        ("AG2", [MARCH, APRIL, row(SELL, 120, (4, 10)), row(BACK, 10, (4, 20))], {(4, 1): 40},
         F(30), (40, 0, 0, 0, 0)),
        ("AG3", [MARCH, APRIL, row(SELL, 130, (4, 10)), row(BACK, 40, (4, 20))],
         {(3, 1): 10, (4, 1): 50}, F(211, 6), (50, 0, 10, 0, 0)),
        ("AG5", [row(Kind.OPENING, -30, (4, 1)), row(BUY, 100, (4, 2)), row(SELL, 10, (4, 9))],
         {(4, 2): 60}, F(29), (60, 0, 0, 0, 0)),
        ("AG6", [row(BUY, 20, (4, 2)), row(SELL, 35, (4, 9))], {}, None, (0, 0, 0, 0, 0)),
        ("AG7", [MARCH, APRIL, row(TO_SUPPLIER, 30, (4, 9), reference="p2")],
         {(3, 1): 100, (4, 1): 20}, F(335, 6), (20, 0, 100, 0, 0)),
        ("AG8", [MARCH, APRIL, row(TO_SUPPLIER, 60, (4, 9))], {(3, 1): 90}, F(61),
         (0, 0, 90, 0, 0)),
        ("AG9", [row(BUY, 40, (5, 1))], {(5, 1): 40}, F(0), (40, 0, 0, 0, 0)),
        ("AG10", [], {}, None, (0, 0, 0, 0, 0)),
    ],
)  # fmt: skip
def test_stock_age(name, rows, left, age, buckets):
    assert layers(*rows) == left
    found = lying(*rows)
    assert stock_age(found, as_of=AS_OF).value == age
    assert tuple(age_buckets(found, as_of=AS_OF).values()) == buckets
    assert stock_age(lying(*condensed(rows)), as_of=AS_OF).value == age


MOVED = [
    row(BUY, 60, (1, 10), "w"), row(BUY, 40, (4, 1), "w"),
    row(OUT, 80, (4, 20), "w", "t1"), row(IN, 80, (4, 20), "s", "t1"),
]  # fmt: skip


def test_a_transfer_carries_the_days_of_its_pairs():
    """AG4."""
    found = stock_of_style(MOVED, as_of=AS_OF)
    ages = [stock_age(found.offices[office], as_of=AS_OF).value for office in ("w", "s")]
    assert (ages, stock_age(found.region(), as_of=AS_OF).value) == ([30, F(363, 4)], F(393, 5))
    assert tuple(age_buckets(found.region(), as_of=AS_OF).values()) == (40, 0, 0, 60, 0)


def test_what_has_left_and_not_arrived_counts_for_the_region_alone():
    found = stock_of_style(MOVED[:3], as_of=AS_OF)
    assert (list(found.offices), found.in_transit[""].stock) == (["w"], 80)
    assert stock_age(found.region(), as_of=AS_OF).value == F(393, 5)
    partly = stock_of_style([*MOVED[:3], row(IN, 65, (4, 25), "s", "t1")], as_of=AS_OF)
    assert partly.offices["s"].layers == ((on(1, 10), 60), (on(4, 1), 5))
    assert partly.in_transit[""].layers == ((on(4, 1), 15),)


def test_a_total_of_styles_is_the_ratio_of_sums():
    """AG11: 80 pairs of 43.75 days and 20 of 16; what has no age counts for nothing."""
    styles = [
        Lying(80, ((AS_OF - timedelta(days=35), 40), (AS_OF - timedelta(days=52), 30),
                   (AS_OF - timedelta(days=54), 10))),
        Lying(20, ((AS_OF - timedelta(days=16), 20),)), Lying(), Lying(-15),
    ]  # fmt: skip
    assert stock_age(styles[0], as_of=AS_OF).value == F(175, 4)
    parts = [(each.pairs, each.pair_days(as_of=AS_OF)) for each in styles]
    assert mean_age(parts).value == F(382, 10)
    assert mean_age(parts[2:]).flags == (Flag.NO_STOCK,)


def test_why_there_is_no_age():
    assert stock_age(Lying(), as_of=AS_OF).flags == (Flag.NO_STOCK,)
    short = stock_age(lying(row(BUY, 20, (4, 2)), row(SELL, 35, (4, 9))), as_of=AS_OF)
    assert short.flags == (Flag.NEG_STOCK, Flag.WENT_NEGATIVE)


def test_a_region_with_a_net_of_nothing_has_no_age_though_an_office_has():
    found = stock_of_style([row(BUY, 5, (4, 1), "a"), row(SELL, 5, (4, 2), "b")], as_of=AS_OF)
    assert stock_age(found.offices["a"], as_of=AS_OF).value == 30
    assert stock_age(found.region(), as_of=AS_OF).value is None
    assert set(age_buckets(found.region(), as_of=AS_OF).values()) == {0}
    more = stock_of_style([row(BUY, 6, (4, 1), "a"), row(SELL, 5, (4, 2), "b")], as_of=AS_OF)
    assert (more.region().stock, more.region().pairs) == (1, 6)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (180, 3), (181, 4), (999, 4)],
)
def test_each_bucket_and_one_day_past_it(days, bucket):
    found = age_buckets(Lying(7, ((AS_OF - timedelta(days=days), 7),)), as_of=AS_OF)
    assert list(found) == ["0-30", "31-60", "61-90", "91-180", ">180"]
    assert list(found.values()).index(7) == bucket


def test_buckets_are_terms():
    assert bucket_names((7, 10)) == ("0-7", "8-10", ">10")
    found = age_buckets(Lying(1, ((AS_OF, 1),)), as_of=AS_OF, terms=Terms(bucket_limits=(7,)))
    assert found == {"0-7": 1, ">7": 0}


def test_what_is_later_than_as_of_is_not_looked_at():
    rows = [MARCH, row(SELL, 10, (4, 2)), row(SELL, 10, (4, 3))]
    assert layers(*rows, as_of=on(4, 2)) == {(3, 1): 90}


def test_receipts_come_before_outflows():
    sold = [row(SELL, 5, (4, 1), document="a"), row(BUY, 5, (4, 1), document="b")]
    assert lying(*sold) == Lying()


def test_outflows_of_a_day_go_by_document_then_by_line_number():
    rows = [MARCH, row(BUY, 10, (4, 1)), row(SELL, 95, (4, 2))]
    first = [row(SELL, 5, (4, 3), document="a"), row(OUT, 5, (4, 3), document="b")]
    last = [row(SELL, 5, (4, 3), document="b"), row(OUT, 5, (4, 3), document="a")]
    lines = [
        row(SELL, 5, (4, 3), document="a", line="2"), row(OUT, 5, (4, 3), document="a", line="10")
    ]  # fmt: skip
    for own, day in ((first, (4, 1)), (last, (3, 1)), (lines, (4, 1))):
        moved = stock_of_style([*rows, *own], as_of=AS_OF).in_transit[""]
        assert moved.layers == ((on(*day), 5),)


def test_a_transfer_in_waits_for_what_leaves_on_its_day_through_several_offices():
    rows = [
        row(IN, 5, (4, 9), "a", "t2"), row(SELL, 2, (4, 9), "a"),
        row(IN, 5, (4, 9), "b", "t1"), row(OUT, 5, (4, 9), "b", "t2"),
        row(BUY, 5, (3, 1), "c"), row(OUT, 5, (4, 9), "c", "t1"), row(BUY, 1, (4, 5), "a"),
    ]  # fmt: skip
    found = stock_of_style(rows, as_of=AS_OF)
    assert found.offices["a"].layers == ((on(3, 1), 3), (on(4, 5), 1))
    assert (found.offices["b"], found.offices["c"], found.in_transit) == (Lying(), Lying(), {})


def test_offices_that_wait_for_each_other_are_both_served():
    rows = [
        row(BUY, 5, (3, 1), "a"), row(BUY, 5, (4, 1), "b"),
        row(OUT, 2, (4, 9), "a", "t1"), row(IN, 2, (4, 9), "b", "t1"),
        row(OUT, 3, (4, 9), "b", "t2"), row(IN, 3, (4, 9), "a", "t2"),
    ]  # fmt: skip
    found = stock_of_style(rows, as_of=AS_OF)
    stocks = {office: each.stock for office, each in found.offices.items()}
    assert (stocks, found.region().stock, found.in_transit) == ({"a": 6, "b": 4}, 10, {})
    assert sum(pairs for day, pairs in found.region().layers if day == on(3, 1)) == 5


def test_a_return_goes_back_into_the_layer_of_the_sale_it_refers_to():
    sales = [row(SELL, 20, (4, 2), document="x1"), row(SELL, 90, (4, 3), document="x2")]
    back = row(BACK, 5, (4, 9), reference="x1")
    assert layers(MARCH, APRIL, *sales, back) == {(3, 1): 5, (4, 1): 40}
    newest = row(BACK, 5, (4, 9))
    assert layers(MARCH, APRIL, *sales, newest) == {(4, 1): 45}


def test_a_return_of_what_was_sold_the_same_day_finds_its_sale():
    rows = [MARCH, row(SELL, 3, (4, 9), document="x1")]
    for reference in ("x1", ""):
        back = row(BACK, 2, (4, 9), reference=reference)
        assert lying(*rows, back) == Lying(99, ((on(3, 1), 99),))


def test_a_return_at_another_office_of_the_region_finds_its_sale_there():
    rows = [MARCH, row(SELL, 3, (4, 9), document="x1")]
    back = row(BACK, 2, (4, 20), "t", reference="x1")
    assert lying(*rows, back, office="t") == Lying(2, ((on(3, 1), 2),))
    again = row(BACK, 2, (4, 21), "u", reference="x1")
    once = lying(*rows, back, again, office="u")
    assert once.layers == ((on(3, 1), 1), (on(4, 21), 1))
    far = lying(*rows, back, office="t", regions={"s": "north", "t": "south"})
    assert far.layers == ((on(4, 20), 2),)


def test_at_the_day_s_end_a_return_that_names_its_sale_comes_first():
    rows = [
        MARCH, row(SELL, 1, (4, 9), document="x1"), row(BACK, 1, (4, 9), document="a"),
        row(BACK, 1, (4, 9), "r", "b", reference="x1"),
    ]  # fmt: skip
    found = stock_of_style(rows, as_of=AS_OF).offices
    assert found["r"] == Lying(1, ((on(3, 1), 1),))
    assert found["s"] == Lying(100, ((on(3, 1), 100),), (Flag.RETURN_OVER_SOLD,))


def test_an_unknown_document_is_none():
    rows = [MARCH, APRIL, row(SELL, 120, (4, 9))]
    found = lying(*rows, row(BACK, 5, (4, 20), reference="nobody"))
    assert (found.layers, found.flags) == (((on(4, 1), 35),), (Flag.UNKNOWN_REFERENCE,))
    sent = lying(MARCH, APRIL, row(TO_SUPPLIER, 5, (4, 9), reference="nobody"))
    assert sent.layers == ((on(3, 1), 100), (on(4, 1), 45))
    assert sent.flags == (Flag.UNKNOWN_REFERENCE,)


def test_what_was_never_sold_here_counts_as_found():
    """It is of the last receipt, not new goods; of its own day where nothing was ever received."""
    found = lying(MARCH, row(SELL, 2, (3, 9)), row(BACK, 5, (4, 20)))
    assert (found.layers, found.flags) == (((on(3, 1), 103),), (Flag.RETURN_OVER_SOLD,))
    assert layers(row(BACK, 5, (4, 20))) == {(4, 20): 5}


def test_a_return_first_undoes_what_was_owed():
    rows = [row(BUY, 2, (3, 1)), row(SELL, 5, (4, 1)), row(BACK, 4, (4, 9))]
    assert lying(*rows) == Lying(1, ((on(3, 1), 1),), (Flag.WENT_NEGATIVE,))
    never = [row(SELL, 2, (4, 1)), row(SELL, 1, (4, 2)), row(BACK, 1, (4, 3)), row(BACK, 2, (4, 4))]
    assert lying(*never) == Lying(0, (), (Flag.WENT_NEGATIVE,))


def test_what_was_owed_is_sold_of_the_receipt_that_made_it_up():
    rows = [row(SELL, 3, (4, 1)), row(BUY, 5, (4, 5)), row(BACK, 2, (4, 9))]
    assert layers(*rows) == {(4, 5): 4}
    opening = [row(Kind.OPENING, -3, (4, 1)), row(BUY, 5, (4, 5)), row(BACK, 2, (4, 9))]
    assert layers(*opening) == {(4, 5): 4}
    assert lying(*opening).flags == (Flag.NEG_OPENING, Flag.WENT_NEGATIVE)


def test_more_returned_to_the_supplier_than_lies_there_is_owed():
    over = row(TO_SUPPLIER, 60, (4, 9), reference="p2")
    found = lying(MARCH, APRIL, over)
    assert (found.layers, found.flags) == (((on(3, 1), 90),), (Flag.UNKNOWN_REFERENCE,))
    gone = lying(APRIL, row(TO_SUPPLIER, 60, (4, 9)), row(BUY, 25, (4, 20)))
    assert gone == Lying(15, ((on(4, 20), 15),), (Flag.WENT_NEGATIVE,))


def test_goods_of_a_receipt_are_known_where_they_were_moved_to():
    rows = [MARCH, APRIL, row(OUT, 120, (4, 9), document="t1"), row(IN, 120, (4, 9), "t", "t1")]
    sent = row(TO_SUPPLIER, 30, (4, 20), "t", reference="p1")
    assert lying(*rows, sent, office="t").layers == ((on(3, 1), 70), (on(4, 1), 20))


@pytest.mark.parametrize("kind", [Kind.LOSS, Kind.GIFT, Kind.BUSINESS_USE])
def test_whatever_leaves_takes_the_oldest_and_only_sales_can_come_back(kind):
    assert layers(MARCH, APRIL, row(kind, 120, (4, 9))) == {(4, 1): 30}
    back = lying(MARCH, APRIL, row(kind, 120, (4, 9)), row(BACK, 1, (4, 20)))
    assert back.flags == (Flag.RETURN_OVER_SOLD,)


def test_what_a_count_finds_is_of_the_last_receipt_else_of_the_count():
    gain = row(Kind.GAIN, 5, (4, 20))
    assert layers(MARCH, gain) == {(3, 1): 105}
    assert layers(gain) == {(4, 20): 5}
    assert layers(MARCH, row(SELL, 103, (3, 9)), gain) == {(3, 1): 2}
    assert layers(row(SELL, 3, (3, 9)), gain) == {(4, 20): 2}
    later = [gain, row(BUY, 1, (4, 25))]
    assert layers(*later) == {(4, 20): 5, (4, 25): 1}


def test_the_next_receipts_make_up_for_a_deficit():
    rows = [row(SELL, 15, (4, 1)), row(BUY, 10, (4, 2)), row(BUY, 10, (4, 3))]
    assert lying(*rows) == Lying(5, ((on(4, 3), 5),), (Flag.WENT_NEGATIVE,))


def test_more_in_than_out_is_of_its_own_day():
    found = stock_of_style([*MOVED[:3], row(IN, 83, (4, 25), "s", "t1")], as_of=AS_OF)
    assert found.offices["s"].layers == ((on(1, 10), 60), (on(4, 1), 20), (on(4, 25), 3))
    assert found.offices["s"].flags == (Flag.UNMATCHED_TRANSFER,)


def test_what_comes_in_before_it_leaves_keeps_its_days():
    early = row(IN, 80, (4, 18), "s", "t1")
    found = stock_of_style([*MOVED[:3], early, row(SELL, 10, (4, 19))], as_of=AS_OF)
    assert found.offices["s"].layers == ((on(1, 10), 50), (on(4, 1), 20))
    assert found.offices["s"].flags == (Flag.WENT_NEGATIVE, Flag.EARLY_TRANSFER)
    between = stock_of_style([*MOVED[:3], early], as_of=on(4, 19))
    assert between.offices["s"].layers == ((on(4, 18), 80),)
    assert between.offices["s"].flags == (Flag.UNMATCHED_TRANSFER,)


def test_what_leaves_without_lying_there_goes_with_its_own_day_and_is_owed():
    rows = [row(BUY, 2, (3, 1), "w"), row(OUT, 5, (4, 2), "w", "t1"), row(IN, 5, (4, 3), "s", "t1")]
    found = stock_of_style(rows, as_of=AS_OF)
    assert found.offices["w"] == Lying(-3, (), (Flag.WENT_NEGATIVE,))
    assert found.offices["s"].layers == ((on(3, 1), 2), (on(4, 2), 3))
    assert found.region().stock == 2


def test_sizes_find_each_other_and_a_size_read_wrongly_is_no_age():
    left = [
        row(BUY, 5, (3, 1), "w"), row(BUY, 5, (4, 1), "w"),
        row(OUT, 5, (4, 9), "w", "t1", line="1", size="36"),
        row(OUT, 5, (4, 9), "w", "t1", line="2", size="37"),
    ]  # fmt: skip
    partly = [*left, row(IN, 5, (4, 20), "s", "t1", size="37")]
    assert lying(*partly).layers == lying(*condensed(partly)).layers == ((on(4, 1), 5),)
    misread = [row(IN, 5, (4, 20), "s", "t1", size=size) for size in ("36", "38")]
    found = stock_of_style([*left, *misread], as_of=AS_OF)
    assert found.offices["s"] == Lying(10, ((on(3, 1), 5), (on(4, 1), 5)))
    assert found.in_transit == {}


def test_to_another_region_pairs_arrive_as_new():
    regions = {"w": "north", "s": "south"}
    found = stock_of_style(
        [*MOVED[:3], row(IN, 50, (4, 25), "s", "t1")], as_of=AS_OF, regions=regions
    )
    assert found.region("south") == Lying(50, ((on(4, 25), 50),))
    assert found.in_transit["north"].layers == ((on(1, 10), 10), (on(4, 1), 20))
    assert found.region("north").stock == 50


def test_only_an_opening_stock_may_be_negative():
    with pytest.raises(ValueError, match="opening"):
        row(SELL, 0, (4, 1))


def test_plain_days_are_one_row_and_days_with_an_order_keep_it():
    plain = [row(SELL, 1, (4, 1), document=name, size="36") for name in ("a", "b")]
    assert [(each.quantity, each.document) for each in condensed([MARCH, *plain])] == [
        (100, ""), (2, ""),
    ]  # fmt: skip
    gift = row(Kind.GIFT, 1, (4, 1), document="aa")
    assert [each.document for each in condensed([*plain, gift])] == ["a", "aa", "b"]
    back = row(BACK, 1, (4, 9), reference="a")
    assert [each.document for each in condensed([*plain, back])] == ["a", "b", ""]
