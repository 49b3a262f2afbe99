"""The database's clock: the one that all of us share."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """What the database's clock says at this moment, not when the transaction began.

    Read after a lock was had: whoever waited for it reads a later time (decision 3).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
