"""What only the writers of templates need is left out; words stay apart."""

import pytest
from django.template import engines

from core.template_source import squeezed


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{# What it wants. #}\n{% load i18n %}\n", "{% load i18n %}\n"),
        ("<p>\n    one\n\n\n    two  three\n</p>\n", "<p>\none\ntwo  three\n</p>\n"),
        ("<b>a</b>  \n  <b>b</b>", "<b>a</b>\n<b>b</b>"),
        ("a {# in the line #} b\n", "a {# in the line #} b\n"),
        ("{# one #} {# two #}\nx", "x"),
        ("{# one #}<p>{# two #}\nx", "{# one #}<p>{# two #}\nx"),
    ],
)
def test_indentation_blank_lines_and_lines_of_comment_go(source, found):
    assert squeezed(source) == found


def test_the_pages_are_squeezed_and_mails_as_text_are_not():
    engine = engines["django"].engine
    assert "\n  " not in engine.get_template("base.html").source
    mail = engine.get_template("staff/reset_mail.txt")
    with open(mail.origin.name) as file:
        assert mail.source == file.read()


def test_icons_named_in_the_source_are_drawn_when_it_is_read():
    engine = engines["django"].engine
    page = engine.get_template("components/bell.html")
    with open(page.origin.name) as file:
        assert 'include "components/icon.html" with name="' in file.read()
    assert 'include "components/icon.html" with name="' not in page.source
    assert '<svg class="i' in page.source
