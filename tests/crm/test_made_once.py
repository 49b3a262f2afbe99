"""The database that a run makes once: copied when it is there, made anew when its maker failed."""

import sys

import pytest

from tests import made_once


@pytest.mark.parametrize(
    ("said", "found"), [(made_once.DONE, made_once.NAME), ("", None), ("do", None)]
)
def test_it_is_copied_only_when_its_maker_has_said_that_it_is_done(
    tmp_path, monkeypatch, said, found
):
    file = tmp_path / "made-once"
    file.write_text(said)
    monkeypatch.setenv(made_once.WHERE, str(file))
    assert made_once.template() == found


def test_who_asks_waits_for_a_maker_at_work_and_does_without_one_that_dies(tmp_path, monkeypatch):
    monkeypatch.setattr(
        made_once, "MAKER", [sys.executable, "-c", "import time; time.sleep(0.3); raise SystemExit"]
    )
    with made_once.being_made(tmp_path / "made-once") as maker:
        assert maker.poll() is None
        assert made_once.template() is None
        assert maker.wait(timeout=5) == 0


def test_alone_nothing_is_made(monkeypatch):
    monkeypatch.delenv(made_once.WHERE, raising=False)
    assert made_once.template() is None
