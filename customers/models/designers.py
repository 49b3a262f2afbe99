"""Outside designers, who bring customers for commission and are never filers (ORD-18)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.kept import HasNumber
from customers.states import Channel
from staff.models import Person, Store


class Designer(HasNumber):
    """One designer, the agreement with them, and who keeps in touch (forms 2.12, 2.16)."""

    name = models.CharField(_("name"), max_length=64)
    search = models.TextField(editable=False, default="")
    company = models.CharField(_("company"), max_length=80, blank=True)
    store = models.ForeignKey(
        Store, models.PROTECT, related_name="designers", verbose_name=_("store")
    )
    keeper = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="designers", verbose_name=_("keeper")
    )
    agreement_no = models.CharField(_("agreement no."), max_length=40, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    furniture_rate = models.DecimalField(
        _("commission on furniture, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    accessories_rate = models.DecimalField(
        _("commission on accessories, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    cadence_days = models.PositiveSmallIntegerField(_("call every so many days"), null=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("next contact"), null=True, blank=True)
    last_contact_at = models.DateTimeField(_("last contact"), null=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="one_designer_a_number",
                violation_error_message=_("This number belongs to another designer."),
            ),
            models.CheckConstraint(
                name="commission_is_a_percentage",
                condition=(Q(furniture_rate=None) | Q(furniture_rate__range=(0, 100)))
                & (Q(accessories_rate=None) | Q(accessories_rate__range=(0, 100))),
            ),
        ]
        indexes = [models.Index(fields=["keeper", "next_on"], name="designer_of_keeper")]

    def __str__(self) -> str:
        return self.name


class DesignerContact(models.Model):
    """One contact with a designer, and what comes next. A fact, never edited."""

    designer = models.ForeignKey(Designer, models.PROTECT, related_name="contacts")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    note = models.CharField(max_length=400, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["designer", "-at"], name="contact_of_designer")]

    def __str__(self) -> str:
        return f"{self.designer_id} {self.at:%Y-%m-%d}"
