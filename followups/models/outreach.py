"""Greetings, letters and campaigns: texts that go to one customer at a time (FUP-12)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.languages import in_readers_language
from core.models import Named
from customers.models import Contact, Customer
from followups.models.tasks import Task
from followups.states import (
    Answer,
    CampaignKind,
    CampaignState,
    Occasion,
    SentBy,
    Whom,
    Withheld,
    WordingUse,
)
from staff.models import Person, Store
from staff.states import Trade
from stock.models import Style


class Festival(Named):
    """A day of the year on which customers are greeted, by the solar or the lunar calendar."""

    code = models.SlugField(max_length=30, unique=True)
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    is_lunar = models.BooleanField(default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="festival_is_a_day",
                condition=Q(month__range=(1, 12), day__range=(1, 31)),
            )
        ]

    def __str__(self) -> str:
        return self.name_en


class Wording(Named):
    """A text with places for names, from which a person's own text is made.

    Places: {name} {title} {product} {sender} {store} {company} {occasion} {day}. The opening and
    the signature are no part of it: they always stand (FUP-12). Without trades, or without
    `whom`, it speaks to all.
    """

    use = models.CharField(_("for"), max_length=10, choices=WordingUse.choices)
    code = models.SlugField(max_length=40, unique=True)
    trades = ArrayField(
        models.CharField(max_length=20, choices=Trade.choices), default=list, blank=True
    )
    festival = models.ForeignKey(
        Festival, models.PROTECT, null=True, blank=True, related_name="wordings"
    )
    whom = ArrayField(
        models.CharField(max_length=10, choices=Whom.choices),
        verbose_name=_("to whom"),
        default=list,
        blank=True,
    )
    text_en = models.TextField(_("text in English"), max_length=2000)
    text_zh = models.TextField(_("text in Chinese"), max_length=2000)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name_en

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return in_readers_language(zh=self.text_zh, en=self.text_en)


class Greeting(models.Model):
    """One greeting sent to one customer for one occasion: never twice (FUP-11, AFT-23).

    It is no contact, resets no clock and is outside the guard (decision 19).
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="greetings")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    on = models.DateField()
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=2000)
    way = models.CharField(max_length=10, choices=SentBy.choices)
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "occasion", "on", "task"],
                nulls_distinct=False,
                name="one_greeting_an_occasion",
            )
        ]
        indexes = [models.Index(fields=["customer", "-sent_at"], name="greeting_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.occasion} {self.on}"


class Campaign(models.Model):
    """An event with invited guests, or a round of everyday care (ORG-18, AFT-24).

    Its store is null where several take part. What customers bought within
    `deals_within_days` after it counts as having followed it. `style` is the one that its guests
    are called about, where it is a call list for goods.
    """

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=CampaignKind.choices)
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("store")
    )
    style = models.ForeignKey(
        Style, models.PROTECT, null=True, blank=True, related_name="campaigns",
        verbose_name=_("style"),
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    text = models.TextField(_("text"), max_length=2000)
    target_invited = models.PositiveIntegerField(_("target: invited"), null=True, blank=True)
    target_attended = models.PositiveIntegerField(_("target: came"), null=True, blank=True)
    target_amount = models.DecimalField(
        _("target: amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    deals_within_days = models.PositiveSmallIntegerField(
        _("deals counted for days after it"), default=30
    )
    state = models.CharField(
        max_length=10, choices=CampaignState.choices, default=CampaignState.PLANNED
    )
    review = models.TextField(_("review"), max_length=4000, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_it_starts",
                condition=Q(ends_at__gte=F("starts_at")),
                violation_error_message=_("It ends after it starts."),
            )
        ]
        indexes = [models.Index(fields=["-starts_at", "-id"], name="campaign_by_newest")]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """One customer on a campaign's list: asked, answered, came, one at a time.

    `withheld` says why the guard kept them off it; `ticket` is what the code at the door holds.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="invitations")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="invitations")
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ticket = models.CharField(max_length=32, unique=True)
    text = models.CharField(max_length=2000, blank=True)
    withheld = models.CharField(
        max_length=10, choices=Withheld.choices, blank=True, default=Withheld.NONE
    )
    invited_at = models.DateTimeField(db_default=Now())
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(
        max_length=10, choices=Answer.choices, blank=True, default=Answer.NONE
    )
    answered_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    attended_at = models.DateTimeField(null=True)
    attended_noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "customer"], name="invited_once_to_a_campaign"
            ),
            models.CheckConstraint(
                name="answer_has_a_time",
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="withheld_was_not_sent",
                condition=Q(withheld="") | Q(sent_at=None),
            ),
        ]
        indexes = [models.Index(fields=["customer", "-invited_at"], name="invited_customer")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.customer_id}"
