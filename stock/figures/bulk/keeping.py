"""Rows of figures into the table, and the classes of a set whose rows were reckoned in lots."""

import numpy as np
import pandas as pd
from django.db import connection

from core.services.copying import copy_rows
from stock.figures.bulk import classing
from stock.figures.bulk.parts import columns_of
from stock.models import FigureSet
from stock.rules.figures import Flag
from stock.rules.terms import Terms

LISTS = ("buckets", "missing_core", "flags")
_OF_SET = """
    SELECT figure.id, dense_rank() OVER (
               ORDER BY level, office_id, figure.region_id, style.season_id, category),
           main_sold, main_weeks, weeks, selling_weeks, is_promoted
      FROM stock_figure figure JOIN stock_style style ON style.id = figure.style_id
     WHERE set_id = %s
"""
_CLASSES = """
    CREATE TEMPORARY TABLE told_class (
        id bigint PRIMARY KEY, style_class text, volume double precision, is_lonely boolean
    ) ON COMMIT DROP
"""
_PUT = """
    UPDATE stock_figure figure
       SET style_class = told.style_class, volume = told.volume,
           flags = CASE WHEN told.is_lonely THEN array_append(flags, %s) ELSE flags END
      FROM told_class told WHERE told.id = figure.id
"""


def array_text(values: list[object]) -> str:
    """A list as COPY reads an array, its texts quoted."""
    texts = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{text}"' for text in texts) + "}"


def write(figures: FigureSet, frame: pd.DataFrame) -> None:
    """Copy reckoned rows in as rows of a set."""
    columns = columns_of(frame)
    columns |= {name: list(map(array_text, columns[name])) for name in LISTS}
    rows = zip([figures.pk] * len(frame), *columns.values(), strict=True)
    copy_rows("stock_figure", ["set_id", *columns], rows)


def without_classes(frame: pd.DataFrame) -> pd.DataFrame:
    """A lot's rows before their like is known."""
    return frame.assign(style_class="", volume=np.nan)


def classes_told(figures: FigureSet, *, terms: Terms) -> tuple[list[int], classing.Told] | None:
    """The keys of all rows of a set and their classes, by what the rows say; None without rows."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_SET, [figures.pk])
        rows = cursor.fetchall()
    if not rows:
        return None
    keys, *measures = (np.array(column) for column in zip(*rows, strict=True))
    return keys.tolist(), classing.classes_of(classing.Measured(*measures), terms=terms)


def write_classes(figures: FigureSet, *, terms: Terms) -> None:
    """Tell the classes of all rows of a set, within the running transaction."""
    found = classes_told(figures, terms=terms)
    if found is None:
        return
    keys, told = found
    with connection.cursor() as cursor:
        volumes = [None if volume != volume else volume for volume in told.volume.tolist()]
        cursor.execute(_CLASSES)
        copy_rows(
            "told_class",
            ["id", "style_class", "volume", "is_lonely"],
            zip(
                keys, map(str, told.style_class), volumes, told.has_no_peers.tolist(),
                strict=True,
            ),
        )  # fmt: skip
        cursor.execute(_PUT, [str(Flag.NO_PEERS)])
