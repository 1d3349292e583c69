from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorklistConfig(AppConfig):
    name = "anxin.service.worklist"
    label = "worklist"
    verbose_name = _("Worklist")

    def ready(self) -> None:
        from anxin.kernel import permissions
        from anxin.service.worklist import data

        permissions.register(data.PERMISSIONS)
