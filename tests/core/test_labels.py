"""A label and its text, punctuated in the reader's language."""

from django.utils import translation

from core.labels import labelled


def test_a_label_stands_alone_without_a_text():
    assert labelled("Test drive", "") == "Test drive"
    with translation.override("en"):
        assert labelled("Test drive", "X5") == "Test drive: X5"
