"""Chinese is complete, says nothing that the code no longer says, and is compiled."""

import pytest

from crm import translations
from crm.translations import Spoken


@pytest.fixture(scope="module")
def spoken():
    """What the product says: reading all of it takes seconds."""
    return translations.spoken_texts()


def say(monkeypatch, texts):
    monkeypatch.setattr(translations, "spoken_texts", lambda: texts)


def test_every_text_is_translated_and_compiled(monkeypatch, spoken):
    say(monkeypatch, spoken)
    assert translations.complaints() == []


def test_the_control_a_new_text_is_noticed(monkeypatch, spoken):
    say(monkeypatch, spoken | {Spoken("A sentence nobody has translated.")})
    assert translations.complaints() == ["not translated: 'A sentence nobody has translated.'"]


def test_texts_of_templates_are_read_with_their_plurals():
    found = set(
        translations._of_template(
            "{% load i18n %}{% translate 'Yes' %}"
            "{% blocktranslate count n=n %}{{ n }} day{% plural %}"
            "{{ n }} days{% endblocktranslate %}"
        )
    )
    assert found == {Spoken("Yes"), Spoken("%(n)s day", "%(n)s days")}


def test_a_translating_function_under_another_name_is_noticed():
    read = "from django.utils.translation import gettext as _\n"
    unread = "from django.utils.translation import gettext as _now, ngettext\n"
    assert translations.unread_names(read) == []
    assert translations.unread_names(unread) == ["_now"]


def test_what_is_said_inside_of_an_f_string_is_read():
    source = "told = f\"{_('Size')}: {pgettext('pairs', 'Sold')} {name} {ngettext('a', 'b', n)}\"\n"
    found = set(translations._of_source(source))
    assert found == {Spoken("Size"), Spoken("Sold", context="pairs"), Spoken("a", "b")}
