from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "anxin.book.segments"
    label = "segments"
    verbose_name = _("Segments")

    def ready(self) -> None:
        from anxin.book.segments import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
