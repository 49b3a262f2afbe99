"""One normaliser for phone numbers (`FIL-31`): each bad input, and what holds of all numbers."""

import json
import re
from pathlib import Path

import phonenumbers
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from core.phones import (
    MESSAGES,
    PhoneKeys,
    PhoneRefused,
    PhoneUnreadable,
    mask_in_text,
    normalise,
    split,
)

DATA = Path(__file__).parent.parent / "data" / "bad_inputs_text.json"
CASES = [c for c in json.loads(DATA.read_text())["cases"] if c["category"] == "phone"]
IMPORT_ONLY = {"phone-018", "phone-019"}

mobiles = st.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True)
landlines = st.from_regex(r"0571[2-8][0-9]{7}", fullmatch=True)
foreigners = st.from_regex(r"\+1415[2-9][0-9]{6}", fullmatch=True)
separators = st.sampled_from(["", " ", "-", "—", "\u200b", "\u3000", "－", "\ufeff", "\u00a0"])


def refused(text, **options):
    with pytest.raises(PhoneRefused) as caught:
        normalise(text, **options)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_bad_input_holds(case):
    from_sheet = case["field"].startswith("import.")
    if case["expect"].startswith("reject"):
        assert refused(case["value"], from_sheet=from_sheet).code in MESSAGES
        return
    phone = normalise(case["value"], from_sheet=from_sheet)
    assert phone.e164 == case.get("normalized", phone.e164)
    assert phone.is_placeholder == (case["expect"] == "accept_flag")


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["id"] in IMPORT_ONLY], ids=lambda case: case["id"]
)
def test_a_form_refuses_what_only_a_spreadsheet_may_do(case):
    refused(case["value"])


def test_the_cases_are_all_there():
    assert len(CASES) == 27


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("88888888", "PHONE_NEEDS_AREA_CODE"),
        ("8888888", "PHONE_NEEDS_AREA_CODE"),
        ("57188888888", "PHONE_INVALID"),
        ("138****8000", "PHONE_MASKED"),
        ("13800138000转8001", "PHONE_EXTENSION"),
        ("1380013800²", "PHONE_CHARACTERS"),
        ("1380013800٣", "PHONE_CHARACTERS"),
        ("①3800138000", "PHONE_CHARACTERS"),
        ("没有", "PHONE_NONE_GIVEN"),
        ("13800138000 13900139000", "PHONE_SEVERAL"),
        ("13800138000;13900139000", "PHONE_SEVERAL"),
        ("11111111111", "PHONE_INVALID"),
        ("+999123456789", "PHONE_INVALID"),
        ("+", "PHONE_CHARACTERS"),
        ("13800138000\x00", "PHONE_CHARACTERS"),
        ("\ud8001380013800", "PHONE_CHARACTERS"),
    ],
)
def test_refusals_say_why(text, code):
    refusal = refused(text)
    assert refusal.code == code
    assert str(refusal)


def test_the_length_is_told():
    assert refused("1380013800").params == {"digits": 10}
    assert "10" in str(refused("1380013800"))


@pytest.mark.parametrize(
    ("text", "e164", "masked", "last4", "is_mobile"),
    [
        ("13800138000", "+8613800138000", "138****8000", "8000", True),
        ("(+86)138 0013 8000", "+8613800138000", "138****8000", "8000", True),
        ("013800138000", "+8613800138000", "138****8000", "8000", True),
        ("0136424461-76", "+8613642446176", "136****6176", "6176", True),
        ("00861392482-1101", "+8613924821101", "139****1101", "1101", True),
        ("１３８．００１３．８０００", "+8613800138000", "138****8000", "8000", True),
        ("（0571）8765 4321", "+8657187654321", "*******4321", "4321", False),
        ("+86 571 8765 4321", "+8657187654321", "*******4321", "4321", False),
        ("010-87654321", "+861087654321", "******4321", "4321", False),
        ("0571-87654321-8001", "+8657187654321;ext=8001", "*******4321", "4321", False),
        ("400-800-1234", "+864008001234", "******1234", "1234", False),
        ("+852 9876 5432", "+85298765432", "+*********32", "5432", True),
        ("001 415 555 2671", "+14155552671", "+*********71", "2671", False),
    ],
)
def test_numbers_of_all_kinds(text, e164, masked, last4, is_mobile):
    phone = normalise(text)
    assert (phone.e164, phone.masked, phone.last4, phone.is_mobile) == (
        e164,
        masked,
        last4,
        is_mobile,
    )


@pytest.mark.parametrize("text", ["13800000000", "13888888888", "13812345678", "0571-80000000"])
def test_made_up_numbers_are_flagged(text):
    assert normalise(text).is_placeholder


@pytest.mark.parametrize("text", ["13800138000", "13800000001", "0571-88888888"])
def test_real_looking_numbers_are_not_flagged(text):
    assert not normalise(text).is_placeholder


def test_nothing_prints_the_number():
    phone = normalise("13800138000")
    assert "00138" not in f"{phone} {phone!r}"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000，13900139000", ["13800138000", "13900139000"]),
        ("13800138000；13900139000、 ", ["13800138000", "13900139000"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("13800138000\n0571-88888888", ["13800138000", "0571-88888888"]),
        ("138 0013 8000 139 0013 9000", ["138 0013 8000", "139 0013 9000"]),
        ("0571 88888888 13800138000", ["0571 88888888", "13800138000"]),
        ("138 0013 8000", ["138 0013 8000"]),
        ("0571 8888 8888", ["0571 8888 8888"]),
        ("13800138000 张三", ["13800138000 张三"]),
        ("  ", []),
    ],
)
def test_cells_are_split_into_numbers(cell, numbers):
    assert split(cell) == numbers


@given(st.one_of(mobiles, landlines, foreigners))
def test_normalising_twice_changes_nothing(text):
    phone = normalise(text)
    assert normalise(phone.e164) == phone


@given(
    mobiles,
    st.lists(separators, min_size=10, max_size=10),
    st.sampled_from(["", "+86", "0086", "86", "+86-", "0"]),
    st.booleans(),
)
def test_the_same_digits_are_the_same_number(digits, gaps, prefix, wide):
    text = prefix + "".join(a + b for a, b in zip(digits, [*gaps, ""], strict=True))
    if wide:
        text = text.translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    assert normalise(text).e164 == "+86" + digits


@given(st.one_of(mobiles, landlines), st.one_of(mobiles, landlines))
def test_different_numbers_stay_different(one, other):
    assert (normalise(one).e164 == normalise(other).e164) == (one == other)


@given(st.text(alphabet="0123456789+-() ;ext=转/.eE０１８²٣", max_size=24), st.booleans())
def test_any_text_is_a_valid_number_or_a_refusal(text, from_sheet):
    try:
        phone = normalise(text, from_sheet=from_sheet)
    except PhoneRefused:
        return
    number = phonenumbers.parse(phone.e164.partition(";")[0], None)
    assert phonenumbers.is_valid_number(number)
    assert normalise(phone.e164) == phone


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_the_quick_test_of_mobiles_is_the_library_s(digits):
    expected = phonenumbers.is_valid_number(phonenumbers.parse("+86" + digits, None))
    try:
        found = normalise(digits).is_mobile
    except PhoneRefused:
        found = False
    assert found == expected


@given(st.one_of(mobiles, landlines, foreigners))
def test_a_mask_shows_no_more_than_allowed(text):
    phone = normalise(text)
    allowed = 7 if phone.is_mobile and phone.country == "CN" else 4 if phone.country == "CN" else 2
    assert len(re.findall(r"\d", phone.masked)) == allowed


def test_keys_rotate_and_compare_without_reading():
    old, new = PhoneKeys.new_key(), PhoneKeys.new_key()
    before = PhoneKeys(old, b"i" * 32)
    after = PhoneKeys([new, old], "i" * 32)
    sealed = before.encrypt("+8613800138000")

    assert b"138" not in sealed
    assert after.decrypt(memoryview(sealed)) == "+8613800138000"
    assert PhoneKeys(new, b"i" * 32).decrypt(after.rotate(sealed)) == "+8613800138000"
    assert before.index("+8613800138000") == after.index("+8613800138000")
    assert len(before.index("+8613800138000")) == 32
    assert before.index("+8613800138000") != before.index("+8613800138001")
    assert before.index("+8613800138000") != PhoneKeys(old, b"j" * 32).index("+8613800138000")


def test_a_lost_key_is_named_and_a_short_one_refused():
    keys = PhoneKeys(Fernet.generate_key(), b"i" * 16)
    with pytest.raises(PhoneUnreadable):
        PhoneKeys(PhoneKeys.new_key(), b"i" * 16).decrypt(keys.encrypt("+8613800138000"))
    with pytest.raises(PhoneUnreadable):
        keys.rotate(b"nonsense")
    with pytest.raises(ValueError, match="16 bytes"):
        PhoneKeys(PhoneKeys.new_key(), "short")
    assert "i" * 16 not in repr(keys)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("客户电话13800138000，微信 abc", "客户电话138****8000，微信 abc"),
        ("1 3 8 0 0 1 3 8 0 0 0", "138****8000"),
        ("tel:+86 138-0013-8000 ok", "tel:138****8000 ok"),
        ("１３８００１３８０００", "138****8000"),
        ("𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "138****8000"),
        ("1380013800013900139000", "138****8000 139****9000"),
        ("13800138000\n13900139000", "138****8000 139****9000"),
        ("138，0013，8000", "138****8000"),
        ("138\u200b0013\u200b8000", "138****8000"),
        ("Person 1350 · 138 0013 8000", "Person 1350 · 138****8000"),
        ("008 138 0013 8000", "008 138****8000"),
        ("座机0571-88888888", "座机********8888"),
        ("身份证330106199001011234", "身份证330106199001011234"),
        ("订单 1380013800", "订单 1380013800"),
        ("2026-03-05 19:40 全宽１２３", "2026-03-05 19:40 全宽１２３"),
    ],
)
def test_numbers_in_notes_are_masked(text, masked):
    assert mask_in_text(text) == masked


@given(
    st.integers(0, 99_999).map(str),
    st.sampled_from([" ", " · ", "-", ", ", "，", "(", " 86 "]),
    st.sampled_from(["138 0013 8000", "138-0013-8000", "13800138000", "138,0013,8000"]),
)
def test_a_number_behind_another_figure_is_masked_whole(figure, between, number):
    """“1350 · 138 0013 8000” was read as 1350 138 0013, and showed the rest."""
    shown = mask_in_text(f"{figure}{between}{number}")
    assert shown.endswith("138****8000")


@given(mobiles, st.text(max_size=20), st.text(max_size=20))
def test_no_mobile_survives_in_a_note(digits, before, after):
    assert digits not in mask_in_text(f"{before}，{digits}。{after}")
