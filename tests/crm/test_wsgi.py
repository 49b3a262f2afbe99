"""A page may keep the database busy for seconds, a worker for minutes."""

import subprocess
import sys

import pytest

ASK = """
import os, django
{door}
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0])
"""


@pytest.mark.parametrize(
    ("door", "timeout"), [("import crm.wsgi", "15s"), ("django.setup()", "10min")]
)
def test_the_web_waits_seconds_and_the_workers_minutes(door, timeout):
    asked = [sys.executable, "-c", ASK.format(door=door)]
    assert subprocess.run(asked, capture_output=True, text=True).stdout.strip() == timeout
