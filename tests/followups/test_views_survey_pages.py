"""Surveys to read and to publish anew, and one result."""

from datetime import date

import pytest
import time_machine

from followups.forms.survey_editor import code_of, read_options
from followups.models import Question, Survey, SurveyVersion
from followups.queries.surveys import newest_version
from followups.services import SurveyNotPublished, publish_survey
from followups.services.survey_versions import QuestionTerms, terms_of
from staff.states import Trade
from tests.followups.build import at
from tests.followups.surveying import delivered, only_result, shop, task_asking, url
from tests.followups.test_views_surveys import as_person, hold

pytestmark = [pytest.mark.django_db]
NOW = at("2026-03-12 09:50")


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


def editor_data(code: str, **changes: str) -> dict[str, str]:
    """The editor's form as it stands, with these changes."""
    version = newest_version(code)
    data = {
        "seen": str(version.number), "note": "", "questions-TOTAL_FORMS": "0",
        "questions-INITIAL_FORMS": "0",
    }  # fmt: skip
    terms = terms_of(version)
    for at_, each in enumerate(terms):
        row = f"questions-{at_}-"
        data |= {
            f"{row}code": each.code, f"{row}position": str(at_ + 1), f"{row}text_zh": each.text_zh,
            f"{row}text_en": each.text_en, f"{row}branch": each.branch,
            f"{row}options": "\n".join(
                " | ".join(filter(None, [o.code, o.text_en, o.text_zh, o.opens]))
                for o in each.options
            ),
        }  # fmt: skip
        data |= {f"{row}is_required": "on"} if each.is_required else {}
        data |= {f"{row}counts": "on"} if each.counts else {}
        if each.trades:
            data[f"{row}trades"] = each.trades[0] if len(each.trades) == 1 else list(each.trades)
    data["questions-TOTAL_FORMS"] = str(len(terms) + 1)
    data["questions-INITIAL_FORMS"] = str(len(terms))
    return {**data, **changes}


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
    assert as_(company.sales_store).post("/surveys/T7/", editor_data("T7")).status_code == 403
    assert as_(company.admin).get("/surveys/").status_code == 403
    assert as_(company.ops_manager).get("/surveys/T9/").status_code == 404

    answer = as_(company.ops_manager).post(
        "/surveys/T7/",
        editor_data("T7", **{
            "questions-0-is_retired": "on", "questions-1-position": "4",
            "questions-4-text_zh": "包装清走了吗？",
            "questions-4-text_en": "Was the packing taken?",
            "questions-4-kind": "choice", "questions-4-options": "Yes | 清走了\nNo | 没有",
            "note": "师傅反映",
        }),
    )  # fmt: skip
    assert answer.status_code == 302
    version = newest_version("T7")
    assert (version.number, version.published_by, version.note) == (
        2, company.ops_manager, "师傅反映",
    )  # fmt: skip
    assert [each.code for each in version.asked] == [
        "crew", "satisfaction", "trouble", "was_the_packing_taken",
    ]  # fmt: skip
    assert [o.code for o in version.asked[-1].options.all()] == ["yes", "no"]
    first = SurveyVersion.objects.get(survey__code="T7", number=1)
    assert first.questions.count() == 4
    old = as_(company.ops_manager).get("/surveys/T7/?version=1")
    assert not old.context["may_edit"]


def test_what_is_as_before_or_was_changed_meanwhile_is_refused_in_words(company, as_):
    ops = as_(company.ops_manager)
    same = ops.post("/surveys/T7/", editor_data("T7"))
    assert same.context["head"].non_field_errors()
    stale = editor_data("T7", **{"questions-0-is_retired": "on"})
    assert ops.post("/surveys/T7/", stale).status_code == 302
    assert ops.post("/surveys/T7/", stale).context["conflict"]
    assert Survey.objects.get(code="T7").versions.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"questions-0-text_zh": ""}, "text_zh"),
        ({"questions-4-text_en": "Only English"}, "text_zh"),
        ({"questions-4-options": "no line", "questions-4-text_en": "a"}, "options"),
    ],
)
def test_a_question_stands_in_both_languages_and_options_are_read(company, as_, changes, field):
    page = as_(company.ops_manager).post("/surveys/T7/", editor_data("T7", **changes))
    assert any(field in form.errors for form in page.context["questions"])


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
    assert [each.code for each in read_options("Yes | 是\nyes2 | Yes | 是 | help")] == [
        "yes", "yes2",
    ]  # fmt: skip


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
