from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "anxin.foundation.audit"
    label = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        from anxin.foundation.audit import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
