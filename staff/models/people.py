"""The people of the company, their roles and duties."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from staff.models.places import Region, Store
from staff.states import STORE_BOUND_ROLES, DutyKind, PersonState, Role


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, or the system account in whose name unattended work is done."""

    username = models.CharField(
        _("user name"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9._-]+$", _("Use small letters, digits, dot, dash or underscore.")
            )
        ],
    )
    name = models.CharField(_("name"), max_length=40)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, verbose_name=_("store"), related_name="people"
    )
    other_stores = models.ManyToManyField(
        Store, blank=True, verbose_name=_("other stores"), related_name="shared_people"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the engineers' admin"), default=False)
    is_system = models.BooleanField(default=False)
    awaits_confirmation = models.BooleanField(
        _("waits for an operations manager"),
        default=False,
        help_text=_("An administrator signs in only once an operations manager has agreed."),
    )
    joined_at = models.DateTimeField(db_default=Now())
    disabled_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    # What `staff.scope.with_standing` and `staff.backends` bring along in the same query.
    standing_on: date
    running_duties: list[dict]
    shared_store_ids: list[int]
    away: list[dict]
    unread_ids: list[int]

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_person_a_user_name"),
            models.CheckConstraint(
                name="store_people_have_a_store",
                condition=~Q(role__in=STORE_BOUND_ROLES) | Q(store__isnull=False),
                violation_error_message=_("Choose the store or team in which this person works."),
            ),
            models.CheckConstraint(
                name="system_account_never_signs_in",
                condition=~Q(is_system=True, is_active=True),
                violation_error_message=_("The system account cannot sign in."),
            ),
            models.CheckConstraint(
                name="unconfirmed_administrator_stays_out",
                condition=Q(awaits_confirmation=False) | Q(role=Role.ADMIN, is_active=False),
                violation_error_message=_(
                    "An operations manager has to confirm this administrator first."
                ),
            ),
            models.CheckConstraint(
                name="person_who_may_sign_in_is_not_disabled",
                condition=Q(is_active=False) | Q(disabled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> PersonState:
        """Whether this person can sign in, and if not, what is missing."""
        if self.awaits_confirmation:
            return PersonState.AWAITING
        if not self.is_active:
            return PersonState.DISABLED
        if not (self.password and self.has_usable_password()):
            return PersonState.INVITED
        return PersonState.ACTIVE

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Duty(models.Model):
    """What a person does beside the role: for one store, one region or one other person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="duties")
    kind = models.CharField(_("duty"), max_length=20, choices=DutyKind.choices)
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, verbose_name=_("store"), related_name="duties"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    assists = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("assists"),
        related_name="assistants",
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                name="duty_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A duty ends on or after the day it starts."),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "store", "region", "assists"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="one_open_duty_of_a_kind_for_a_thing",
                violation_error_message=_("This person has this duty already."),
            ),
            models.CheckConstraint(
                name="duty_is_for_one_thing",
                condition=(
                    Q(kind=DutyKind.ASSISTANT, assists__isnull=False, store=None, region=None)
                    | (
                        ~Q(kind=DutyKind.ASSISTANT)
                        & Q(assists=None)
                        & ~Q(store__isnull=False, region__isnull=False)
                    )
                ),
                violation_error_message=_(
                    "An assistant is for one person; "
                    "any other duty is for a store, a region or all."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}"


class RotaDay(models.Model):
    """One person is on duty in one store on one day, and takes the leads that come in.

    `position` is the order in which they are offered leads that day.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="rota")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rota")
    on = models.DateField(_("day"))
    position = models.PositiveSmallIntegerField(default=0)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "on", "person"], name="on_duty_once_a_day_and_store"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.person_id}"
