from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RenewalsConfig(AppConfig):
    name = "anxin.engagement.renewals"
    label = "renewals"
    verbose_name = _("Renewals")

    def ready(self) -> None:
        from anxin.engagement.renewals import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
