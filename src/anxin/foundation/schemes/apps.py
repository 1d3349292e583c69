from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchemesConfig(AppConfig):
    name = "anxin.foundation.schemes"
    label = "schemes"
    verbose_name = _("Schemes")

    def ready(self) -> None:
        from anxin.foundation.schemes import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
