"""The masters of goods: brands and their series, seasons and their types, styles, core sizes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Brand(models.Model):
    """One brand and its code in the shop's own system (MER-04)."""

    name = models.CharField(_("brand"), max_length=60, unique=True)
    code = models.CharField(_("code"), max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_brand_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """A series of one brand (forms 2.16)."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="series")
    name = models.CharField(_("series"), max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_series_a_name")]

    def __str__(self) -> str:
        return self.name


class Season(models.Model):
    """A season of the trade (春单, 夏凉, 秋单, 冬靴), the same every year.

    `weeks` is its length, over which the target curve is stretched; sales of the weeks from
    `main_from_week` to `main_until_week` say how large a style's volume is (forms 2.16).
    """

    name = models.CharField(_("season"), max_length=20, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    weeks = models.PositiveSmallIntegerField(_("weeks"), default=17)
    main_from_week = models.PositiveSmallIntegerField(_("main season from week"), default=3)
    main_until_week = models.PositiveSmallIntegerField(_("main season until week"), default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="main_season_lies_in_the_season",
                condition=Q(main_from_week__gte=1, main_until_week__gte=F("main_from_week"))
                & Q(weeks__gte=F("main_until_week")),
                violation_error_message=_("The main season lies inside the season's weeks."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SeasonTarget(models.Model):
    """What share of a style should be sold by the end of one week of its season (formulas 3.1).

    A season without rows follows the curve of the terms, stretched over its weeks.
    """

    season = models.ForeignKey(Season, models.CASCADE, related_name="targets")
    week = models.PositiveSmallIntegerField(_("week"))
    share = models.DecimalField(_("sold by its end"), max_digits=5, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["season", "week"], name="one_target_a_week"),
            models.CheckConstraint(
                name="target_is_a_share", condition=Q(week__gte=1, share__gt=0, share__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week}: {self.share}"


class ShoeType(models.Model):
    """A type of shoe (浅口, 10寸以上 …) of one season (forms 2.16)."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="shoe_types")
    name = models.CharField(_("shoe type"), max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["season", "name"], name="one_shoe_type_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class CoreSizes(models.Model):
    """The sizes that must not lack, for all styles whose range has all of them (formulas 3.7).

    The first by position that fits holds: women's 36–38 before men's 40–42.
    """

    name = models.CharField(_("name"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    sizes = ArrayField(models.CharField(max_length=10), verbose_name=_("core sizes"))

    class Meta:
        verbose_name_plural = "core sizes"

    def __str__(self) -> str:
        return self.name


class Style(models.Model):
    """One style (款号) of one brand; under its break-even price only with an approval (FIL-38).

    Prices are yuan. `launched_on` and `season_ends_on` hold where an office says nothing else; the
    three orders are pairs of its year and season (MER-11).
    """

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="styles")
    number = models.CharField(_("style no."), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    season = models.ForeignKey(
        Season, models.PROTECT, null=True, blank=True, related_name="styles",
        verbose_name=_("season"),
    )  # fmt: skip
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="styles",
        verbose_name=_("series"),
    )  # fmt: skip
    shoe_type = models.ForeignKey(
        ShoeType, models.PROTECT, null=True, blank=True, related_name="styles",
        verbose_name=_("shoe type"),
    )  # fmt: skip
    material = models.CharField(_("material"), max_length=20, blank=True)
    heel_type = models.CharField(_("heel type"), max_length=20, blank=True)
    heel_height = models.CharField(_("heel height"), max_length=20, blank=True)
    tag_price = models.DecimalField(_("tag price"), max_digits=12, decimal_places=2)
    counter_price = models.DecimalField(
        _("counter price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    floor_price = models.DecimalField(
        _("floor price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    launched_on = models.DateField(_("launched on"), null=True, blank=True)
    season_ends_on = models.DateField(_("season ends on"), null=True, blank=True)
    first_order = models.PositiveIntegerField(
        pgettext_lazy("goods ordered from the supplier", "first order"), null=True, blank=True
    )
    second_order = models.PositiveIntegerField(_("second order"), null=True, blank=True)
    third_order = models.PositiveIntegerField(_("third order"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["season", "brand"], name="style_of_season")]
        constraints = [
            models.UniqueConstraint(fields=["brand", "number"], name="one_style_a_number"),
            models.CheckConstraint(
                name="tag_price_is_positive", condition=models.Q(tag_price__gt=0)
            ),
            models.CheckConstraint(
                name="floor_price_is_positive",
                condition=models.Q(floor_price=None) | models.Q(floor_price__gt=0),
            ),
            models.CheckConstraint(
                name="counter_price_is_positive",
                condition=models.Q(counter_price=None) | models.Q(counter_price__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.number
