from django.urls import path

from anxin.foundation.privacy import pages

app_name = "privacy"
urlpatterns = [path("", pages.register_page, name="register")]
