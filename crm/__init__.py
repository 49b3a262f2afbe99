"""The project: settings, URLs, Celery and the commands that span every room."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
