"""The addresses of the desk."""

from django.urls import path

from desk.views import cards, customers, exports, home, imports, numbers, registering

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("customers/", customers.customers, name="customers"),
    path("customers/export/", exports.export_customers, name="export_customers"),
    path("customers/import/", imports.import_customers, name="import"),
    path("customers/import/template/", imports.import_template, name="import_template"),
    path("customers/import/<int:pk>/", imports.import_preview, name="import_preview"),
    path("customers/import/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("customers/exports/<int:pk>/", exports.exported, name="exported"),
    path("customers/register/", registering.register_customer, name="register"),
    path("customers/check-phone/", registering.check_phone, name="check_phone"),
    path("customers/<int:pk>/", cards.customer, name="customer"),
    path("customers/<int:pk>/edit/", cards.edit_customer, name="edit_customer"),
    path("customers/<int:pk>/registered/", registering.registered, name="registered"),
    path("customers/<int:pk>/reveal/", numbers.reveal, name="reveal"),
    path("customers/<int:pk>/grade/", cards.regrade, name="regrade"),
    path("customers/<int:pk>/quiet/", cards.quiet, name="quiet"),
    path("customers/<int:pk>/keeper/", cards.assign, name="assign"),
]
