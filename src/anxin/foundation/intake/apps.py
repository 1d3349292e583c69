from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "anxin.foundation.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        from anxin.foundation.intake import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
