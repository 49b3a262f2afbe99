"""Background work with progress. The row is the queue; a message to a worker is only a nudge.

A job's `kind` is the name of the Celery task that does it, so that no registry is needed:
`ask(kind="desk.tasks.import_customers", …)`. The task's body is `with working(job_id) as work:`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.keyring import keyring
from core.models import Job, StoredFile
from core.refusals import Refused
from core.states import OPEN_JOB_STATES, JobState

log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(minutes=3)
MOST_ATTEMPTS = 3
LONGEST_FILE_NAME = 100
# Long enough to mend the refused rows of an import; personal data is not kept on the chance.
FILES_KEPT_FOR = timedelta(days=7)


def store_file(
    *, name: str, content: bytes, content_type: str, by, kept_for: timedelta | None = FILES_KEPT_FOR
) -> StoredFile:
    """Keep a file, sealed; its name is cut to 100 characters, its type is told, not trusted.

    `kept_for` None keeps it for good.
    """
    return StoredFile.objects.create(
        name=name[-LONGEST_FILE_NAME:],
        content_type=content_type[:100],
        content=keyring().seal(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_by=by,
        expires_at=None if kept_for is None else timezone.now() + kept_for,
    )


def nudge(kind: str, *args: object) -> None:
    """Tell a worker after commit; if the broker is away, the sweep of the next minute does."""

    def send() -> None:
        try:
            current_app.send_task(kind, args, retry=False)
        except Exception:  # the broker is a nudge: whatever ails it, the row is there
            log.warning("nudge_failed", task=kind)

    transaction.on_commit(send, robust=True)


def ask(*, kind: str, by, params: Mapping[str, object], source: StoredFile | None = None) -> Job:
    """Queue a piece of work for `by`."""
    job = Job.objects.create(kind=kind, asked_by=by, params=dict(params), source=source)
    nudge(kind, job.pk)
    return job


class TakenOver(Exception):
    """This worker was thought dead; the job is another's now, and its work here is for nothing."""


class Work:
    """A job being done: says how far it is, on a connection of its own so that it is seen."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._line = connection.copy()

    def advance(self, done: int, total: int) -> None:
        """Tell the person who waits: `done` of `total`; alive, too. Raises TakenOver."""
        self._say(done, total)

    def beat(self) -> None:
        """Alive, between parts that nobody counts. Raises TakenOver."""
        self._say(None, None)

    def _say(self, done: int | None, total: int | None) -> None:
        with self._line.cursor() as cursor:
            cursor.execute(
                "UPDATE core_job SET done = COALESCE(%s, done), total = COALESCE(%s, total),"
                " beat_at = clock_timestamp()"
                " WHERE id = %s AND attempts = %s AND state = 'running'",
                [done, total, self.job.pk, self.job.attempts],
            )
            if cursor.rowcount == 0:
                raise TakenOver

    def close(self) -> None:
        self._line.close()


def _claimable(now: datetime) -> Q:
    return Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, beat_at__lt=now - STALE_AFTER)


def _claim(job_id: int, now: datetime) -> int | None:
    """Take the job, unless another worker has it; answers with the number of this attempt.

    The number is the fence: whatever this worker writes later counts only while it is the last.
    """
    with transaction.atomic():
        found = Job.objects.filter(_claimable(now), pk=job_id, attempts__lt=MOST_ATTEMPTS)
        job = found.select_for_update(skip_locked=True).only("attempts").first()
        if job is None:
            return None
        Job.objects.filter(pk=job_id).update(
            state=JobState.RUNNING, started_at=now, beat_at=now, attempts=job.attempts + 1
        )
        return job.attempts + 1


def mine(job: Job) -> QuerySet[Job]:
    """The job's row, while this worker's attempt is the one that counts."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RUNNING)


def _end(job: Job, *, state: JobState, **fields: object) -> None:
    if not mine(job).update(state=state, ended_at=timezone.now(), **fields):
        log.warning("job_taken_over", job=job.pk, attempt=job.attempts)


@contextmanager
def working(job_id: int) -> Iterator[Work | None]:
    """Claim and do one job; yields None where somebody else has it.

    A refusal ends it with its sentence; any other error ends it as failed and is raised. The
    caller sets `work.job.result` and `work.job.output` before leaving. A worker that was thought
    dead ends nothing: its successor's word counts.
    """
    attempt = _claim(job_id, timezone.now())
    if attempt is None:
        yield None
        return
    job = Job.objects.select_related("asked_by", "source").get(pk=job_id)
    job.attempts = attempt
    work = Work(job)
    try:
        yield work
    except TakenOver:
        log.warning("job_taken_over", job=job.pk, attempt=attempt)
    except Refused as refusal:
        _end(work.job, state=JobState.FAILED, failure=str(refusal)[:400])
    except Exception:
        _end(work.job, state=JobState.FAILED, failure="")
        raise
    else:
        _end(work.job, state=JobState.DONE, result=work.job.result, output=work.job.output)
    finally:
        work.close()


def take_up_waiting(*, now: datetime) -> int:
    """Nudge for every job that waits or whose worker died; give up after three attempts.

    The third attempt is given up only when its heart has stopped: `_claimable` says so.
    """
    exhausted = Job.objects.filter(_claimable(now), attempts__gte=MOST_ATTEMPTS)
    if given_up := exhausted.update(state=JobState.FAILED, ended_at=now):
        log.warning("jobs_given_up", count=given_up)
    waiting = list(Job.objects.filter(_claimable(now)).values_list("kind", "pk"))
    for kind, pk in waiting:
        nudge(kind, pk)
    return len(waiting)


def empty_expired_files(*, now: datetime) -> int:
    """Throw away the content of files whose time is over, unless a job still works with it."""
    open_jobs = Job.objects.filter(state__in=OPEN_JOB_STATES)
    in_use = open_jobs.filter(Q(source=OuterRef("pk")) | Q(output=OuterRef("pk")))
    expired = StoredFile.objects.filter(~Exists(in_use), expires_at__lte=now, emptied_at=None)
    count = expired.update(content=b"", emptied_at=now)
    if count:
        log.info("files_emptied", count=count)
    return count
