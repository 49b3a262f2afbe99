"""Settings: `.env.example` names every one, and a wrong one is refused by its name."""

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

CHECKOUT = Path(__file__).resolve().parents[2]
SETTINGS = CHECKOUT / "crm" / "settings.py"


def names_read() -> set[str]:
    """Every variable that settings.py reads, found in its code."""
    calls = [
        node for node in ast.walk(ast.parse(SETTINGS.read_text())) if isinstance(node, ast.Call)
    ]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "_read"
        and isinstance(call.args[0], ast.Constant)
    }


def names_in_example() -> list[str]:
    text = (CHECKOUT / ".env.example").read_text()
    return re.findall(r"^#?([A-Z][A-Z_]+)=", text, flags=re.MULTILINE)


def test_the_example_names_every_setting_once_and_no_other():
    assert sorted(names_in_example()) == sorted(names_read())


def test_settings_read_the_environment_in_one_way_only():
    # A variable read past `_read` would be missing from the example and have no sentence.
    code = SETTINGS.read_text()
    past = re.findall(r"\benv\.(?:str|int|bool|list|url|dj_\w+)\(|os\.environ|getenv", code)
    assert past == []


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "PHONE_ENCRYPTION_KEY",
        "PHONE_INDEX_KEY",
        "DATABASE_URL",
        "REDIS_URL",
    ],
)
def test_a_missing_setting_is_refused_by_its_name(monkeypatch, name):
    monkeypatch.setenv(name, "")
    assert refusal().startswith(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "https://crm.example.com"),
        ("BASE_URL", "crm.example.com"),
        ("BEHIND_TLS_PROXY", "perhaps"),
        ("CSRF_TRUSTED_ORIGINS", "crm.example.com"),
        ("DATABASE_CONN_MAX_AGE", "soon"),
        ("DATABASE_URL", "mysql://root@localhost/genjin"),
        ("DATABASE_URL", "localhost"),
        ("DEBUG", "maybe"),
        ("EMAIL_URL", "mail.example.com"),
        ("FOLLOW_UP_HORIZON_DAYS", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("PHONE_ENCRYPTION_KEY", "too-short"),
        ("PHONE_INDEX_KEY", "zz" * 32),
        ("REDIS_URL", "localhost:6379"),
        ("REVEALS_A_DAY", "-1"),
        ("SECRET_KEY", "short"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TRUSTED_PROXIES", "two"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_nonsensical_setting_is_refused_by_its_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    sentence = refusal()

    assert sentence.startswith(name)
    assert sentence.endswith(".")


def refusal() -> str:
    """Read the settings anew; return the sentence they refuse with, empty where they do not."""
    try:
        runpy.run_path(str(SETTINGS))
    except ImproperlyConfigured as error:
        return str(error)
    return ""


def test_the_command_line_says_a_wrong_setting_in_one_sentence():
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=CHECKOUT,
        env={**os.environ, "DEBUG": "maybe"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("DEBUG is missing or wrong")
    assert "Traceback" not in answer.stderr
