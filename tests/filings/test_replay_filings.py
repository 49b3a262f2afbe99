"""`manage.py replay_filings`: cases of a file decided by the live rules, in no database."""

import copy
import json

import pytest
from django.core.management import CommandError, call_command

from tests.filings.casting import CASES

BY_ID = {case["id"]: case for case in CASES["cases"]}


@pytest.fixture
def replay(tmp_path, capsys):
    """What the command prints for these cases: decided ones, sentences, whether it failed."""

    def run(*cases, policy="furniture", data=None):
        path = tmp_path / "cases.json"
        whole = data if data is not None else {"cast": CASES["cast"], "cases": list(cases)}
        path.write_text(whole if isinstance(whole, str) else json.dumps(whole, ensure_ascii=False))
        failed = False
        try:
            call_command("replay_filings", str(path), policy=policy)
        except SystemExit as end:
            failed = end.code == 1
        out = capsys.readouterr()
        return [json.loads(line) for line in out.out.splitlines()], out.err, failed

    return run


def changed(name, **changes):
    return copy.deepcopy(BY_ID[name]) | changes


def test_every_worked_case_is_decided_as_expected_and_without_a_database(replay):
    found, _said, failed = replay(*CASES["cases"])
    assert not failed
    assert [each["id"] for each in found] == list(BY_ID)
    for each in found:
        expected = BY_ID[each["id"]]["expected"]
        assert each["owner"] == expected["owner"]
        assert each["verdict"] == expected["verdict"]
        assert each["filings"] == expected["filings"]
        assert set(BY_ID[each["id"]].get("expected_flags", ())) <= set(each["flags"])
        assert all(reason.keys() == {"clause", "text", "at"} for reason in each["reasons"])


def test_the_clauses_that_decided_are_cited(replay):
    found, _said, _failed = replay(*CASES["cases"])
    for each in found:
        cited = {reason["clause"] for reason in each["reasons"]}
        assert cited & set(BY_ID[each["id"]]["rules"]), each["id"]


def test_another_policy_decides_otherwise(replay, tmp_path):
    own = tmp_path / "seven.json"
    own.write_text('{"protection_days": 7}')
    (ten,), _said, _failed = replay(BY_ID["C07"])
    (seven,), _said, _failed = replay(BY_ID["C07"], policy=str(own))
    assert ten["filings"] == {"F1": "protected"}
    assert seven["filings"] == {"F1": "lost:LAPSED_10D"}


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ('{"protection_day": 7}', "protection_day"),
        ('{"protection_days": "7"}', "protection_days"),
        ('{"protection_days": 0}', "protection_days"),
        ('{"protection_days": true}', "protection_days"),
        ('{"lapse_test": "gap"}', "missed_update"),
        ('{"roll_over_holidays": 1}', "roll_over_holidays"),
        ('{"min_deposit": "-1"}', "min_deposit"),
        ('{"min_deposit": "NaN"}', "min_deposit"),
        ('{"update_days": 11}', ""),
        ("[]", ""),
        ("{", ""),
    ],
)
def test_unknown_and_wrong_parameters_are_refused_in_words(replay, tmp_path, terms, said):
    own = tmp_path / "own.json"
    own.write_text(terms)
    with pytest.raises(CommandError, match=said or "."):
        replay(BY_ID["C07"], policy=str(own))


def test_a_policy_that_is_not_there_is_named(replay):
    with pytest.raises(CommandError, match="boats"):
        replay(BY_ID["C07"], policy="boats")


@pytest.mark.parametrize("data", ["{", "[]", "{}", '{"cast": {}, "cases": 3}', '{"cases": []}'])
def test_a_file_that_is_none_of_cases_is_refused(replay, data):
    with pytest.raises(CommandError):
        replay(data=data)


def broken(key, value):
    """C01 with one key of its first event otherwise; None takes it out."""
    case = changed("C01")
    event = case["events"][0]
    if value is None:
        del event[key]
    else:
        event[key] = value
    return case


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (broken("type", "dance"), "dance"),
        (broken("at", "yesterday"), "yesterday"),
        (broken("at", None), "“at”"),
        (broken("filing", None), "“filing”"),
        (broken("customer", None), "“customer”"),
        (broken("customer", "王"), "C01"),
        (broken("acquired_at", "2026-13-01T00:00:00+08:00"), "acquired_at"),
        (broken("actor", "S9"), "S9"),
        (broken("out_of_scope", "yes"), "out_of_scope"),
        (changed("C01", decide_order="O7"), "O7"),
        (changed("C01", events=[]), "O1"),
        (changed("C01", identity={"confirmed_same": [["F1", "F9"]]}), "F9"),
        ({"id": "X"}, "events"),
        ({"events": []}, "“id”"),
        ("x", ""),
    ],
)
def test_a_bad_case_is_told_in_a_sentence_and_the_good_ones_are_decided(replay, case, said):
    found, err, failed = replay(BY_ID["C05"], case, BY_ID["C06"])
    assert failed
    assert [each["id"] for each in found] == ["C05", "C06"]
    assert said in err
    assert len(err.strip().splitlines()) == 1


def moved(name, index, **changes):
    case = changed(name)
    case["events"][index] |= changes
    return case


def test_a_filing_at_the_second_of_the_deposit_is_after_it(replay):
    deposit, filing = BY_ID["C02"]["events"]
    at = deposit["at"]
    case = changed("C02", events=[filing | {"at": at}, deposit])
    (found,), _said, _failed = replay(case)
    assert (found["owner"], found["filings"]) == ("G1", {"F1": "invalid:AFTER_DEAL"})


def test_a_deposit_under_the_other_number_of_one_customer_goes_to_the_first_filer(replay):
    case = changed("C21")
    numbers = [event["customer"]["phone"] for event in case["events"] if event["type"] == "file"]
    for number in numbers:
        for event in case["events"]:
            if event["type"] == "deposit":
                event["customer"]["phone"] = number
        (found,), _said, _failed = replay(case)
        assert (found["owner"], found["verdict"]) == ("S1", "adjudicate")


def test_an_address_alone_is_put_before_a_person(replay):
    case = changed("C21")
    del case["identity"]
    (found,), _said, _failed = replay(case)
    assert found["verdict"] == "adjudicate"
    assert "SUSPECTED_SAME" in found["flags"]


def test_a_further_deposit_goes_where_the_first_one_went(replay):
    case = changed("C01", decide_order="O2")
    again = case["events"][-1] | {"at": "2026-05-09T15:30:00+08:00", "order": "O2", "closer": "G2"}
    case["events"].append(again)
    (found,), _said, _failed = replay(case)
    assert found["owner"] == "S1"
    assert [reason["clause"] for reason in found["reasons"]] == ["FIL-21"]
    case["events"].insert(-1, {"at": "2026-05-08T10:00:00+08:00", "type": "refund",
                               "order": "O1", "actor": "G1"})  # fmt: skip
    (found,), _said, _failed = replay(case)
    assert found["owner"] == "G2"


def test_the_keeper_of_a_buyer_has_what_nobody_filed_and_a_person_looks_at_it(replay):
    case = changed("C02", existing_customer_owner="G2")
    (found,), _said, _failed = replay(case)
    assert (found["owner"], found["verdict"]) == ("G2", "adjudicate")


def test_a_contact_of_an_assistant_counts_for_whom_it_was_made(replay):
    """C06 is lost by silence; a call in time keeps it, if it was the filer's or for them."""
    case = changed("C06")
    filer = case["events"][0]["actor"]
    call = {"at": "2026-03-12T10:00:00+08:00", "type": "followup", "actor": "A1",
            "filing": "F1", "channel": "call_connected"}  # fmt: skip
    for told, expected in (
        ({}, "lost:LAPSED_10D"),
        ({"on_behalf_of": filer}, "protected"),
        ({"on_behalf_of": filer, "channel": "edit"}, "lost:LAPSED_10D"),
        ({"on_behalf_of": filer, "reached": False}, "lost:LAPSED_10D"),
    ):
        events = [*case["events"][:-1], call | told, case["events"][-1]]
        (found,), _said, _failed = replay(case | {"events": events})
        assert found["filings"]["F1"] == expected, told
