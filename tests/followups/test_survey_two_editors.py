"""Two tabs, one survey: the later is told what was published, and publishes on top of it."""

import pytest
import time_machine

from followups.queries.surveys import newest_version
from followups.states import QuestionKind
from tests.followups.build import at
from tests.followups.surveying import publish
from tests.tabs import tab

pytestmark = pytest.mark.django_db
NEW = {
    "questions-4-text_zh": "包装清走了吗？", "questions-4-text_en": "Was the packing taken?",
    "questions-4-kind": "choice",
    "questions-4-options-0-text_zh": "清走了", "questions-4-options-0-text_en": "Yes",
    "questions-4-options-1-text_zh": "没有", "questions-4-options-1-text_en": "No",
    "note": "师傅反映",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(at("2026-03-12 09:50"), tick=True):
        yield


def opened(browser, code="T7"):
    return tab(browser.get(f"/surveys/{code}/"), having="seen")


def place_of(form, code) -> str:
    """The row of the form in which this question stands."""
    (name,) = [name for name, value in form.items() if name.endswith("-code") and value == [code]]
    return name.removesuffix("-code")


def asked(code="T7") -> list[str]:
    return [each.code for each in newest_version(code).asked]


def test_the_later_is_told_and_publishes_on_top_of_the_new_order(company, as_):
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    theirs, mine = opened(first), opened(second)
    before = asked()
    theirs |= {f"questions-{at_}-position": str(9 - at_) for at_ in range(len(before))}
    theirs[f"{place_of(theirs, 'crew')}-text_en"] = "theirs"
    assert publish(first, "T7", theirs).status_code == 302

    mine |= {f"{place_of(mine, 'satisfaction')}-text_en": "mine", **NEW}
    told = second.post("/surveys/T7/", mine)
    conflict = told.context["conflict"]
    assert conflict.who == company.marketing_manager.name
    assert [row.is_both for row in conflict.rows] == [False, False]
    assert not told.context["head"].non_field_errors()

    again = tab(told, having="seen")
    assert again["note"] == ["师傅反映"]
    assert publish(second, "T7", again).status_code == 302
    version = newest_version("T7")
    assert version.note == "师傅反映"
    assert asked() == [*reversed(before), "was_the_packing_taken"]
    words = {each.code: each.text_en for each in version.asked}
    assert (words["crew"], words["satisfaction"]) == ("theirs", "mine")
    assert version.asked[-1].kind == QuestionKind.CHOICE
    assert [each.code for each in version.asked[-1].options.all()] == ["yes", "no"]


def test_what_both_changed_stays_as_the_later_wrote_it_and_is_named(company, as_):
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    theirs, mine = opened(first), opened(second)
    row = place_of(mine, "crew")
    assert publish(first, "T7", theirs | {f"{row}-text_en": "theirs"}).status_code == 302
    told = second.post("/surveys/T7/", mine | {f"{row}-text_en": "mine"})
    assert [row.is_both for row in told.context["conflict"].rows] == [True]
    again = tab(told, having="seen")
    assert again[f"{place_of(again, 'crew')}-text_en"] == ["mine"]
    assert publish(second, "T7", again).status_code == 302


def test_a_question_that_the_other_took_out_stays_out_unless_it_was_changed(company, as_):
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    theirs, mine = opened(first), opened(second)
    out = {f"{place_of(theirs, code)}-is_retired": "on" for code in ("crew", "trouble")}
    assert publish(first, "T7", theirs | out).status_code == 302
    told = second.post("/surveys/T7/", mine | {f"{place_of(mine, 'crew')}-text_en": "mine"})
    assert publish(second, "T7", tab(told, having="seen")).status_code == 302
    assert "crew" in asked()
    assert "trouble" not in asked()


def test_who_is_passed_while_looking_at_the_changes_is_told_at_the_press_and_keeps_the_reason(
    company, as_
):
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    theirs, mine = opened(first), opened(second)
    look = second.post("/surveys/T7/", mine | {f"{place_of(mine, 'trouble')}-text_en": "mine"})
    form = tab(look, having="seen") | {"note": "师傅反映", "act": "publish"}
    changed = theirs | {f"{place_of(theirs, 'crew')}-text_en": "theirs"}
    assert publish(first, "T7", changed).status_code == 302
    told = second.post("/surveys/T7/", form)
    assert told.context["conflict"].who == company.marketing_manager.name
    again = tab(told, having="seen")
    assert publish(second, "T7", again).status_code == 302
    words = {each.code: each.text_en for each in newest_version("T7").asked}
    assert (words["crew"], words["trouble"]) == ("theirs", "mine")
    assert newest_version("T7").note == "师傅反映"


def test_a_reason_that_is_too_long_is_kept_where_somebody_was_quicker(company, as_):
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    theirs, mine = opened(first), opened(second)
    look = second.post("/surveys/T7/", mine | {f"{place_of(mine, 'trouble')}-text_en": "mine"})
    form = tab(look, having="seen") | {"note": "长" * 201, "act": "publish"}
    changed = theirs | {f"{place_of(theirs, 'crew')}-text_en": "theirs"}
    assert publish(first, "T7", changed).status_code == 302
    told = second.post("/surveys/T7/", form)
    assert told.context["conflict"].who == company.marketing_manager.name
    look = second.post("/surveys/T7/", tab(told, having="seen"))
    assert look.template_name == "followups/survey_look.html"
    assert look.context["form"].errors["note"]
    assert tab(look, having="seen")["note"] == ["长" * 201]


def test_who_is_passed_in_the_very_moment_keeps_a_new_question_of_the_same_words(
    company, as_, monkeypatch
):
    """Both codes are given before either version stands."""
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    theirs, mine = opened(first), opened(second)
    assert publish(first, "T7", theirs | NEW).status_code == 302
    monkeypatch.setattr(
        "followups.forms.survey_editor.code_of", lambda text, taken: "was_the_packing_taken"
    )
    told = second.post("/surveys/T7/", mine | NEW | {"questions-4-text_zh": "旧床搬走了吗？"})
    monkeypatch.undo()
    assert publish(second, "T7", tab(told, having="seen")).status_code == 302
    words = {each.code: each.text_zh for each in newest_version("T7").asked}
    assert words["was_the_packing_taken"] == "包装清走了吗？"
    assert words["was_the_packing_taken_2"] == "旧床搬走了吗？"
