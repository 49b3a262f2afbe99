"""Figures reckoned once and read often: one set a day and question, one row a style and place."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.models import Job
from staff.models import Region, Store
from stock.models.masters import Brand, Season, Style
from stock.states import Category, FigureLevel, FigureSetState, StyleClass


class FigureSet(models.Model):
    """All merchandise figures as of the close of one day (MER-33).

    `from_on` is the period's first day; without it each style is looked at since its launch (the
    season view). `is_standing` is the one set that the board opens with: made anew by night and
    after each import, and put in place of the last one when it is whole. `values` are the terms it
    was reckoned by (`stock.models.StockTerms`), `seen` the changes of the ledger that it tells of
    (`stock.services.figure_sets.ledger_seen`).
    """

    as_of = models.DateField()
    from_on = models.DateField(null=True)
    counts_gifts = models.BooleanField(default=False)
    is_standing = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=FigureSetState.choices, default=FigureSetState.MAKING
    )
    values = models.JSONField(default=dict)
    seen = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(db_default=Now())
    made_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["as_of", "from_on"], name="figure_set_of_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["is_standing"],
                condition=Q(is_standing=True, state=FigureSetState.READY),
                name="one_standing_set",
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_of}"


class Figure(models.Model):
    """The parts that the figures of one style in one place are made of, so that totals are Σ / Σ.

    A place is an office, a region (its offices and what is on the way between them) or the whole
    company; transfers are those across its border (`stock.rules.turnover`). Pairs and days, yuan
    where money is said; a ratio is never kept. `window_days` and `window_sold` are the last two
    weeks, `window_stocked` how many of those days had goods. `aged_pairs` and `pair_days` make the
    age, `buckets` its pyramid. `paid` / `tagged` is the average discount. `year_sold` is since the
    first of January. `weeks` are those on sale with goods, `selling_weeks` those of them that sold;
    `main_sold` in `main_weeks` is the mean week of the main season, `volume` that mean by the
    median of its category, season and place. Classes are those computed; a person's override
    stands in `ClassOverride`.
    """

    set = models.ForeignKey(FigureSet, models.CASCADE, related_name="figures")
    level = models.PositiveSmallIntegerField(choices=FigureLevel.choices)
    style = models.ForeignKey(Style, models.PROTECT, related_name="+")
    office = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    launched_on = models.DateField(null=True)
    days_on_sale = models.PositiveIntegerField(null=True)
    opening = models.IntegerField(default=0)
    brought = models.IntegerField(default=0)
    purchased = models.IntegerField(default=0)
    purchase_returned = models.IntegerField(default=0)
    transferred_in = models.IntegerField(default=0)
    transferred_out = models.IntegerField(default=0)
    sold = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    business_use = models.IntegerField(default=0)
    given = models.IntegerField(default=0)
    gained = models.IntegerField(default=0)
    lost = models.IntegerField(default=0)
    closing = models.IntegerField(default=0)
    in_transit = models.IntegerField(default=0)
    window_days = models.PositiveSmallIntegerField(default=0)
    window_sold = models.IntegerField(default=0)
    window_stocked = models.PositiveSmallIntegerField(default=0)
    year_sold = models.IntegerField(default=0)
    aged_pairs = models.IntegerField(default=0)
    pair_days = models.BigIntegerField(default=0)
    buckets = ArrayField(models.IntegerField(), default=list)
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    tagged = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    has_unpriced = models.BooleanField(default=False)
    margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    opening_cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    closing_cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    style_class = models.CharField(max_length=10, choices=StyleClass.choices, blank=True)
    category = models.CharField(max_length=10, choices=Category.choices, blank=True)
    weeks = models.PositiveSmallIntegerField(default=0)
    selling_weeks = models.PositiveSmallIntegerField(default=0)
    main_sold = models.IntegerField(default=0)
    main_weeks = models.PositiveSmallIntegerField(default=0)
    volume = models.FloatField(null=True)
    weeks_behind = models.PositiveSmallIntegerField(default=0)
    is_promoted = models.BooleanField(default=False)
    restocked = models.IntegerField(default=0)
    restock_hits = models.IntegerField(default=0)
    requested = models.IntegerField(default=0)
    served = models.IntegerField(default=0)
    sizes_in_stock = models.PositiveSmallIntegerField(default=0)
    sizes_in_range = models.PositiveSmallIntegerField(default=0)
    missing_core = ArrayField(models.CharField(max_length=10), default=list)
    is_broken = models.BooleanField(default=False)
    flags = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["set", "level", "office", "style"], name="figure_of_office"),
            models.Index(fields=["set", "style", "level"], name="figure_of_style"),
            models.Index(fields=["set", "level", "style_class"], name="figure_of_class"),
            models.Index(
                fields=["set", "closing", "id"],
                condition=Q(level=FigureLevel.OFFICE),
                name="figure_lying_in_an_office",
            ),
            models.Index(
                fields=["set", "style"],
                condition=Q(level=FigureLevel.OFFICE, is_broken=True),
                name="figure_broken_in_an_office",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["set", "level", "style", "office", "region"],
                nulls_distinct=False,
                name="one_figure_a_place",
            ),
            models.CheckConstraint(
                name="figure_has_its_place",
                condition=Q(level=FigureLevel.OFFICE, office__isnull=False, region__isnull=False)
                | Q(level=FigureLevel.REGION, office=None, region__isnull=False)
                | Q(level=FigureLevel.COMPANY, office=None, region=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.style_id} {self.office_id or self.region_id or ''}".strip()


class WeekFigure(models.Model):
    """One week (by its Monday) of the styles of a brand, season and office: what charts draw.

    Pairs: `received` and `sold` net in the week, `closing` and `supply` (opening and all received)
    at its end.
    """

    set = models.ForeignKey(FigureSet, models.CASCADE, related_name="weeks")
    office = models.ForeignKey(Store, models.PROTECT, related_name="+")
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+")
    season = models.ForeignKey(Season, models.PROTECT, null=True, related_name="+")
    monday = models.DateField()
    received = models.IntegerField(default=0)
    sold = models.IntegerField(default=0)
    supply = models.IntegerField(default=0)
    closing = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["set", "office", "brand", "season", "monday"],
                nulls_distinct=False,
                name="one_figure_a_week",
            )
        ]

    def __str__(self) -> str:
        return f"{self.monday}"
