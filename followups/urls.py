"""The addresses of follow-up."""

from django.urls import path

from followups.views import (
    appointments,
    calendar,
    deliveries,
    log,
    measuring,
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
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
]
