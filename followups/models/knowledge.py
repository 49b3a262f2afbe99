"""Scripts and training pages that people read and managers edit (KNW, FUP-31)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.languages import in_readers_language
from followups.states import ArticleKind, Situation
from staff.models import Person


class Words(models.Model):
    """A title and a text (Markdown) in each language."""

    title_en = models.CharField(_("title in English"), max_length=120)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    body_en = models.TextField(_("text in English"), max_length=20_000)
    body_zh = models.TextField(_("text in Chinese"), max_length=20_000)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_readers_language(zh=self.title_zh, en=self.title_en)

    @property
    def body(self) -> str:
        """The text in the reader's language."""
        return in_readers_language(zh=self.body_zh, en=self.body_en)


class Article(Words):
    """One page of knowledge as it is now; `clauses` are the rules it teaches.

    A script stands beside the form of the steps that name it, and in its `situation`.
    """

    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ArticleKind.choices)
    situation = models.CharField(
        _("situation"), max_length=20, choices=Situation.choices, blank=True, default=""
    )
    position = models.PositiveSmallIntegerField(default=0)
    clauses = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    search = models.TextField(editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    number = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [GinIndex(OpClass("search", "gin_trgm_ops"), name="article_search")]
        constraints = [
            models.CheckConstraint(
                name="situation_is_a_scripts",
                condition=Q(situation="") | Q(kind=ArticleKind.SCRIPT),
                violation_error_message=_("Only a script is for a situation."),
            )
        ]

    def __str__(self) -> str:
        return self.title_en


class ArticleVersion(Words):
    """A page of knowledge as it was from a moment on, readable for good."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="one_version_of_an_article_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"


class ArticleProposal(Words):
    """What a store manager proposes to change of a page; marketing or operations decides."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="proposals")
    based_on = models.PositiveIntegerField()
    note = models.CharField(_("why"), max_length=200, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_taken = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_proposal_decided_by_somebody",
                condition=Q(decided_at=None, decided_by=None, is_taken=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_taken__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.made_at:%Y-%m-%d}"
