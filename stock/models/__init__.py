"""Stock: the masters of goods, their prices, the ledger, its kept sums and figures, decisions."""

from stock.models.decisions import ClassOverride, Proposal, ProposalSize, StockTerms
from stock.models.figures import Figure, FigureSet, WeekFigure
from stock.models.masters import (
    Brand,
    CoreSizes,
    Season,
    SeasonTarget,
    Series,
    ShoeType,
    Style,
)
from stock.models.movements import DaySum, InTransit, Movement, Request, SheetMapping, SizeStock
from stock.models.prices import OfficeLaunch, OfficePrice

__all__ = [
    "Brand",
    "ClassOverride",
    "CoreSizes",
    "DaySum",
    "Figure",
    "FigureSet",
    "InTransit",
    "Movement",
    "OfficeLaunch",
    "OfficePrice",
    "Proposal",
    "ProposalSize",
    "Request",
    "Season",
    "SeasonTarget",
    "Series",
    "SheetMapping",
    "ShoeType",
    "SizeStock",
    "StockTerms",
    "Style",
    "WeekFigure",
]
