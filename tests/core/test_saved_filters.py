"""Narrowings that a person keeps by name."""

import pytest
from django.http import QueryDict

from core.models import SavedFilter
from core.services.saved_filters import (
    MOST,
    FilterNotSaved,
    narrowing_of,
    save_filter,
)
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db


def test_what_belongs_to_one_visit_is_left_out():
    asked = QueryDict("grade=A&after=abc&part=total&cols=name&q=&sort=-last")
    assert narrowing_of(asked) == "grade=A&sort=-last"


def test_a_filter_is_kept_by_name_and_written_over():
    person = PersonFactory()
    save_filter(by=person, list_name="customers", name=" My  A ", asked=QueryDict("grade=A"))
    save_filter(by=person, list_name="customers", name="My A", asked=QueryDict("grade=A&due=late"))
    assert [(f.name, f.query) for f in SavedFilter.objects.filter(person=person)] == [
        ("My A", "grade=A&due=late")
    ]


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        ("", "grade=A", "name_missing"),
        ("x" * 41, "grade=A", "name_too_long"),
        ("all", "after=abc", "nothing_to_save"),
        ("mine", "q=13800138001", "holds_a_number"),
        ("138 0013 8001", "grade=A", "holds_a_number"),
        ("long", "q=" + "x" * 1001, "too_long"),
    ],
)
def test_what_is_not_kept_says_why(name, query, code):
    with pytest.raises(FilterNotSaved) as refusal:
        save_filter(by=PersonFactory(), list_name="customers", name=name, asked=QueryDict(query))
    assert refusal.value.codes == (code,)


def test_nobody_keeps_more_than_can_be_overlooked():
    person = PersonFactory()
    for number in range(MOST):
        save_filter(by=person, list_name="customers", name=f"f{number}", asked=QueryDict("grade=A"))
    with pytest.raises(FilterNotSaved):
        save_filter(by=person, list_name="customers", name="one more", asked=QueryDict("grade=A"))
