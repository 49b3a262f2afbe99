"""The addresses of the desk."""

from django.urls import path

from desk.views import (
    bulk_acts,
    cards,
    customers,
    exports,
    handing_over,
    home,
    imports,
    numbers,
    registering,
    saved_filters,
    tags,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("customers/", customers.customers, name="customers"),
    path("customers/many/", bulk_acts.act_on_many, name="act_on_many"),
    path("customers/many/do/", bulk_acts.do_act_on_many, name="do_act_on_many"),
    path("lists/<slug:list_name>/keep/", saved_filters.keep_filter, name="keep_filter"),
    path("lists/filters/<int:pk>/drop/", saved_filters.drop_filter, name="drop_filter"),
    path("customers/<int:pk>/tags/", tags.set_tags, name="tags"),
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
    path("people/<int:pk>/hand-over/", handing_over.hand_over, name="hand_over"),
    path("hand-overs/jobs/<int:pk>/", handing_over.hand_over_done, name="hand_over_done"),
    path("hand-overs/<int:pk>/", handing_over.hand_over_report, name="hand_over_report"),
    path("hand-overs/<int:pk>/sheet/", handing_over.hand_over_sheet, name="hand_over_sheet"),
]
