"""Beat by the machine's steady clock: it only asks, and remembers nothing.

Celery's own scheduler compares the time of the last run with the wall clock: set back by an hour
it asks nothing for an hour, and by a year for a year (celery#5892). Ours counts seconds that pass.
"""

import time

from celery.beat import Scheduler

# However far off the next entry is, beat looks again so often: it is told nothing of a change.
LONGEST_PAUSE = 5.0


class SteadyScheduler(Scheduler):
    """Sends each entry as soon as it starts, and then every so many seconds."""

    def setup_schedule(self) -> None:
        self._due_at: dict[str, float] = {}
        self.merge_inplace(self.app.conf.beat_schedule)

    def tick(self, *_args: object, **_options: object) -> float:
        """Send what is due; return the seconds until it is to be looked at again."""
        for name, entry in self.schedule.items():
            if self._due_at.get(name, 0.0) <= time.monotonic():
                self.apply_entry(entry, producer=self.producer)
                every = entry.schedule.run_every  # type: ignore[union-attr]  # the stubs lack it
                self._due_at[name] = time.monotonic() + every.total_seconds()
        pause = min(self._due_at.values(), default=LONGEST_PAUSE) - time.monotonic()
        return min(max(pause, 0.0), LONGEST_PAUSE)
