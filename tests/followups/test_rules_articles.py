"""Placeholders, differences and what a search found, without a database."""

import time

import pytest

from followups import rules
from followups.rules import ArticleTerms, Piece
from followups.states import Situation

TERMS = {
    "kind": "script", "situation": "", "clauses": ("KNW-01",),
    "title_en": "T", "title_zh": "题", "body_en": "Hello {name}.", "body_zh": "{name}您好。",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"body_en": ""}, ["words_missing"]),
        ({"title_zh": ""}, ["words_missing"]),
        ({"body_zh": "{naem}您好"}, ["unknown_slot"]),
        ({"body_zh": "{}您好"}, ["unknown_slot"]),
        ({"title_en": "{phone}"}, ["unknown_slot"]),
        ({"situation": "doubt"}, []),
        ({"kind": "training", "situation": "doubt"}, ["situation_is_a_scripts"]),
        ({"clauses": ("KNW-1",)}, ["clause_is_no_clause"]),
        ({"clauses": ()}, []),
    ],
)
def test_what_stops_a_page(changes, codes):
    terms = ArticleTerms(**{**TERMS, **changes})
    found = rules.article_blockers(terms=terms, holds_number=False)
    assert [blocker.code for blocker in found] == codes


def test_a_number_stops_a_page():
    found = rules.article_blockers(terms=ArticleTerms(**TERMS), holds_number=True)
    assert [blocker.code for blocker in found] == ["number_in_text"]


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("{name}{title}您好", {"name": "王芳", "title": "女士"}, "王芳女士您好"),
        ("Hello {title} {name},", {"name": "Wang", "title": "Ms"}, "Hello Ms Wang,"),
        ("Hello {title} {name},", {"name": "Wang", "title": ""}, "Hello Wang,"),
        ("{name}", {"name": "{store}", "store": "S"}, "{store}"),
        ("{other}", {"name": "x"}, "{other}"),
    ],
)
def test_placeholders_become_facts(text, values, said):
    assert rules.filled(text, values) == said


@pytest.mark.parametrize(
    ("is_first", "grade", "situation"),
    [
        (True, "B1", Situation.FIRST_CONTACT),
        (False, "B1", Situation.PROPOSAL),
        (False, "A", Situation.NEXT_STEP),
        (False, "", Situation.NEXT_STEP),
    ],
)
def test_the_situation_stands_in_where_no_step_names_a_script(is_first, grade, situation):
    assert rules.situation_at_hand(is_first=is_first, grade=grade) == situation


def joined(lines: list[list[Piece]], *marks: str) -> str:
    """The text whose pieces carry these marks."""
    return "\n".join("".join(p.text for p in line if p.mark in marks) for line in lines)


def test_a_change_is_shown_sign_by_sign():
    (line,) = rules.differences(before="您还有什么疑虑", after="您还有哪些疑虑")
    assert line == [
        Piece(text="您还有"),
        Piece(text="什么", mark="gone"),
        Piece(text="哪些", mark="new"),
        Piece(text="疑虑"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc", "a\nc"),
        ("", "new"),
        ("gone", ""),
        ("一\n二\n三", "一\n2\n三\n四"),
        ("same", "same"),
        ("x " * 3000, "y " * 3000),
    ],
)
def test_both_texts_can_be_read_out_of_what_changed(before, after):
    lines = rules.differences(before=before, after=after)
    for text, marks in ((before, ("", "gone")), (after, ("", "new"))):
        assert joined(lines, *marks).replace("\n", "") == text.replace("\n", "")


def test_two_hostile_texts_are_compared_in_time():
    began = time.perf_counter()
    rules.differences(before="a\n" * 10_000, after="a\nb\n" * 5_000)
    rules.differences(before="的" * 20_000, after="的了" * 10_000)
    rules.differences(before="的" * 1000, after="了的" * 500)
    assert time.perf_counter() - began < 3


def test_what_was_sought_is_marked_whatever_its_case():
    assert rules.marked("The Doubt", ["doubt"]) == [
        Piece(text="The "),
        Piece(text="Doubt", mark="hit"),
    ]
    assert rules.marked("plain", []) == [Piece(text="plain")]
    assert rules.marked("a.b", ["."]) == [
        Piece(text="a"), Piece(text=".", mark="hit"), Piece(text="b"),
    ]  # fmt: skip


def test_the_first_line_that_holds_it_is_quoted_without_its_signs():
    body = "## 让他说出来\n- 您有什么**疑虑**，尽管说。"
    assert "".join(p.text for p in rules.excerpt(body, ["疑虑"])) == "您有什么疑虑，尽管说。"
    assert [p.text for p in rules.excerpt(body, ["疑虑"]) if p.mark] == ["疑虑"]
    assert rules.excerpt(body, ["没有"]) == []
    assert rules.excerpt(body, []) == []
    long = rules.excerpt("前" * 100 + "疑虑" + "后" * 200, ["疑虑"])
    assert (long[0].text[0], long[-1].text[-1]) == ("…", "…")


def test_a_placeholder_is_quoted_as_its_word():
    quoted = rules.excerpt(
        "{name}{title}，有什么疑虑", ["疑虑"], slots={"name": "〔姓名〕", "title": ""}
    )
    assert "".join(piece.text for piece in quoted) == "〔姓名〕，有什么疑虑"
