"""Markdown: the little that pages need, and nothing that carries away or loads."""

import time

import pytest

from core.markdown import as_html


def test_a_page_has_headings_lists_tables_and_emphasis():
    html = as_html("# 开头\n\n**谢谢**您\n第二行\n\n- 一\n- 二\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<h2>开头</h2>" in html
    assert "<p><strong>谢谢</strong>您<br>" in html
    assert "<li>二</li>" in html
    assert "<td>2</td>" in html
    assert "<h1" not in html


def test_a_column_is_set_to_its_side_by_a_class_for_styles_are_not_loaded():
    html = as_html("| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 |")
    assert "style" not in html
    for cell in ("<td>1</td>", '<td class="text-start">2</td>', '<td class="text-center">3</td>',
                 '<td class="text-end">4</td>', '<th class="text-end">d</th>'):  # fmt: skip
        assert cell in html


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[tap](javascript:alert(1))",
        "[tap](https://elsewhere.example)",
        "![picture](https://elsewhere.example/p.png)",
        "<https://elsewhere.example>",
        "| <svg onload=alert(1)> |\n|---|\n| <b>x</b> |",
    ],
)
def test_html_links_and_pictures_stay_what_was_typed(typed):
    html = as_html(typed)
    for sign in ("<script", "<img", "<a ", "<svg", "<b>", "href", "src=x>"):
        assert sign not in html


@pytest.mark.parametrize("typed", ["*", "**a ", "> ", "- ", "[ ", "|", "\\", "a|"])
def test_a_hostile_text_is_drawn_in_time(typed):
    began = time.perf_counter()
    as_html((typed * 20_000)[:20_000])
    assert time.perf_counter() - began < 2
