"""What a load balancer learns."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.services import heartbeats


@pytest.mark.django_db
def test_all_is_well_while_database_broker_and_engine_answer(client):
    heartbeats.beat("engine", now=timezone.now() - timedelta(seconds=30))

    answer = client.get("/healthz")

    assert answer.status_code == 200
    told = answer.json()
    assert 30 <= told.pop("engine_seconds") < 60
    assert told == {"status": "ok", "database": "ok", "broker": "ok", "engine": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_without_a_broker_pages_are_still_served(client, settings):
    heartbeats.beat("engine", now=timezone.now())
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["broker"] == "down"
    assert b"secret" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [None, timedelta(minutes=6)])
def test_an_engine_that_has_not_been_asked_is_told(client, ago):
    if ago:
        heartbeats.beat("engine", now=timezone.now() - ago)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["engine"] == "late"


def test_without_a_database_it_answers_503_and_says_no_more(client, django_db_blocker, monkeypatch):
    with django_db_blocker.unblock(), monkeypatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "NAME", "there_is_no_such_database")
        answer = client.get("/healthz")
    connection.close()

    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "down"}


@pytest.mark.django_db
def test_it_is_only_read(client):
    assert client.post("/healthz").status_code == 405
