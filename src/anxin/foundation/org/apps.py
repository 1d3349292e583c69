from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    name = "anxin.foundation.org"
    label = "org"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        from anxin.foundation.org import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
