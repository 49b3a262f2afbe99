"""Numbers that people search for or type are in no log."""

import logging
import sys

import pytest
import structlog
from django.conf import settings

from crm import logs


@pytest.fixture
def line():
    """One record as it would be written."""
    formatter = structlog.stdlib.ProcessorFormatter(processor=logs.render)

    def written(message, *args, exc_info=None):
        record = logging.LogRecord("x", logging.ERROR, "", 1, message, args, exc_info)
        return formatter.format(record)

    return written


def test_a_search_leaves_only_its_path():
    told = {"event": "request_failed", "request": "GET /customers/?q=13800138000"}
    assert logs.render(None, "error", told) == 'event=request_failed request="GET /customers/"'


def test_a_number_in_an_error_of_the_database_is_masked():
    told = {"event": "request_failed", "exception": "Key (phone)=(+8613800138000) exists"}
    assert "138****8000" in logs.render(None, "error", told)


def test_what_libraries_say_is_masked_too(line):
    assert "138****8000" in line("could not send to %s", "13800138000")


def test_what_libraries_raise_is_masked_too(line):
    try:
        raise ValueError("13800138000")
    except ValueError:
        text = line("it broke", exc_info=sys.exc_info())
    assert "ValueError" in text
    assert "13800138000" not in text


def test_codes_and_ids_are_left_alone():
    told = {"event": "busy", "code": "55P03", "user_id": 7}
    assert logs.render(None, "warning", told) == "event=busy code=55P03 user_id=7"


def test_the_key_of_a_calendar_feed_is_never_written():
    line = {"event": 'Not Found: /feed/SeCrEt-Key_1.ics "x"', "request": "GET /feed/SeCrEt.ics"}
    told = str(logs.without_numbers(None, "info", line))
    assert "SeCrEt" not in told
    assert "/feed/…" in told


def test_no_library_names_the_addresses_it_asks():
    # Those of group robots are secrets; httpx tells each at INFO.
    assert settings.LOGGING["loggers"]["httpx"]["level"] == "WARNING"
