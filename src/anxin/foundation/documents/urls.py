from django.urls import path

from anxin.foundation.documents import pages

app_name = "documents"
urlpatterns = [path("<uuid:document_id>/", pages.download_page, name="download")]
