from django.urls import path

from anxin.foundation.intake.pages import batches, blanks, mapping, profiles, upload

app_name = "intake"
urlpatterns = [
    path("", batches.list_page, name="list"),
    path("new/", upload.new_page, name="new"),
    path("profiles/", profiles.list_page, name="profiles"),
    path("profiles/<uuid:profile_id>/", profiles.profile_page, name="profile"),
    path("profiles/<uuid:profile_id>/download/", profiles.download_page, name="profile-download"),
    path("profiles/<uuid:profile_id>/deactivate/", profiles.deactivate_page, name="profile-deactivate"),
    path("templates/<slug:kind>/<slug:form>/", blanks.blank_page, name="template"),
    path("<slug:ref>/", batches.batch_page, name="batch"),
    path("<slug:ref>/mapping/", mapping.mapping_page, name="mapping"),
    path("<slug:ref>/progress/", batches.progress_page, name="progress"),
    path("<slug:ref>/start/", batches.start_page, name="start"),
    path("<slug:ref>/cancel/", batches.cancel_page, name="cancel"),
    path("<slug:ref>/undo/", batches.undo_page, name="undo"),
    path("<slug:ref>/rows/", batches.notes_page, name="rows"),
    path("<slug:ref>/errors/", batches.errors_page, name="errors"),
]
