"""Files are sealed where they lie, and emptied when their time is over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.models import FileGone, Job, StoredFile
from core.services.jobs import FILES_KEPT_FOR, empty_expired_files, store_file
from core.states import JobState
from core.tasks import remove_expired_files
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

CONTENT = "王建国,13800138000".encode()


@pytest.fixture
def file():
    return store_file(name="a.csv", content=CONTENT, content_type="text/csv", by=PersonFactory())


def later(**more):
    return timezone.now() + FILES_KEPT_FOR + timedelta(**more)


def test_a_file_is_read_as_it_was_brought_in(file):
    file = StoredFile.objects.get()
    assert file.opened() == CONTENT
    assert file.size == len(CONTENT)


def test_the_table_holds_nothing_readable(file):
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM core_storedfile")
        content = bytes(cursor.fetchone()[0])
    assert b"13800138000" not in content
    assert "王".encode() not in content


def test_a_file_is_emptied_after_its_time_and_not_before(file):
    assert empty_expired_files(now=later(minutes=-1)) == 0
    assert empty_expired_files(now=later(minutes=1)) == 1
    assert empty_expired_files(now=later(minutes=1)) == 0
    file.refresh_from_db()
    assert bytes(file.content) == b""
    assert file.name == "a.csv", "what was brought in, and by whom, is still told"
    with pytest.raises(FileGone):
        file.opened()


@pytest.mark.parametrize("role", ["source", "output"])
def test_a_job_that_is_not_over_keeps_its_files(file, role):
    job = Job.objects.create(kind="x", asked_by=file.stored_by, **{role: file})
    assert empty_expired_files(now=later(days=1)) == 0
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, ended_at=timezone.now())
    assert empty_expired_files(now=later(days=1)) == 1


def test_a_file_that_old_code_stores_expires_too():
    StoredFile.objects.create(name="a", content_type="", content=b"", size=0, sha256="")
    left = StoredFile.objects.get().expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7, minutes=1)


def test_the_hourly_sweep_twice_is_once(file):
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    remove_expired_files()
    remove_expired_files()
    assert StoredFile.objects.filter(emptied_at__isnull=False).count() == 1


def test_an_emptied_sheet_of_refused_rows_is_not_offered(file, client):
    job = Job.objects.create(
        kind="x",
        asked_by=file.stored_by,
        output=file,
        state=JobState.DONE,
        ended_at=timezone.now(),
    )
    client.force_login(file.stored_by, backend="staff.backends.PersonBackend")
    url = f"/jobs/{job.pk}/output/"
    assert client.get(url).content == CONTENT
    empty_expired_files(now=later(days=1))
    assert client.get(url).status_code == 404
    assert url not in client.get(f"/jobs/{job.pk}/").content.decode()
