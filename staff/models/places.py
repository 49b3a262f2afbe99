"""Where people work: regions and their stores."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.states import StoreKind, Trade


class Region(models.Model):
    """A sales region: customers belong to the region where they live (XRG-01)."""

    name = models.CharField(_("region"), max_length=60, unique=True)
    places = models.CharField(
        _("places"),
        max_length=400,
        blank=True,
        default="",
        db_default="",
        help_text=_("Cities and districts of this region, as addresses write them: 杭州、余杭"),
    )

    def __str__(self) -> str:
        return self.name


class Store(models.Model):
    """A unit in which people work: a store, an office, a warehouse or a field team."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=StoreKind.choices, default=StoreKind.STORE
    )
    trade = models.CharField(_("trade"), max_length=20, choices=Trade.choices)
    opens_at = models.TimeField(_("opens at"), default=time(9, 0), db_default=time(9, 0))
    closes_at = models.TimeField(_("closes at"), default=time(21, 30))
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(_("open for business"), default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_warehouse(self) -> bool:
        """Whether goods only lie there: it sells nothing."""
        return self.kind == StoreKind.WAREHOUSE

    @property
    def tzinfo(self) -> ZoneInfo:
        """The zone in which this store's business days begin and end."""
        return ZoneInfo(self.zone)

    def today(self, now: datetime) -> date:
        """The business day it is here at `now`."""
        return now.astimezone(self.tzinfo).date()
