"""The product's addresses with the gallery, which it has only while developing."""

from django.urls import path

from anxin.config.urls import urlpatterns as product
from anxin.kernel.web import gallery

urlpatterns = [path("ui/gallery/", gallery.show), *product]
