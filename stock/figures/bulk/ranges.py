"""Which sizes lie where: 齐码率 and 断码 of many styles at once (`stock.rules.sizes`)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from stock.rules.sizes import core_sizes, size_order

# What a stock of sizes has: pairs of one size and colour of a style in a place.
COLUMNS = ["style", "place", "colour", "size", "pairs"]


def core_rows(stock: pd.DataFrame, runs: Sequence[Sequence[str]]) -> pd.DataFrame:
    """The core sizes of each style and colour: the first run that lies in its whole range, in
    whatever place; columns style, colour, size.
    """
    ranges = stock.groupby(["style", "colour"], sort=False)["size"].agg(set)
    found = [
        (style, colour, size)
        for (style, colour), sizes in ranges.items()
        for size in core_sizes(sizes, runs)
    ]
    return pd.DataFrame(found, columns=["style", "colour", "size"])


def gaps(stock: pd.DataFrame, core: pd.DataFrame) -> pd.DataFrame:
    """A row a style, place and colour: sizes in stock and in range, the core sizes that lack, and
    whether it is broken, negative somewhere, without core sizes.

    The range is every size of the style and colour among all these places. A negative size counts
    as none; rows without a size say nothing of the range.
    """
    by = ["style", "place", "colour"]
    sized = stock[stock["size"] != ""]
    laid = sized.assign(is_held=sized["pairs"] > 0, is_negative=sized["pairs"] < 0)
    found = laid.groupby(by, as_index=False).agg(
        sizes_in_stock=("is_held", "sum"),
        is_negative=("is_negative", "any"),
    )
    ranges = sized.groupby(["style", "colour"], as_index=False)["size"].nunique()
    found = found.merge(ranges.rename(columns={"size": "sizes_in_range"}), on=["style", "colour"])
    wanted = found[by].merge(core, on=["style", "colour"])
    held = laid.loc[laid["is_held"], [*by, "size"]].assign(there=True)
    lacking = wanted.merge(held, on=[*by, "size"], how="left")
    lacking = lacking[lacking["there"].isna()]
    lacks: dict[tuple[int, int, str], list[str]] = {}
    for *key, size in lacking[[*by, "size"]].itertuples(index=False):
        lacks.setdefault(tuple(key), []).append(size)
    keys = found[by].itertuples(index=False, name=None)
    missing = [sorted(lacks.get(key, ()), key=size_order) for key in keys]
    found["missing_core"] = pd.Series(missing, index=found.index, dtype=object)
    found["is_broken"] = (found["sizes_in_stock"] > 0) & np.array(list(map(bool, missing)), bool)
    cored = core[["style", "colour"]].drop_duplicates().assign(has_core=True)
    found = found.merge(cored, on=["style", "colour"], how="left")
    found["has_core"] = found["has_core"].notna()
    return found


def over_colours(found: pd.DataFrame) -> pd.DataFrame:
    """The same a style and place, colours side by side: sizes add up, one broken colour breaks."""
    by = ["style", "place"]
    return found.groupby(by, as_index=False).agg(
        sizes_in_stock=("sizes_in_stock", "sum"),
        sizes_in_range=("sizes_in_range", "sum"),
        is_negative=("is_negative", "any"),
        is_broken=("is_broken", "any"),
        missing_core=("missing_core", _together),
    )


def _together(lists: pd.Series) -> list[str]:
    return sorted({size for each in lists for size in each}, key=size_order)


def over_places(stock: pd.DataFrame, place: pd.Series) -> pd.DataFrame:
    """The stock of sizes of wider places: what lies in each of their offices, nothing set off."""
    moved = stock.assign(place=place, pairs=stock["pairs"].clip(lower=0))
    by = ["style", "place", "colour", "size"]
    return moved.groupby(by, as_index=False)["pairs"].sum()
