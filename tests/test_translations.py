"""Chinese is complete, says nothing that the code no longer says, and is compiled."""

from crm import translations
from crm.translations import Spoken


def test_every_text_is_translated_and_compiled():
    assert translations.complaints() == []


def test_the_control_a_new_text_is_noticed(monkeypatch):
    texts = translations.spoken_texts() | {Spoken("A sentence nobody has translated.")}
    monkeypatch.setattr(translations, "spoken_texts", lambda: texts)
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
