"""VINs, plates, and what a car's card is still without."""

from datetime import date

import pytest

from customers.rules import normal_plate, normal_serial, oddities, product_to_complete

VIN = "LSVNV133X22222222"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" lsvnv133x 2222 2222 ", VIN),
        ("ＬＳＶＮＶ１３３Ｘ２２２２２２２２", VIN),
        ("s-9", "S-9"),
        ("", ""),
    ],
)
def test_a_serial_is_narrow_upper_case_without_blanks(typed, kept):
    assert normal_serial(typed) == kept


@pytest.mark.parametrize(
    "typed", ["京A12345", "京a·12345", " 京Ａ 12345", "京A-12345", "京A•12345", "京A.12345"]
)
def test_a_plate_has_one_spelling(typed):
    assert normal_plate(typed) == "京A12345"


@pytest.mark.parametrize(
    ("serial", "codes"),
    [
        ("", []),
        (VIN, []),
        (VIN[:-1], ["vin_has_another_length"]),
        (VIN + "2", ["vin_has_another_length"]),
        *[(VIN[:-1] + letter, ["vin_has_odd_characters"]) for letter in "IOQ-车"],
    ],
)
def test_what_looks_mistyped_in_a_vin_is_named(serial, codes):
    assert [odd.code for odd in oddities(is_car=True, serial=serial, plate="")] == codes
    assert oddities(is_car=False, serial=serial, plate="") == []


@pytest.mark.parametrize(
    "plate",
    ["京A12345", "沪C1B2D3", "粤BD12345", "京AF00001", "京A12345D", "粤Z1234港", "京A1234学",
     "京O12345"],
)  # fmt: skip
def test_usual_plates_are_not_named(plate):
    assert oddities(is_car=True, serial="", plate=plate) == []


@pytest.mark.parametrize(
    "plate",
    ["12345", "京A1234", "京I12345", "京A1234O", "京A123456", "京AZ12345", "美A12345", "京AB"],
)
def test_unusual_plates_are_named(plate):
    [odd] = oddities(is_car=True, serial="", plate=plate)
    assert odd.code == "plate_is_unusual"


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ({}, ["serial"]),
        ({"serial": VIN}, []),
        ({"serial": VIN, "insurer": "平安"}, ["policy_no", "insurance_until"]),
        ({"insurance_until": date(2027, 1, 1)}, ["serial", "insurer", "policy_no"]),
    ],
)
def test_a_car_is_without_its_vin_or_the_rest_of_its_insurance(known, missing):
    told = {"serial": "", "insurer": "", "policy_no": "", "insurance_until": None} | known
    assert product_to_complete(is_car=True, **told) == missing
    assert product_to_complete(is_car=False, **told) == []
