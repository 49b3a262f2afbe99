"""Sets of figures: made at once or in lots, whole or not to be seen, put in place, cleared away."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.models import Job
from core.services import jobs
from core.services.jobs import TakenOver
from core.states import JobState
from staff.models import Store
from stock.figures.bulk import keeping, parts, week_rows
from stock.figures.bulk.parts import reckon, rows_of
from stock.models import Figure, FigureSet, Style, WeekFigure
from stock.queries.classes import standing_set
from stock.services import figure_making
from stock.services.figure_making import LedgerMoved, make, make_now, question_of
from stock.services.figure_sets import (
    FiguresNotAsked,
    ask_for,
    ask_standing,
    clear_away,
    fresh_set,
    keep_up,
    ledger_seen,
    mark_failed,
    put_in_place,
)
from stock.services.recounting import recount_all
from stock.states import FigureLevel, FigureSetState
from stock.tasks import make_figures, reckon_styles
from tests.factories.staff import PersonFactory, RegionFactory
from tests.factories.stock import MovementFactory, StyleFactory
from tests.stock.formula_rows import Book
from tests.stock.ledger_rows import brought_in
from tests.stock.ledgers import START
from tests.stock.test_parts import drawn_goods, written

AS_OF = START + timedelta(days=60)


@pytest.fixture
def goods(db):
    written([drawn_goods(seed, f"S{seed}") for seed in range(6)])


def kept(figures):
    names = [
        field.attname for field in Figure._meta.concrete_fields if field.name not in ("id", "set")
    ]
    rows = Figure.objects.filter(set=figures).order_by("level", "style", "office", "region")
    found = [dict(row) for row in rows.values(*names)]
    for row in found:
        row["flags"].sort()
    return found


def reckoned(figures):
    found = [row | {"flags": sorted(row["flags"])} for row in rows_of(reckon(question_of(figures)))]
    place = ("level", "style_id", "office_id", "region_id")
    return sorted(found, key=lambda row: [row[name] or 0 for name in place])


def test_a_set_has_what_is_reckoned_and_stands_once_it_is_whole(goods):
    first = make_now(as_of=AS_OF)
    assert standing_set() == first
    assert kept(first) == reckoned(first)
    assert first.rows == len(reckoned(first)) > 20
    second = make_now(as_of=AS_OF)
    assert standing_set() == second
    first.refresh_from_db()
    assert (first.is_standing, first.state) == (False, FigureSetState.READY)


def change_after_the_first_lot(monkeypatch, *, times):
    """A file that moves goods of all lots comes in after the first, so many times."""
    reckon_lot, left = parts.reckon_lot, [times]
    first = Style.objects.order_by("pk").values_list("pk", flat=True)[0]

    def reckon_and_bring_in(question, styles):
        frame = reckon_lot(question, styles)
        if left[0] and first in styles:
            left[0] -= 1
            book = Book()
            for number in Style.objects.values_list("number", flat=True):
                told = {"office": "a", "document": f"late-{left[0]}-{number}"}
                book.move(number, START, "采购", 5, **told)
            brought_in(movements=book.movements)
        return frame

    monkeypatch.setattr(parts, "reckon_lot", reckon_and_bring_in)


def test_a_set_that_the_ledger_changed_under_gives_way_to_the_one_asked_for_then(
    goods, monkeypatch
):
    stood = make_now(as_of=AS_OF)
    change_after_the_first_lot(monkeypatch, times=1)
    with pytest.raises(LedgerMoved):
        make_now(as_of=AS_OF)
    assert standing_set() == stood
    asked = FigureSet.objects.get(job__kind="stock.tasks.make_figures")
    assert list(FigureSet.objects.filter(is_standing=True).order_by("pk")) == [stood, asked]


@pytest.mark.parametrize(("times", "stands_still"), [(2, True), (3, False)])
def test_a_set_of_another_day_is_made_anew_until_the_ledger_stands_still(
    goods, monkeypatch, times, stands_still
):
    change_after_the_first_lot(monkeypatch, times=times)
    lots = parts.lots
    monkeypatch.setattr(parts, "lots", lambda styles=None: lots(styles, size=1))
    if stands_still:
        figures = make_now(as_of=AS_OF, is_standing=False)
        assert kept(figures) == reckoned(figures)
    else:
        with pytest.raises(LedgerMoved):
            make_now(as_of=AS_OF, is_standing=False)
        assert not FigureSet.objects.filter(state=FigureSetState.READY).exists()


def test_a_set_made_while_an_import_wrote_is_not_handed_out_as_one_of_after(goods):
    by = PersonFactory.create()
    made = make_now(as_of=AS_OF, is_standing=False)
    question = question_of(made)
    known = {"as_of": AS_OF, "terms": question.terms, "counts_gifts": question.counts_gifts}
    assert fresh_set(**known) == made
    assert ask_for(as_of=AS_OF, by=by) == made
    # Asked about before, to be seen by others only now.
    change = ask_standing()
    earlier = made.asked_at - timedelta(minutes=1)
    FigureSet.objects.filter(pk=change.pk).update(asked_at=earlier)
    assert fresh_set(**known) is None
    assert ask_for(as_of=AS_OF, by=by) != made
    anew = make_now(as_of=AS_OF, is_standing=False)
    assert fresh_set(**known) == anew
    # A later one that was begun before gives way when it is whole; it was asked for by a change.
    Job.objects.filter(pk=change.job_id).update(state=JobState.RUNNING)
    gave_way = ask_standing()
    FigureSet.objects.filter(pk=gave_way.pk).update(is_standing=False)
    assert fresh_set(**known) is None


def test_whoever_finds_a_waiting_set_tells_a_worker_again(db, django_capture_on_commit_callbacks):
    ask_standing()
    with django_capture_on_commit_callbacks() as told:
        ask_standing()
    assert len(told) == 1


def test_a_worker_that_was_taken_over_puts_nothing_in_place(goods):
    stood = make_now(as_of=AS_OF)
    asked = ask_standing()
    Job.objects.filter(pk=asked.job_id).update(state=JobState.RUNNING, attempts=2)
    with pytest.raises(TakenOver):
        figure_making.finish(
            asked, seen=ledger_seen(asked), frame=reckon(question_of(asked)),
            work=jobs.Work(asked.job),
        )  # fmt: skip
    assert standing_set() == stood
    mark_failed(stood)
    assert standing_set() == stood, "only what is being made fails"


def test_no_lot_has_more_rows_than_one_worker_holds(db):
    """What one style has is never cut: it is reckoned as one."""
    for number, days in enumerate((4, 4, 2, 9, 0, 1)):
        style = StyleFactory(number=f"L{number}")
        for day in range(days):
            MovementFactory(style=style, on=START + timedelta(days=day))
    recount_all()
    numbers = dict(Style.objects.values_list("pk", "number"))
    found = [[numbers[style] for style in lot] for lot in parts.lots(size=6)]
    assert found == [["L0"], ["L1", "L2"], ["L3"], ["L4", "L5"]]
    assert parts.lots([]) == []


def test_weeks_add_up_to_what_lies_there(goods):
    figures = make_now(as_of=AS_OF)
    monday = AS_OF - timedelta(days=AS_OF.weekday())
    last = WeekFigure.objects.filter(set=figures, monday=monday)
    offices = Figure.objects.filter(set=figures, level=FigureLevel.OFFICE)
    assert sum(week.closing for week in last) == sum(row.closing for row in offices)
    assert set(last.values_list("office", flat=True)) <= {row.office_id for row in offices}
    sold = sum(week.sold for week in WeekFigure.objects.filter(set=figures))
    assert sold == sum(row.year_sold for row in offices)


def test_the_figures_of_another_day_are_asked_for_once_until_the_ledger_changes(goods):
    by = PersonFactory.create()
    asked = ask_for(as_of=date(2026, 3, 20), from_on=date(2026, 3, 2), by=by)
    assert ask_for(as_of=date(2026, 3, 20), from_on=date(2026, 3, 2), by=by) == asked
    assert asked.job.kind == "stock.tasks.make_figures"
    assert ask_for(as_of=date(2026, 3, 20), by=by) != asked
    standing = ask_standing()
    assert ask_standing() == standing
    assert ask_for(as_of=date(2026, 3, 20), from_on=date(2026, 3, 2), by=by) != asked
    question = question_of(asked)
    assert fresh_set(as_of=question.as_of, terms=question.terms) is None


def test_what_an_import_changed_is_asked_for_and_the_same_file_again_is_not(db):
    book = Book()
    book.style("X1")
    book.move("X1", date(2026, 3, 1), "采购", 5)
    brought_in(**vars(book))
    asked = FigureSet.objects.get()
    assert (asked.is_standing, asked.state) == (True, FigureSetState.MAKING)
    Job.objects.filter(pk=asked.job_id).update(state=JobState.RUNNING)
    brought_in(**vars(book))
    assert FigureSet.objects.count() == 1
    assert ask_standing() != asked, "one that is being made may not have seen the change"


def begun(*, asked, started, now):
    """A set that was asked for and begun so many minutes ago."""
    by = PersonFactory()
    job = Job.objects.create(
        kind="k", asked_by=by, state=JobState.RUNNING, started_at=now - timedelta(minutes=started)
    )
    at = now - timedelta(minutes=asked)
    return FigureSet.objects.create(as_of=AS_OF, is_standing=True, job=job, asked_at=at)


@pytest.mark.parametrize("begun_first_is_whole_first", [True, False])
def test_what_was_begun_later_stands_whoever_asked_first(db, begun_first_is_whole_first):
    now = timezone.now()
    # The import asked, and then wrote for minutes; by night the old ledger was read meanwhile.
    imported = begun(asked=9, started=1, now=now)
    by_night = begun(asked=5, started=4, now=now)
    both = [by_night, imported]
    for each in both if begun_first_is_whole_first else reversed(both):
        put_in_place(each, now=now)
    assert standing_set() == imported


def test_a_standing_set_that_failed_is_asked_for_anew(goods):
    now = timezone.now()
    ready = make_now(as_of=timezone.localdate(now))
    failed = ask_standing(now=now)
    FigureSet.objects.filter(pk=failed.pk).update(state=FigureSetState.FAILED)
    keep_up(now=now)
    assert standing_set() == ready
    anew = FigureSet.objects.exclude(pk=ready.pk).get()
    assert (anew.is_standing, anew.state) == (True, FigureSetState.MAKING)
    keep_up(now=now)
    assert FigureSet.objects.count() == 2


def test_an_office_that_moved_to_another_region_is_counted_there_within_the_hour(goods):
    now = timezone.now()
    ready = make_now(as_of=timezone.localdate(now))
    keep_up(now=now)
    assert FigureSet.objects.get() == ready
    office = Figure.objects.filter(level=FigureLevel.OFFICE).first().office
    Store.objects.filter(pk=office.pk).update(region=RegionFactory())
    keep_up(now=now)
    keep_up(now=now)
    asked = FigureSet.objects.exclude(pk=ready.pk).get()
    assert (asked.is_standing, asked.state) == (True, FigureSetState.MAKING)


@pytest.mark.parametrize("asked", [{"as_of": date(2099, 1, 1)},
                                   {"as_of": AS_OF, "from_on": date(2026, 12, 1)}])  # fmt: skip
def test_a_day_to_come_and_a_period_that_ends_before_it_begins_are_refused(db, asked):
    with pytest.raises(FiguresNotAsked):
        ask_for(**asked, by=PersonFactory.create())


def test_figures_with_gifts_and_without_are_asked_for_apart(db):
    by = PersonFactory.create()
    told = [ask_for(as_of=AS_OF, counts_gifts=each, by=by) for each in (True, False, None)]
    assert [each.counts_gifts for each in told] == [True, False, False]
    assert told[0] != told[1] == told[2]
    assert ask_for(as_of=AS_OF, counts_gifts=True, by=by) == told[0]


def test_figures_of_today_alone_are_asked_for(db):
    today = timezone.localdate()
    asked = ask_for(as_of=today, from_on=today, by=PersonFactory.create())
    assert (asked.as_of, asked.from_on, asked.is_standing) == (today, today, False)


def test_by_night_the_standing_set_is_asked_for_and_what_is_old_goes(goods):
    now = timezone.now()
    old = make_now(as_of=AS_OF, now=now)
    long_ago = now - timedelta(days=8)
    FigureSet.objects.filter(pk=old.pk).update(asked_at=long_ago, made_at=long_ago)
    keep_up(now=now)
    asked = FigureSet.objects.get(state=FigureSetState.MAKING)
    assert (asked.as_of, asked.is_standing) == (timezone.localdate(now), True)
    assert standing_set() == old  # the one that stands is never cleared away
    keep_up(now=now)
    assert FigureSet.objects.count() == 2
    make_now(as_of=AS_OF, now=now)
    assert clear_away(now=now) == 1
    assert not Figure.objects.filter(set=old.pk).exists()


class TestByWorkers:
    """A job tells how far it is on a connection of its own, which sees only what is committed."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def in_lots(self, monkeypatch, transactional_db):
        written([drawn_goods(seed, f"S{seed}") for seed in range(4)])
        monkeypatch.setattr(figure_making, "FEW_LOTS", 0)
        lots = parts.lots
        monkeypatch.setattr(parts, "lots", lambda styles=None: lots(styles, size=1))
        return ask_for(as_of=AS_OF, by=PersonFactory.create())

    def test_lots_come_to_the_same_as_all_at_once(self, in_lots):
        make_figures(in_lots.job_id)
        in_lots.refresh_from_db()
        assert in_lots.state == FigureSetState.READY
        assert kept(in_lots) == reckoned(in_lots)
        job = Job.objects.get(pk=in_lots.job_id)
        assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4)

    def test_a_killed_workers_lot_is_done_by_another(self, in_lots):
        with jobs.working(in_lots.job_id) as work:
            keys, _seen = figure_making._lots_of(work.job, in_lots, parts.lots(), seen=[])
            claimed = timezone.now() - timedelta(minutes=5)
            Job.objects.filter(pk=keys[1]).update(
                state=JobState.RUNNING, attempts=1, started_at=claimed, beat_at=claimed
            )
            reckon_styles(keys[2])
            assert standing_set() is None
            make(work)
        assert kept(FigureSet.objects.get(pk=in_lots.pk)) == reckoned(in_lots)
        assert set(Job.objects.filter(pk__in=keys).values_list("state", flat=True)) == {"done"}

    def test_lots_that_the_ledger_changed_between_are_reckoned_anew(self, in_lots, monkeypatch):
        change_after_the_first_lot(monkeypatch, times=1)
        make_figures(in_lots.job_id)
        in_lots.refresh_from_db()
        assert in_lots.state == FigureSetState.READY
        assert kept(in_lots) == reckoned(in_lots)

    def test_what_came_after_the_lots_were_cut_is_in_the_set(self, in_lots, monkeypatch):
        """A style that no lot has yet is new to the set, as any row of the ledger is."""
        lots, left = parts.lots, [1]

        def cut_and_bring_in(styles=None):
            found = lots(styles)
            if left.pop() if left else 0:
                book = Book()
                book.style("NEW")
                book.move("NEW", START, "采购", 5, office="a", document="new")
                brought_in(styles=book.styles, movements=book.movements)
            return found

        monkeypatch.setattr(parts, "lots", cut_and_bring_in)
        make_figures(in_lots.job_id)
        in_lots.refresh_from_db()
        assert in_lots.state == FigureSetState.READY
        assert Figure.objects.filter(set=in_lots, style__number="NEW").exists()

    def test_a_lot_that_fails_leaves_what_stood(self, in_lots, monkeypatch):
        stood = make_now(as_of=AS_OF)
        monkeypatch.setattr(parts, "reckon_lot", lambda *asked: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_figures(in_lots.job_id)
        in_lots.refresh_from_db()
        assert (in_lots.state, standing_set()) == (FigureSetState.FAILED, stood)

    def test_a_set_is_alive_between_the_parts_of_its_end(self, in_lots, monkeypatch):
        """Of ten million movements each may take minutes: nobody takes it for dead."""
        told = []

        def noted(name, of):
            act = getattr(of, name)

            def do(*given, **more):
                done = act(*given, **more)
                told.append(name)
                return done

            monkeypatch.setattr(of, name, do)

        noted("write_classes", keeping)
        noted("write_weeks", week_rows)
        noted("beat", jobs.Work)
        make_figures(in_lots.job_id)
        assert told == ["beat", "write_classes", "beat", "write_weeks", "beat"]
        job = Job.objects.get(pk=in_lots.job_id)
        assert (job.done, job.total, job.beat_at > job.started_at) == (4, 4, True)
