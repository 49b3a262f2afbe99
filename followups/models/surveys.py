"""Surveys (调查表): what is asked, version by version, and what customers answered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.languages import in_readers_language
from core.models import Named
from customers.models import Contact, Customer, OwnedProduct
from followups.states import Branch, QuestionKind, Satisfaction
from staff.models import Person, Store
from staff.states import Trade


class Asked(models.Model):
    """Something said to a customer, in each language."""

    text_en = models.CharField(_("in English"), max_length=200)
    text_zh = models.CharField(_("in Chinese"), max_length=200)

    class Meta:
        abstract = True

    @property
    def text(self) -> str:
        """The words in the reader's language."""
        return in_readers_language(zh=self.text_zh, en=self.text_en)


class Survey(Named):
    """One kind of survey, T1 … T7 (forms 2.6)."""

    code = models.CharField(max_length=20, unique=True)
    is_active = models.BooleanField(_("in use"), default=True)

    def __str__(self) -> str:
        return self.name_en


class SurveyVersion(models.Model):
    """The questions of a survey from a moment on; what is published is never edited."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("why"), max_length=200, blank=True)

    # What `followups.queries.surveys` brings along: the questions in their order.
    asked: list["Question"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"], name="one_version_of_a_survey_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"


class Question(Asked):
    """One question, asked in its place, of customers of its trades (none: of all).

    `code` stays the same through the versions, so that answers can be compared over time.
    """

    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    kind = models.CharField(_("answer"), max_length=15, choices=QuestionKind.choices)
    branch = models.CharField(
        _("leads to"), max_length=15, choices=Branch.choices, blank=True, default=Branch.NONE
    )
    trades = ArrayField(
        models.CharField(max_length=20, choices=Trade.choices), default=list, blank=True
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    counts = models.BooleanField(_("counts towards satisfaction"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_question_a_code"),
            models.CheckConstraint(
                name="only_a_scale_counts",
                condition=Q(counts=False) | Q(kind=QuestionKind.SCALE),
                violation_error_message=_("Only an answer from 1 to 5 counts."),
            ),
        ]

    def __str__(self) -> str:
        return self.text_en


class Option(Asked):
    """One answer to choose; `opens` makes a case of it."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    opens = models.CharField(
        _("opens"), max_length=15, choices=Branch.choices, blank=True, default=Branch.NONE
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="one_option_a_code")
        ]

    def __str__(self) -> str:
        return self.text_en


class SurveyResult(models.Model):
    """One survey held with one customer: the contact in which it was asked, and what it says.

    `is_willing` false: the customer did not wish to talk, and nothing was asked (FUP-24). It is
    void when its contact is.
    """

    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="results")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="survey_results")
    product = models.ForeignKey(OwnedProduct, models.PROTECT, null=True, related_name="+")
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="survey_result")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    about = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    is_willing = models.BooleanField(default=True)
    score = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    satisfaction = models.CharField(
        max_length=15, choices=Satisfaction.choices, blank=True, default=Satisfaction.UNKNOWN
    )
    remarks = models.CharField(_("remarks"), max_length=1000, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["store", "-asked_at", "id"], name="survey_result_of_store"),
            models.Index(fields=["customer", "-asked_at"], name="survey_result_of_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="score_is_one_to_five", condition=Q(score=None) | Q(score__range=(1, 5))
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.asked_at:%Y-%m-%d}"


class SurveyAnswer(models.Model):
    """The answer to one question: points on a scale, a number, yes or no, an option, a text."""

    result = models.ForeignKey(SurveyResult, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    points = models.PositiveSmallIntegerField(null=True)
    number = models.IntegerField(null=True)
    is_yes = models.BooleanField(null=True)
    option = models.ForeignKey(Option, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "question"], name="one_answer_a_question"),
            models.CheckConstraint(
                name="points_are_one_to_five", condition=Q(points=None) | Q(points__range=(1, 5))
            ),
            models.CheckConstraint(
                name="low_points_have_a_reason",
                condition=Q(points=None) | Q(points__gt=2) | ~Q(text=""),
                violation_error_message=_("1 or 2 points need a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.question_id}"
