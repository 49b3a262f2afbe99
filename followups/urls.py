"""The addresses of follow-up."""

from django.urls import path

from followups.views import (
    appointments,
    calendar,
    deliveries,
    log,
    measuring,
    people,
    plans,
    products,
    resources,
    tasks,
    today,
)

app_name = "followups"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("customers/<int:pk>/log/", log.log, name="log"),
    path("customers/<int:pk>/deliveries/new/", deliveries.deliver, name="deliver"),
    path("products/<int:pk>/edit/", products.change_product, name="change_product"),
    path("products/<int:pk>/events/new/", products.product_event, name="product_event"),
    path("products/<int:pk>/gone/", products.end_product, name="end_product"),
    path("products/<int:pk>/back/", products.restore_product, name="restore_product"),
    path(
        "products/<int:pk>/replacement/", products.product_replacement, name="product_replacement"
    ),
    path("product-events/<int:pk>/void/", products.void_product_event, name="void_product_event"),
    path("customers/<int:pk>/household/new/", people.add_member, name="add_member"),
    path("household/<int:pk>/", people.member, name="member"),
    path("household/<int:pk>/remove/", people.remove_member, name="remove_member"),
    path("customers/<int:pk>/key-people/new/", people.add_key_person, name="add_key_person"),
    path("key-people/<int:pk>/", people.key_person, name="key_person"),
    path("key-people/<int:pk>/remove/", people.remove_key_person, name="remove_key_person"),
    path("customers/<int:pk>/appointments/new/", appointments.book, name="book_appointment"),
    path("customers/<int:pk>/measuring/new/", measuring.measure, name="measure"),
    path("appointments/", calendar.calendar, name="calendar"),
    path("appointments/<int:pk>/", appointments.appointment, name="appointment"),
    path("appointments/<int:pk>/move/", appointments.move, name="move_appointment"),
    path("appointments/<int:pk>/miss/", appointments.miss, name="miss_appointment"),
    path("appointments/<int:pk>/keep/", appointments.keep, name="keep_appointment"),
    path("appointments/<int:pk>/cancel/", appointments.cancel, name="cancel_appointment"),
    path("resources/", resources.resources, name="resources"),
    path("resources/<int:pk>/", resources.resource, name="resource"),
    path("contacts/<int:pk>/void/", tasks.void_contact, name="void_contact"),
    path("tasks/<int:pk>/move/", tasks.task_move, name="task_move"),
    path("tasks/<int:pk>/skip/", tasks.task_skip, name="task_skip"),
    path("tasks/<int:pk>/letter/", tasks.letter, name="letter"),
    path("tasks/<int:pk>/close/<int:contact_pk>/", tasks.close_with, name="close_with"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/versions/", plans.plan_versions, name="plan_versions"),
    path("plan-versions/<int:pk>/", plans.plan_version, name="plan_version"),
    path("plan-versions/<int:pk>/restore/", plans.plan_restore, name="plan_restore"),
    path("plan-looks/<int:pk>/", plans.plan_look, name="plan_look"),
    path("plan-changes/<int:pk>/", plans.plan_changed, name="plan_changed"),
]
