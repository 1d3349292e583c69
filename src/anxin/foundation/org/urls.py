from django.urls import path

from anxin.foundation.org import pages

app_name = "org"
urlpatterns = [
    path("", pages.units_page, name="units"),
    path("units/new/", pages.unit_new_page, name="unit-new"),
    path("units/<uuid:unit_id>/", pages.unit_page, name="unit"),
    path("units/<uuid:unit_id>/children/", pages.children_page, name="unit-children"),
    path("units/<uuid:unit_id>/edit/", pages.unit_edit_page, name="unit-edit"),
    path("units/<uuid:unit_id>/move/", pages.unit_move_page, name="unit-move"),
    path("units/<uuid:unit_id>/posts/new/", pages.post_new_page, name="post-new"),
    path("posts/<uuid:post_id>/end/", pages.post_end_page, name="post-end"),
    path("staff/", pages.staff_page, name="staff"),
    path("calendars/", pages.calendars_page, name="calendars"),
    path("calendars/new/", pages.calendar_new_page, name="calendar-new"),
    path("calendars/<uuid:calendar_id>/", pages.calendar_page, name="calendar"),
    path("calendars/<uuid:calendar_id>/hours/", pages.calendar_hours_page, name="calendar-hours"),
    path("calendars/<uuid:calendar_id>/days/", pages.calendar_day_page, name="calendar-day"),
    path(
        "calendars/<uuid:calendar_id>/days/<uuid:day_id>/remove/", pages.calendar_day_remove_page,
        name="calendar-day-remove",
    ),
    path("calendars/<uuid:calendar_id>/fill/", pages.calendar_fill_page, name="calendar-fill"),
]  # fmt: skip
