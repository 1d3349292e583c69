from django.urls import path

from anxin.foundation.jobs import pages

app_name = "jobs"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("<uuid:job_id>/progress/", pages.progress_page, name="progress"),
    path("<uuid:job_id>/cancel/", pages.cancel_page, name="cancel"),
]
