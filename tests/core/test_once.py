"""A form acts once, and its key answers for nothing but what was sent with it."""

from uuid import uuid4

import pytest
from django.db import transaction

from core.models import FormToken
from core.services.once import FormOfSomebodyElse, once
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db


def send(key, by, content="", *, makes=7):
    with transaction.atomic(), once(key=key, purpose="test", by=by, content=content) as form:
        if form.result_id is None:
            form.result_id = makes
        return form.result_id


def test_the_same_content_gets_the_same_answer():
    key, by = uuid4(), PersonFactory()
    assert [send(key, by, "许文博 13800138001", makes=n) for n in (7, 8)] == [7, 7]


def test_other_content_under_a_used_key_is_refused_in_words():
    key, by = uuid4(), PersonFactory()
    send(key, by, "许文博 13800138001")
    with pytest.raises(FormOfSomebodyElse) as refusal:
        send(key, by, "李秀英 13800138002")
    assert refusal.value.codes == ("other_content",)
    assert "%" not in str(refusal.value)


def test_a_form_that_names_no_content_asks_for_none():
    key, by = uuid4(), PersonFactory()
    assert send(key, by) == send(key, by, makes=8) == 7


def test_what_was_sent_cannot_be_read_from_the_token():
    key, by = uuid4(), PersonFactory()
    send(key, by, "13800138001")
    token = FormToken.objects.get(key=key)
    assert len(token.content_hash) == 64
    assert "138" not in str(token)


def test_only_a_twin_reads_what_the_first_one_wrote(django_assert_num_queries):
    key, by = uuid4(), PersonFactory()
    with django_assert_num_queries(4):  # its savepoint, the token, its answer
        send(key, by)
    with django_assert_num_queries(4):  # its savepoint, the token that is there already, and that
        assert send(key, by, makes=8) == 7
