"""The project itself as an app: it carries the commands that span every room."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "Genjin"
