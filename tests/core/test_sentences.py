"""Sentences joined as each language writes them."""

import pytest

from core.refusals import Refused
from core.rules import Blocker
from core.sentences import joined


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        (["It is late.", "Come again."], "It is late. Come again."),
        (
            ["该客户已被报备，保护中。", "释放后会通知您。"],
            "该客户已被报备，保护中。释放后会通知您。",
        ),
        (["", "该客户已被报备。", ""], "该客户已被报备。"),
        ([], ""),
    ],
)
def test_chinese_sentences_are_joined_without_a_blank(sentences, text):
    assert joined(sentences) == text


def test_a_refusal_with_two_reasons_reads_as_one_text():
    class NotDone(Refused):
        messages = {"late": "已超过时间。", "missing": "缺少地址。"}

    assert str(NotDone(Blocker("late", {}), Blocker("missing", {}))) == "已超过时间。缺少地址。"
