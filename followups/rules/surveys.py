"""What a survey asks, what an answer must hold, and what it leads to: pure decisions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.rules import Blocker
from customers.states import NoStepReason
from followups.states import Branch, QuestionKind, Satisfaction

# Of several surveys that fall together one is asked: a visit before a call, the rarer one first.
RANK = ("T6", "T5", "T3", "T1", "T2", "T7", "T4")
# A survey is short, or it is not answered (DAT-06).
MOST_QUESTIONS = 8
LOW = 2
LONGEST_CODE = 30
# What a person has to see to.
OPENS_CASE = (Branch.COMPLAINT, Branch.HELP)
SATISFIED_FROM = Decimal(4)
FAIR_FROM = Decimal(3)
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as the rules see it; `opens` says what each of its options opens."""

    code: str
    kind: QuestionKind | str
    branch: Branch | str = Branch.NONE
    is_required: bool = False
    counts: bool = False
    trades: Sequence[str] = ()
    opens: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class OptionTerms:
    """One answer to choose, as its editor writes it."""

    code: str
    text_en: str
    text_zh: str
    opens: Branch | str = Branch.NONE


@dataclass(frozen=True, kw_only=True)
class QuestionTerms:
    """One question, as its editor writes it."""

    code: str
    kind: str
    text_en: str
    text_zh: str
    branch: Branch | str = Branch.NONE
    trades: tuple[str, ...] = ()
    is_required: bool = False
    counts: bool = False
    options: tuple[OptionTerms, ...] = ()

    def as_asked(self) -> Asked:
        """As the rules see it."""
        return Asked(
            code=self.code,
            kind=self.kind,
            branch=self.branch,
            is_required=self.is_required,
            counts=self.counts,
            trades=self.trades,
            opens={option.code: str(option.opens) for option in self.options},
        )


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a customer answered to the question `code`; nothing at all is no answer."""

    code: str
    points: int | None = None
    number: int | None = None
    is_yes: bool | None = None
    option: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was chosen, counted or said."""
        chosen = (self.points, self.number, self.is_yes)
        return all(value is None for value in chosen) and not self.option and not self.text


def survey_to_ask(codes: Iterable[str]) -> str:
    """The one survey asked where several fall together (AFT-12); "" where none does."""
    order = {code: place for place, code in enumerate(RANK)}
    return min(codes, key=lambda code: (order.get(code, len(RANK)), code), default="")


def asked_of(questions: Iterable[Asked], *, trade: str) -> list[Asked]:
    """The questions that customers of a trade are asked; one that names no trade asks all."""
    return [each for each in questions if not each.trades or trade in each.trades]


def is_answered(question: Asked, given: Given | None) -> bool:
    """Something of the question's own kind was said; a reason alone is no points."""
    if given is None or given.is_empty:
        return False
    return {
        QuestionKind.SCALE: given.points is not None,
        QuestionKind.LIKELIHOOD: given.number is not None,
        QuestionKind.NUMBER: given.number is not None,
        QuestionKind.YES_NO: given.is_yes is not None,
        QuestionKind.CHOICE: bool(given.option),
        QuestionKind.TEXT: bool(given.text),
    }[QuestionKind(question.kind)]


def opens(question: Asked, given: Given) -> Branch:
    """What an answer opens: 1 or 2 points and a complaint a complaint, a wish for help a need
    (AFT-06, AFT-15).
    """
    if question.kind == QuestionKind.SCALE:
        is_low = given.points is not None and given.points <= LOW
        return Branch.COMPLAINT if is_low else Branch.NONE
    if question.kind == QuestionKind.CHOICE:
        return Branch((question.opens or {}).get(given.option, ""))
    is_wish = question.kind == QuestionKind.YES_NO and given.is_yes
    if is_wish and question.branch in OPENS_CASE:
        return Branch(question.branch)
    return Branch.NONE


def answer_blockers(question: Asked, given: Given | None) -> list[Blocker]:
    """What stops one answer: a required one is missing, 1 or 2 points lack a reason, a complaint
    its words (forms 2.6). Each names its question.
    """
    code = {"question": question.code}
    if not is_answered(question, given):
        return [Blocker("answer_missing", code)] if question.is_required else []
    if given is None or given.text:
        return []
    if question.kind == QuestionKind.SCALE and (given.points or 0) <= LOW:
        return [Blocker("low_points_need_a_reason", code)]
    if opens(question, given) == Branch.COMPLAINT:
        return [Blocker("complaint_has_no_words", code)]
    return []


def survey_blockers(questions: Sequence[Asked], answers: Mapping[str, Given]) -> list[Blocker]:
    """Everything that stops a survey from being kept; one that says nothing is none."""
    blockers = [
        blocker for each in questions for blocker in answer_blockers(each, answers.get(each.code))
    ]
    if blockers:
        return blockers
    if not any(is_answered(each, answers.get(each.code)) for each in questions):
        return [Blocker("nothing_answered")]
    return []


def step_blockers(
    questions: Iterable[Asked], answers: Mapping[str, Given], *, none_reason: str
) -> list[Blocker]:
    """What opens a case is not well, so that nobody is left to the plan alone (AFT-15)."""
    if none_reason != NoStepReason.CARED_FOR:
        return []
    opening = code_opening_a_case(questions, answers)
    return [Blocker("not_well", {"question": opening})] if opening else []


def code_opening_a_case(questions: Iterable[Asked], answers: Mapping[str, Given]) -> str:
    """The first question whose answer opens a service case; "" where none does (AFT-15)."""
    for each in questions:
        given = answers.get(each.code)
        if given is not None and opens(each, given) in OPENS_CASE:
            return each.code
    return ""


def score_of(questions: Iterable[Asked], answers: Mapping[str, Given]) -> Decimal | None:
    """The mean of the answers that count, to the cent; None where none was given (forms 2.6)."""
    points = [
        given.points
        for each in questions
        if each.counts and (given := answers.get(each.code)) and given.points is not None
    ]
    if not points:
        return None
    return (Decimal(sum(points)) / len(points)).quantize(CENT, ROUND_HALF_UP)


def satisfaction_of(score: Decimal | None) -> Satisfaction:
    """4 and more is satisfied, 3 and more fair, less dissatisfied; no points say nothing."""
    if score is None:
        return Satisfaction.UNKNOWN
    if score >= SATISFIED_FROM:
        return Satisfaction.SATISFIED
    return Satisfaction.FAIR if score >= FAIR_FROM else Satisfaction.DISSATISFIED


def version_blockers(questions: Sequence[Asked], *, trades: Iterable[str]) -> list[Blocker]:
    """What stops a survey from being published: none, or more than 8 questions to one customer
    (DAT-06), a code used twice, a choice without options, another answer than points that counts.
    """
    if not questions:
        return [Blocker("no_question")]
    blockers = []
    codes = [each.code for each in questions]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        blockers.append(Blocker("code_twice", {"code": code}))
    if any(len(asked_of(questions, trade=trade)) > MOST_QUESTIONS for trade in trades):
        blockers.append(Blocker("too_many_questions", {"most": MOST_QUESTIONS}))
    for each in questions:
        if each.kind == QuestionKind.CHOICE and not each.opens:
            blockers.append(Blocker("choice_without_options", {"code": each.code}))
        if each.counts and each.kind != QuestionKind.SCALE:
            blockers.append(Blocker("only_points_count", {"code": each.code}))
    return blockers


def code_of(text: str, *, taken: Iterable[str]) -> str:
    """A code for a new question or option, made of its English words; none is used twice."""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[: LONGEST_CODE - 3] or "question"
    known, code, number = set(taken), words, 2
    while code in known:
        code, number = f"{words}_{number}", number + 1
    return code
