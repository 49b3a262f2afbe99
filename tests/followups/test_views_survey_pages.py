"""Surveys to read and to publish anew, and one result."""

from datetime import date

import pytest
import time_machine

from followups.forms.survey_options import OPENS
from followups.models import Question, Survey, SurveyVersion
from followups.queries.surveys import newest_version
from followups.rules.surveys import QuestionTerms, code_of
from followups.services import SurveyNotPublished, publish_survey
from followups.states import QuestionKind
from staff.states import Trade
from tests.followups.build import at
from tests.followups.surveying import delivered, only_result, publish, shop, task_asking, url
from tests.followups.test_views_surveys import as_person, hold
from tests.tabs import tab

pytestmark = [pytest.mark.django_db]
NOW = at("2026-03-12 09:50")
NEW = {
    "questions-4-text_zh": "包装清走了吗？", "questions-4-text_en": "Was the packing taken?",
    "questions-4-kind": "choice",
    "questions-4-options-0-text_zh": "清走了", "questions-4-options-0-text_en": "Yes",
    "questions-4-options-1-text_zh": "没有", "questions-4-options-1-text_en": "No",
    "questions-4-options-1-opens": "complaint",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def editor_data(browser, code: str, **changes: str) -> dict[str, list[str] | str]:
    """The editor's form as it stands, with these changes."""
    return {**tab(browser.get(f"/surveys/{code}/"), having="seen"), **changes}


def test_every_shipped_survey_asks_a_customer_eight_questions_at_most():
    assert set(Survey.objects.values_list("code", flat=True)) == {f"T{n}" for n in range(1, 8)}
    for survey in Survey.objects.all():
        questions = Question.objects.filter(version__survey=survey)
        assert questions.exclude(text_zh="").exclude(text_en="").count() == questions.count()
        for trade in Trade:
            asked = [each for each in questions if not each.trades or trade in each.trades]
            assert 0 < len(asked) <= 8


def test_staff_read_and_editors_publish_a_new_version(company, as_):
    assert as_(company.sales_store).get("/surveys/").status_code == 200
    page = as_(company.sales_store).get("/surveys/T7/")
    assert page.status_code == 200
    assert "安装" in page.content.decode()
    ops = as_(company.ops_manager)
    form = editor_data(ops, "T7")
    assert as_(company.sales_store).post("/surveys/T7/", form).status_code == 403
    assert as_(company.admin).get("/surveys/").status_code == 403
    assert ops.get("/surveys/T9/").status_code == 404

    form |= {
        "questions-0-is_retired": "on", "questions-1-position": "4", **NEW,
    }  # fmt: skip
    assert publish(ops, "T7", form, why="师傅反映").status_code == 302
    version = newest_version("T7")
    assert (version.number, version.published_by, version.note) == (
        2, company.ops_manager, "师傅反映",
    )  # fmt: skip
    assert [each.code for each in version.asked] == [
        "crew", "trouble", "satisfaction", "was_the_packing_taken",
    ]  # fmt: skip
    options = version.asked[-1].options.order_by("position")
    assert [(o.code, o.opens) for o in options] == [("yes", ""), ("no", "complaint")]
    first = SurveyVersion.objects.get(survey__code="T7", number=1)
    assert first.questions.count() == 4
    old = as_(company.ops_manager).get("/surveys/T7/?version=1")
    assert not old.context["may_edit"]


def test_what_changes_is_shown_first_and_published_with_a_reason_only(company, as_):
    ops = as_(company.ops_manager)
    form = editor_data(ops, "T7", **NEW, **{"questions-1-is_retired": "on"})
    look = ops.post("/surveys/T7/", form)
    assert len(look.context["rows"]) == 2
    assert look.context["number"] == 2
    page = ops.post("/surveys/T7/", tab(look, having="seen") | {"act": "publish"})
    assert page.context["form"].errors["note"]
    assert Survey.objects.get(code="T7").versions.count() == 1

    editor = ops.post("/surveys/T7/", tab(page, having="seen") | {"act": "edit"})
    back = tab(editor, having="seen")
    assert back["questions-4-options-1-text_zh"] == ["没有"]
    assert back["questions-1-is_retired"] == ["on"]
    assert publish(ops, "T7", back).status_code == 302
    assert newest_version("T7").number == 2


def test_a_reason_that_is_too_long_is_told_beside_it_and_nothing_typed_is_lost(company, as_):
    ops = as_(company.ops_manager)
    look = ops.post("/surveys/T7/", editor_data(ops, "T7", **NEW))
    long = tab(look, having="seen") | {"note": "长" * 201, "act": "publish"}
    page = ops.post("/surveys/T7/", long)
    assert page.template_name == "followups/survey_look.html"
    assert len(page.context["form"].errors["note"]) == 1
    assert 'id="id_note_error"' in page.content.decode()
    assert tab(page, having="seen")["note"] == ["长" * 201]

    editor = ops.post("/surveys/T7/", tab(page, having="seen") | {"act": "edit"})
    again = ops.post("/surveys/T7/", tab(editor, having="seen"))
    assert again.context["form"].errors["note"]
    short = tab(again, having="seen") | {"note": "长" * 200, "act": "publish"}
    assert ops.post("/surveys/T7/", short).status_code == 302
    assert newest_version("T7").note == "长" * 200


@pytest.mark.parametrize("kind", ["scale", ""])
def test_options_of_a_question_that_is_no_choice_are_refused_and_not_dropped(company, as_, kind):
    ops = as_(company.ops_manager)
    page = ops.post("/surveys/T7/", editor_data(ops, "T7", **NEW | {"questions-4-kind": kind}))
    (wrong,) = [form for form in page.context["questions"] if form.wrong]
    assert list(wrong.errors) == ["kind"]
    sent = tab(page, having="seen")
    assert sent["questions-4-options-1-text_zh"] == ["没有"]
    assert publish(ops, "T7", sent | {"questions-4-kind": "choice"}).status_code == 302


def test_what_is_as_before_or_was_changed_meanwhile_is_refused_in_words(company, as_):
    ops = as_(company.ops_manager)
    same = ops.post("/surveys/T7/", editor_data(ops, "T7"))
    assert same.context["head"].non_field_errors()
    stale = editor_data(ops, "T7", **{"questions-0-is_retired": "on"})
    assert publish(ops, "T7", stale).status_code == 302
    assert ops.post("/surveys/T7/", stale).context["conflict"]
    assert Survey.objects.get(code="T7").versions.count() == 2


def test_a_refusal_names_the_question_by_its_words_and_leads_to_it(company, as_):
    ops = as_(company.ops_manager)
    form = editor_data(ops, "T7", **NEW)
    for at_ in (0, 1):
        form |= {f"questions-4-options-{at_}-text_zh": "", f"questions-4-options-{at_}-text_en": ""}
    (sentence,) = ops.post("/surveys/T7/", form).context["head"].non_field_errors()
    assert "包装清走了吗" in sentence
    wrong = ops.post("/surveys/T7/", editor_data(ops, "T7", **{"questions-0-text_zh": ""}))
    assert 'href="#id_questions-0-text_zh_error"' in wrong.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"questions-0-text_zh": ""},
        {"questions-0-text_zh": "问" * 201},
        {"questions-4-text_en": "Only English"},
        {
            "questions-4-text_zh": "",
            "questions-4-text_en": "",
            "questions-4-options-0-text_zh": "是",
        },
        {**NEW, "questions-4-options-1-text_en": ""},
        {**NEW, "questions-4-options-1-text_en": "n" * 201},
    ],
)
def test_a_question_and_its_options_stand_in_both_languages_and_are_not_cut(company, as_, changes):
    ops = as_(company.ops_manager)
    form = editor_data(ops, "T7", **changes)
    page = ops.post("/surveys/T7/", form)
    assert any(each.wrong for each in page.context["questions"])
    sent = tab(page, having="seen")
    assert {name: sent[name] for name in changes} == {k: [v] for k, v in changes.items()}


def test_the_browser_cuts_no_question(company, as_):
    page = as_(company.ops_manager).get("/surveys/T7/").content.decode()
    assert "maxlength" not in page[page.index('id="editor"') : page.index("</form>")]


def test_options_keep_their_codes_take_their_places_and_are_taken_out_by_emptying_them(
    company, as_
):
    ops = as_(company.ops_manager)
    assert publish(ops, "T7", editor_data(ops, "T7", **NEW)).status_code == 302
    row = "questions-4-options-"
    form = editor_data(ops, "T7", **{
        f"{row}0-text_en": "All of it", f"{row}1-text_zh": "", f"{row}1-text_en": "",
        f"{row}2-text_zh": "一半", f"{row}2-text_en": "Half", f"{row}2-position": "1",
    })  # fmt: skip
    assert publish(ops, "T7", form).status_code == 302
    options = newest_version("T7").asked[-1].options.order_by("position")
    assert [(o.code, o.text_en) for o in options] == [("half", "Half"), ("yes", "All of it")]


def test_more_than_eight_questions_of_one_customer_are_refused(company):
    survey = Survey.objects.get(code="T3")
    many = [
        QuestionTerms(code=f"q{n}", kind="text", text_en=f"Q{n}", text_zh=f"问{n}")
        for n in range(9)
    ]
    with pytest.raises(SurveyNotPublished) as refusal:
        publish_survey(
            survey=survey, questions=many, seen=1, note="", by=company.ops_manager, now=NOW
        )
    assert refusal.value.codes == ("too_many_questions",)


def test_codes_are_made_of_english_words_and_never_twice():
    assert code_of("Was it taken?", taken=["was_it_taken"]) == "was_it_taken_2"


def test_a_result_is_read_within_reach_with_numbers_masked(company, as_):
    place = shop(Trade.CARS)
    who, _car = delivered(place, on=date(2026, 3, 11), now=NOW)
    task = task_asking(who, "dealer_24h", now=NOW)
    manager = as_person(place.manager)
    hold(
        manager, url(who, task), q_feeling="4", q_behaviour="找他13812345678",
        note="回电13812345678",
    )  # fmt: skip
    result = only_result()
    page = manager.get(f"/survey-results/{result.pk}/")
    assert page.status_code == 200
    assert "13812345678" not in page.content.decode()
    assert as_(company.sales_store).get(f"/survey-results/{result.pk}/").status_code == 404
    assert as_(company.marketing_manager).get(f"/survey-results/{result.pk}/").status_code == 200
    card = manager.get(f"/customers/{who.pk}/").content.decode()
    assert f"/survey-results/{result.pk}/" in card
    paper = manager.get(f"/customers/{who.pk}/print/owner/")
    assert "4 分" in paper.content.decode()


def test_a_new_question_is_looked_at_whole_before_it_is_published(company, as_):
    """Its kind, its options and what they open, of whom it is asked, and whether it asks why."""
    browser = as_(company.ops_manager)
    look = browser.post("/surveys/T7/", editor_data(browser, "T7", **NEW))
    (row,) = look.context["rows"]
    lines = ["".join(piece.text for piece in line) for line in row.lines]
    assert row.label.startswith("包装清走了吗？")
    assert "Was the packing taken?" in lines
    assert any(str(QuestionKind.CHOICE.label) in line for line in lines)
    (bad,) = [line for line in lines if "没有" in line]
    assert str(OPENS["complaint"]) in bad
    assert all(line in look.content.decode() for line in lines)
    assert len(lines) == 7

    points = NEW | {"questions-4-kind": "scale", "questions-4-counts": "on"}
    points |= {name: "" for name in NEW if "options" in name}
    (row,) = browser.post("/surveys/T7/", editor_data(browser, "T7", **points)).context["rows"]
    scale = ["".join(piece.text for piece in line) for line in row.lines]
    assert any(str(QuestionKind.SCALE.label) in line for line in scale)
    assert len({lines[-1], scale[-1]}) == 2, "each says when it asks why"
