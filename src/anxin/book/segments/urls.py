from django.urls import path

from anxin.book.segments import pages

app_name = "segments"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("run/", pages.start_run, name="run"),
    path("customers/<str:ref>/", pages.panel, name="panel"),
]
