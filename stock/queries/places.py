"""Of what place a page of goods tells: one office, a region, or the whole company."""

from dataclasses import dataclass

from django.db.models import Q

from staff.models import Region, Store
from staff.scope import Reach
from stock.queries.visible import reads_own_store, visible_offices
from stock.states import FigureLevel


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place; of a region its offices and what is on the way between them."""

    level: FigureLevel
    office: Store | None = None
    region: Region | None = None

    @property
    def figures(self) -> Q:
        """The condition on rows of figures that tell of this place."""
        if self.level == FigureLevel.OFFICE:
            return Q(level=self.level, office=self.office)
        if self.level == FigureLevel.REGION:
            return Q(level=self.level, region=self.region)
        return Q(level=self.level)

    def within(self, field: str = "office") -> Q:
        """The condition on rows that name an office in `field`: those of this place."""
        if self.level == FigureLevel.OFFICE:
            return Q(**{field: self.office})
        if self.level == FigureLevel.REGION:
            return Q(**{f"{field}__region": self.region})
        return Q()


def place_of(reach: Reach, *, region: int | None = None, office: int | None = None) -> Place | None:
    """The place of these keys within reach; None where there is none.

    Without keys it is the whole company, and for a store its own.
    """
    if office is not None or reads_own_store(reach):
        offices = visible_offices(reach).select_related("region")
        found = (offices.filter(pk=office) if office is not None else offices).first()
        if found is None:
            return None
        return Place(level=FigureLevel.OFFICE, office=found, region=found.region)
    if region is not None:
        named = Region.objects.filter(pk=region).first()
        return None if named is None else Place(level=FigureLevel.REGION, region=named)
    return Place(level=FigureLevel.COMPANY)
