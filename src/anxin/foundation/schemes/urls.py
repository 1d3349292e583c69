from django.urls import path

from anxin.foundation.schemes import pages

app_name = "schemes"
urlpatterns = [
    path("", pages.list_page, name="list"),
    path("versions/<uuid:version_id>/", pages.version_page, name="version"),
    path("versions/<uuid:version_id>/edit/", pages.edit_page, name="edit"),
    path("versions/<uuid:version_id>/activate/", pages.activate_page, name="activate"),
    path("versions/<uuid:version_id>/retire/", pages.retire_page, name="retire"),
    path("<str:code>/", pages.kind_page, name="kind"),
    path("<str:code>/draft/", pages.draft_page, name="draft"),
]
