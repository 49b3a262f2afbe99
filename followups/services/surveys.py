"""Surveys held with a customer, in one transaction with the contact and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.labels import labelled
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from customers import services as customers
from customers.models import Contact, Customer, OwnedProduct
from customers.rules import NextStep, is_reached
from customers.states import Outcome, Reason
from followups.models import (
    Case,
    Obligation,
    Option,
    Question,
    SurveyAnswer,
    SurveyResult,
    SurveyVersion,
    Task,
)
from followups.queries.surveys import as_rules_see, survey_of, to_be_told
from followups.rules import surveys as rules
from followups.rules.surveys import Asked, Given
from followups.services import branches as branching
from followups.services import cases
from followups.services.aftermath import Logged
from followups.services.branches import Branches
from followups.services.contacts import log_contact
from followups.services.holding import hold_one
from followups.states import Branch, CaseKind, MoveReason, State
from staff.models import Person

# Whoever holds a survey cares for somebody.
REASON = Reason.CARE
LONGEST_CASE = Case._meta.get_field("text").max_length or 0
LONGEST_HOBBIES = Customer._meta.get_field("hobbies").max_length or 0
# Whoever is asked about by name; a low mark here is about a person (AFT-15).
ABOUT_A_PERSON = ("person_service",)
CASE_OF = {Branch.COMPLAINT: CaseKind.COMPLAINT, Branch.HELP: CaseKind.NEED}


class SurveyNotLogged(Refused):
    """A survey could not be kept as answered; each reason names its question."""

    messages = {
        "answer_missing": _("This is part of the call. Say it now, then tick it."),
        "low_points_need_a_reason": _("Write why: 1 or 2 points need a reason."),
        "complaint_has_no_words": _("Write what the customer complains about."),
        "nothing_answered": _(
            "Nothing is answered yet. Ask one question at least, or log the contact alone."
        ),
        "not_well": _(
            "This opens a case, so all is not well. Choose the next step or another reason."
        ),
        "foreign_version": _("This survey has expired. Open it again."),
    }


@dataclass(frozen=True, kw_only=True)
class Held:
    """What was said in a survey: willing or not, the answers by code, what else is worth a word."""

    version: SurveyVersion
    product: OwnedProduct | None = None
    is_willing: bool = True
    answers: Mapping[str, Given] = field(default_factory=dict)
    remarks: str = ""


@transaction.atomic
def log_survey(
    *,
    customer: Customer,
    held: Held,
    branches: Branches,
    by: Person,
    now: datetime,
    key: UUID,
    **contact: Any,
) -> Contact:
    """Log the contact, keep the answers, and do what they lead to: one transaction (AFT-03 … 11).

    In this order: see that the answers are whole; book what is the next step; log the contact,
    which closes the task; keep the answers with the version that asked; open one complaint for all
    that was bad and one need for all that is wanted; take the branches. `contact` is what else
    `log_contact` takes: the guard asks of it what it asks of any contact of ours. `key` is the
    form's own id: sent twice, the same contact comes back. Raises SurveyNotLogged, and what the
    contact and the acts raise.
    """
    branching.hold_branches(branches)
    customer = hold_one(customer)
    content = str((held.version.pk, held.is_willing, held.answers, held.remarks, branches))
    with once(key=uuid5(key, "survey"), purpose="survey", by=by, content=content) as form:
        if form.result_id:
            return Contact.objects.get(pk=form.result_id)
        asked = _asked(held, trade=customer.store.trade)
        if is_reached(contact["outcome"]):
            contact["next_step"] = branches.next_step(contact.get("next_step"))
        if held.is_willing:
            _check(asked, held, contact.get("next_step"))
            branching.book_first(customer, branches, by=by, now=now, key=key)
        brings_case = held.is_willing and rules.code_opening_a_case(asked, held.answers)
        contact |= {
            "reason": REASON,
            "booked_as": branches.booked_as,
            "brings_case": bool(brings_case) or branches.case is not None,
        }
        logged = log_contact(customer=customer, by=by, now=now, key=key, **contact)
        if not held.is_willing and logged.outcome == Outcome.DECLINED:
            _put_off_as_asked(logged)
        result = _keep(held, asked, contact=logged, by=by)
        if held.is_willing:
            _open_cases(result, asked, held, contact=logged, by=by, now=now)
            _note_hobbies(asked, held, customer=logged.customer, by=by, now=now)
        branching.follow(logged, branches, by=by, now=now, key=key)
        audit.record(verb="survey", of=result, by=by, customer=logged.customer_id)
        form.result_id = logged.pk
    return logged


def log_and_tell(
    *,
    customer: Customer,
    task: Task | None,
    told: Sequence[str],
    by: Person,
    now: datetime,
    key: UUID,
    **said: Any,
) -> Logged:
    """Log a contact without asking its task's survey (`log_with_branches`, which takes the rest).

    What has to be told in any case is `told`, by the codes of the questions, and kept as answers
    (M58). Sent twice, the same contact comes back. Raises SurveyNotLogged, and what that raises.
    """
    questions = _to_be_told(task, trade=customer.store.trade) if is_reached(said["outcome"]) else []
    missing = [each.code for each in questions if each.code not in told]
    untold = [Blocker("answer_missing", {"field": f"q_{code}"}) for code in missing]
    refuse_if(SurveyNotLogged, untold)
    act = {"customer": customer, "task": task, "by": by, "now": now, "key": key, **said}
    return _log_and_keep(questions, act) if questions else branching.log_with_branches(**act)


@transaction.atomic
def _log_and_keep(questions: Sequence[Question], act: dict[str, Any]) -> Logged:
    logged = branching.log_with_branches(**act)
    if not SurveyResult.objects.filter(contact=logged.contact).exists():
        answers = {
            each.code: Given(code=each.code, option=each.options.all()[0].code)
            for each in questions
        }
        held = Held(version=questions[0].version, answers=answers)
        _keep(held, as_rules_see(questions), contact=logged.contact, by=act["by"])
    return logged


def _to_be_told(task: Task | None, *, trade: str) -> list[Question]:
    if task is None:
        return []
    rows = Obligation.objects.filter(task=task, state=State.OPEN).select_related("step__survey")
    return to_be_told(survey_of(rows), trade=trade)


def _asked(held: Held, *, trade: str) -> list[Asked]:
    """The questions that this customer was asked."""
    questions = held.version.questions.order_by("position", "pk").prefetch_related("options")
    return rules.asked_of(as_rules_see(list(questions)), trade=trade)


def _check(asked: Sequence[Asked], held: Held, step: NextStep | None) -> None:
    """The answers are whole, and what they open is followed by a step. Raises SurveyNotLogged."""
    blockers = rules.survey_blockers(asked, held.answers)
    why = step.none_reason if step else ""
    blockers += rules.step_blockers(asked, held.answers, none_reason=why)
    refuse_if(SurveyNotLogged, blockers)


def _put_off_as_asked(contact: Contact) -> None:
    """Not now: it was the customer who asked for another day (decision 15)."""
    Task.objects.filter(
        customer=contact.customer_id,
        state=State.OPEN,
        day=cast(date, contact.next_on),
        moved_reason=MoveReason.NO_ANSWER,
    ).update(moved_reason=MoveReason.CUSTOMER_ASKED)


def _seller_of(held: Held, customer: Customer) -> Person | None:
    """Whose work the answers speak of: who sold the product, else the keeper."""
    sold_by = held.product.sold_by if held.product else None
    return sold_by or customer.owner


def _keep(held: Held, asked: Sequence[Asked], *, contact: Contact, by: Person) -> SurveyResult:
    """One result with its answers; an unwilling customer's has none."""
    customer = contact.customer
    score = rules.score_of(asked, held.answers) if held.is_willing else None
    result = SurveyResult.objects.create(
        version=held.version,
        customer=customer,
        product=held.product,
        contact=contact,
        store=customer.store,
        asked_by=contact.on_behalf_of or by,
        about=_seller_of(held, customer),
        asked_at=contact.occurred_at,
        is_willing=held.is_willing,
        score=score,
        satisfaction=rules.satisfaction_of(score),
        remarks=held.remarks,
    )
    if held.is_willing:
        SurveyAnswer.objects.bulk_create(_answers(result, asked, held))
    return result


def _answers(result: SurveyResult, asked: Sequence[Asked], held: Held) -> list[SurveyAnswer]:
    ids = dict(held.version.questions.values_list("code", "pk"))
    options = {
        (question, code): pk
        for question, code, pk in Option.objects.filter(question__version=held.version).values_list(
            "question__code", "code", "pk"
        )
    }
    rows = []
    for each in asked:
        given = held.answers.get(each.code)
        if given is None or not rules.is_answered(each, given):
            continue
        rows.append(
            SurveyAnswer(
                result=result,
                question_id=ids[each.code],
                points=given.points,
                number=given.number,
                is_yes=given.is_yes,
                option_id=options.get((each.code, given.option)),
                text=given.text,
            )
        )
    return rows


def _open_cases(
    result: SurveyResult,
    asked: Sequence[Asked],
    held: Held,
    *,
    contact: Contact,
    by: Person,
    now: datetime,
) -> None:
    """One complaint of all that was bad, one need of all that is wanted: a person sees to them."""
    kept = {row.question.code: row for row in result.answers.select_related("question", "option")}
    for branch, kind in CASE_OF.items():
        opening = [
            each
            for each in asked
            if each.code in kept and rules.opens(each, held.answers[each.code]) == branch
        ]
        if not opening:
            continue
        is_personal = branch == Branch.COMPLAINT and any(
            each.kind != "scale" or each.code in ABOUT_A_PERSON for each in opening
        )
        cases.open_case(
            customer=contact.customer,
            kind=kind,
            channel=branching.channel_of(contact),
            text="；".join(_words(kept[each.code]) for each in opening)[:LONGEST_CASE],
            product=held.product,
            contact=contact,
            answer=kept[opening[0].code],
            about=result.about if is_personal else None,
            by=by,
            now=now,
        )


def _words(answer: SurveyAnswer) -> str:
    """The question, what was chosen and what was said to it: All in all: 2 of 5 (it creaks)."""
    chosen = _("%(points)s of 5") % {"points": answer.points} if answer.points else ""
    if answer.option is not None:
        chosen = answer.option.text
    said = chosen or answer.text
    if chosen and answer.text and answer.text != chosen:
        # Translators: what was chosen, and in brackets what was said to it
        said = _("%(chosen)s (%(said)s)") % {"chosen": chosen, "said": answer.text}
    question = answer.question.text.strip()
    return labelled(question.rstrip("?？:：") if said else question, said)


def _note_hobbies(
    asked: Sequence[Asked], held: Held, *, customer: Customer, by: Person, now: datetime
) -> None:
    """What the customer likes to do is on the card from now on (AFT-08)."""
    told = [
        held.answers[each.code].text
        for each in asked
        if each.branch == Branch.HOBBIES and each.code in held.answers
    ]
    new = [words for words in told if words and words not in customer.hobbies]
    if not new:
        return
    known = [customer.hobbies] if customer.hobbies else []
    hobbies = "、".join([*known, *new])[:LONGEST_HOBBIES]
    customers.update_customer(customer=customer, by=by, now=now, hobbies=hobbies)
