"""The customer, their numbers, and who has access."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from customers.models.designers import Designer
from customers.models.kept import HasBirthday, birthday_has_month_and_day, birthday_is_noted
from customers.rules.naming import says_how
from customers.states import (
    Decoration,
    ExpectedPurchase,
    Grade,
    IdKind,
    IntentLevel,
    Quiet,
    ServiceWanted,
    Source,
    Title,
)
from staff.models import Person, Store


# What changed hands or grade, by trigger. Inserts are in the audit trail, and so is the person:
# an event row and a context for each of 100,000 imported cards would take minutes.
@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["owner", "store", "grade", "intent", "quiet", "merged_into"],
    model_name="CustomerHistory",
    context_field=None,  # type: ignore[arg-type]  # None means none; its types forgot
)
class Customer(HasBirthday):
    """A person or household that a store cares for; `owner` is its keeper (decision 1).

    `bought_*` are derived from what the customer has bought (`customers.services.value`).
    """

    name = models.CharField(_("name"), max_length=64)
    title = models.CharField(_("title"), max_length=4, choices=Title.choices, blank=True)
    search = models.TextField(editable=False)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("keeper"),
        related_name="customers",
    )
    store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store"), related_name="customers"
    )
    grade = models.CharField(_("grade"), max_length=2, choices=Grade.choices)
    intent = models.CharField(
        _("intent level"),
        max_length=1,
        choices=IntentLevel.choices,
        blank=True,
        default="",
        db_default="",
    )
    quiet = models.CharField(
        _("do not contact"), max_length=10, choices=Quiet.choices, blank=True, default=Quiet.NONE
    )
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, blank=True)
    referrer = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("referred by"),
        related_name="referred",
    )
    referrer_text = models.CharField(_("referred by"), max_length=60, blank=True)
    designer = models.ForeignKey(
        Designer,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("designer"),
        related_name="customers",
        db_index=False,
    )
    campaign = models.CharField(_("campaign"), max_length=80, blank=True, default="", db_default="")
    need = models.CharField(_("need"), max_length=400, blank=True)
    expected_purchase = models.CharField(
        _("means to buy"), max_length=10, choices=ExpectedPurchase.choices, blank=True
    )
    expected_on = models.DateField(_("means to buy on"), null=True, blank=True)
    budget = models.CharField(_("budget"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    address_key = models.CharField(max_length=120, blank=True, editable=False)
    contact_time = models.CharField(_("suitable contact time"), max_length=60, blank=True)
    contact_from = models.TimeField(_("may be called from"), null=True, blank=True)
    contact_until = models.TimeField(_("may be called until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, default="", db_default="")
    company = models.CharField(_("company"), max_length=80, blank=True, default="", db_default="")
    job = models.CharField(_("job"), max_length=60, blank=True, default="", db_default="")
    hobbies = models.CharField(_("hobbies"), max_length=200, blank=True, default="", db_default="")
    home_area = models.DecimalField(
        _("area, m²"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    home_layout = models.CharField(
        _("layout"), max_length=60, blank=True, default="", db_default=""
    )
    home_style = models.CharField(_("style"), max_length=60, blank=True, default="", db_default="")
    decoration = models.CharField(
        _("decoration"),
        max_length=10,
        choices=Decoration.choices,
        blank=True,
        default="",
        db_default="",
    )
    competitor = models.CharField(
        _("competitor"), max_length=60, blank=True, default="", db_default=""
    )
    services_wanted = ArrayField(
        models.CharField(max_length=15, choices=ServiceWanted.choices),
        verbose_name=_("service wanted"),
        default=list,
        blank=True,
        db_default=[],
    )
    id_kind = models.CharField(
        _("paper"), max_length=10, choices=IdKind.choices, blank=True, default="", db_default=""
    )
    id_cipher = models.BinaryField(null=True, editable=False)
    id_masked = models.CharField(
        max_length=40, blank=True, default="", db_default="", editable=False
    )
    bought_total = models.DecimalField(
        _("bought, total"), max_digits=12, decimal_places=2, default=0, db_default=0, editable=False
    )
    bought_count = models.PositiveIntegerField(
        _("bought, times"), default=0, db_default=0, editable=False
    )
    last_bought_on = models.DateField(_("last bought"), null=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_cards",
        db_index=False,
    )
    first_seen_at = models.DateTimeField(_("first seen"), db_default=Now())
    registered_at = models.DateTimeField(db_default=Now())
    registered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    last_contact_at = models.DateTimeField(
        _("last contact"),
        null=True,
        editable=False,
        help_text="when the customer was last reached effectively (FIL-29)",
    )
    next_contact_on = models.DateField(
        _("next contact"),
        null=True,
        editable=False,
        help_text="day of the earliest open task; kept by followups",
    )

    class Meta:
        indexes = [
            models.Index(fields=["owner", "next_contact_on", "id"], name="customer_of_owner"),
            models.Index(fields=["store", "next_contact_on", "id"], name="customer_of_store"),
            models.Index(fields=["next_contact_on", "id"], name="customer_by_next"),
            models.Index(
                F("last_contact_at").asc(nulls_first=True), F("id").asc(), name="customer_by_last"
            ),
            models.Index(fields=["grade", "id"], name="customer_by_grade"),
            models.Index(fields=["grade", "next_contact_on", "id"], name="customer_grade_next"),
            models.Index(fields=["-registered_at", "-id"], name="customer_by_newest"),
            models.Index(fields=["store", "-registered_at", "-id"], name="customer_store_newest"),
            models.Index(fields=["owner", "-registered_at", "-id"], name="customer_owner_newest"),
            models.Index(
                fields=["address_key"], condition=~Q(address_key=""), name="customer_by_address"
            ),
            models.Index(Upper("wechat"), name="customer_by_wechat"),
            models.Index(
                fields=["birth_month", "birth_day", "birth_year"],
                condition=Q(birth_year__isnull=False, birth_month__isnull=False),
                name="customer_by_birthday",
            ),
            models.Index(
                F("last_bought_on").asc(nulls_first=True),
                F("id").asc(),
                name="customer_by_last_bought",
            ),
            models.Index(fields=["bought_total", "id"], name="customer_by_total"),
            models.Index(
                fields=["referrer"],
                condition=Q(referrer__isnull=False),
                name="customer_by_referrer",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="customer_by_merged",
            ),
            models.Index(
                fields=["designer"],
                condition=Q(designer__isnull=False),
                name="customer_by_designer",
            ),
            models.Index(
                fields=["intent", "id"], condition=~Q(intent=""), name="customer_by_intent"
            ),
            models.Index(
                fields=["contact_from"],
                condition=Q(contact_from__isnull=False),
                name="customer_by_contact_hour",
            ),
            GinIndex(OpClass("search", "gin_trgm_ops"), name="customer_search"),
            GinIndex(OpClass("address", "gin_trgm_ops"), name="customer_address_search"),
        ]
        constraints = [
            models.CheckConstraint(name="customer_has_name", condition=~Q(name="")),
            birthday_has_month_and_day("birthday_has_month_and_day"),
            birthday_is_noted("birthday_is_noted"),
            models.CheckConstraint(
                name="home_area_is_positive", condition=Q(home_area=None) | Q(home_area__gt=0)
            ),
            models.CheckConstraint(
                name="merged_card_is_another", condition=~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="contact_hours_are_a_stretch",
                condition=Q(contact_from=None, contact_until=None)
                | Q(contact_from__lt=F("contact_until")),
                violation_error_message=_("Say from when until when, the earlier hour first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name as screens say it: a number typed into it is masked."""
        return mask_in_text(self.name)

    @property
    def shown_title(self) -> str:
        """Mr or Ms beside the name; nothing where the name says it already: 赵女士, 王总."""
        return "" if says_how(name=self.name) else str(self.get_title_display())


class CustomerPhone(models.Model):
    """One number of one customer; the number itself is encrypted.

    `key` is a keyed hash of the normal form: one number belongs to one customer (FIL-31). A number
    that was wrong or is given up is retired: it still finds the customer and is called by nobody.
    `is_placeholder` says that it looks made up, or is a hotline: nobody is filed by it.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="phones")
    cipher = models.BinaryField()
    key = models.BinaryField(max_length=32)
    masked = models.CharField(max_length=40)
    last4 = models.CharField(max_length=4)
    is_primary = models.BooleanField(default=False)
    is_placeholder = models.BooleanField(default=False)
    added_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="one_customer_a_number",
                violation_error_message=_("This number belongs to a customer already."),
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_primary=True), name="one_primary_number"
            ),
            models.CheckConstraint(
                name="retired_number_is_not_main",
                condition=Q(retired_at=None) | Q(is_primary=False),
            ),
        ]
        indexes = [models.Index(fields=["last4"], name="phone_by_last4")]

    def __str__(self) -> str:
        return self.masked


class Access(models.Model):
    """A person who may see and serve a customer kept by somebody else (decision 1)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="accesses")
    person = models.ForeignKey(Person, models.CASCADE, related_name="accesses")
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "customer"], name="one_access_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.customer_id}"


class PhoneReveal(models.Model):
    """One person opened one customer's number on one day; counted once."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="reveals")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="reveals")
    on = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "on", "customer"], name="one_reveal_a_customer_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.customer_id} {self.on}"
