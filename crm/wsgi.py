"""The door for gunicorn."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
application = get_wsgi_application()

# Nobody waits for a page longer than this, and gunicorn ends a worker after 60 s; commands and
# workers keep the ten minutes of the settings. The last of two options counts. Nothing has
# connected yet: connections are opened by the first request.
connections.settings["default"]["OPTIONS"]["options"] += " -c statement_timeout=15s"

# All pages are read before the first one is asked for: whoever asks need not wait for it, and a
# gunicorn told to preload reads them once for all its workers.
import_module(settings.ROOT_URLCONF)
