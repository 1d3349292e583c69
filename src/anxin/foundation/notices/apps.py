from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "anxin.foundation.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from anxin.foundation.notices import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
