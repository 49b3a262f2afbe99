#!/usr/bin/env python
"""Genjin's command line: `python manage.py help` lists every command."""

import os
import sys

from django.core.management import execute_from_command_line

from crm.embedded import engines


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    with engines():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
