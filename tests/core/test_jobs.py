"""A job is one worker's at a time, and only the last one's word counts."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.models import AuditEntry, Job
from core.services import audit, jobs
from core.states import JobState
from tests.factories.staff import PersonFactory

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

KIND = "core.tasks.nobody_does_this"


@pytest.fixture
def job():
    return Job.objects.create(kind=KIND, asked_by=PersonFactory())


def thought_dead(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=4))


def test_a_job_is_done_once(job):
    with jobs.working(job.pk) as work:
        work.advance(1, 2)
        with jobs.working(job.pk) as second:
            assert second is None
        work.job.result = {"rows": 2}
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (JobState.DONE, {"rows": 2}, 1)


def test_a_worker_thought_dead_does_not_overwrite_its_successor(job):
    with jobs.working(job.pk) as first:
        thought_dead(job)
        with jobs.working(job.pk) as second:
            second.job.result = {"by": "second"}
        first.job.result = {"by": "first"}
    job.refresh_from_db()
    assert (job.result, job.attempts) == ({"by": "second"}, 2)


def test_a_worker_thought_dead_ends_nothing_while_its_successor_works(job):
    with jobs.working(job.pk) as first:
        thought_dead(job)
        with jobs.working(job.pk) as second:
            with pytest.raises(jobs.TakenOver):
                first.advance(1, 2)
            jobs._end(first.job, state=JobState.FAILED, failure="late")
            job.refresh_from_db()
            assert (job.state, job.failure) == (JobState.RUNNING, "")
            second.advance(2, 2)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_being_taken_over_is_no_failure(job):
    with jobs.working(job.pk) as first:
        thought_dead(job)
        with jobs.working(job.pk):
            pass
        first.advance(1, 1)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_the_control_without_the_fence_the_late_one_wins(job, monkeypatch):
    monkeypatch.setattr(jobs, "mine", lambda job: Job.objects.filter(pk=job.pk))
    with jobs.working(job.pk) as first:
        thought_dead(job)
        with jobs.working(job.pk) as second:
            second.job.result = {"by": "second"}
        first.job.result = {"by": "first"}
    job.refresh_from_db()
    assert job.result == {"by": "first"}


def test_the_third_attempt_is_given_up_only_when_its_heart_has_stopped(job):
    Job.objects.filter(pk=job.pk).update(attempts=jobs.MOST_ATTEMPTS - 1)
    with jobs.working(job.pk):
        jobs.take_up_waiting(now=timezone.now())
        job.refresh_from_db()
        assert job.state == JobState.RUNNING
        thought_dead(job)
        jobs.take_up_waiting(now=timezone.now())
        job.refresh_from_db()
        assert job.state == JobState.FAILED
    job.refresh_from_db()
    assert job.state == JobState.FAILED, "what was told stays told"


def test_a_fourth_attempt_is_not_made(job):
    Job.objects.filter(pk=job.pk).update(
        attempts=jobs.MOST_ATTEMPTS, state=JobState.RUNNING, beat_at=timezone.now()
    )
    thought_dead(job)
    with jobs.working(job.pk) as work:
        assert work is None


def test_an_import_that_waits_for_another_stays_alive(job, monkeypatch):
    from core.services import turns as waiting
    from desk.imports import turns

    monkeypatch.setattr(waiting, "TURN_SECONDS", 0.01)
    monkeypatch.setattr(waiting, "TURNS_A_BEAT", 2)
    other, beats = connection.copy(), []
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [turns.IMPORT_LOCK])

        def beat() -> None:
            beats.append(1)
            if len(beats) == 3:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [turns.IMPORT_LOCK])

        with transaction.atomic():
            turns.take_the_lock(beat)
    other.close()
    assert len(beats) == 4, "three while it waited, one when it had the lock"


def test_an_import_that_waits_too_long_is_refused_in_words(job, monkeypatch):
    from core.services import turns as waiting
    from desk.imports import turns

    monkeypatch.setattr(waiting, "LONGEST_WAIT_SECONDS", 0.0)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [turns.IMPORT_LOCK])
        with pytest.raises(turns.ImportRefused), transaction.atomic():
            turns.take_the_lock(lambda: None)
    other.close()


def test_numbers_typed_as_a_reason_are_masked_in_the_trail(job):
    by = job.asked_by
    audit.record(verb="skip", of=by, by=by, reason="call her on 138 0013 8000 instead")
    assert AuditEntry.objects.get(verb="skip").reason == "call her on 138****8000 instead"
