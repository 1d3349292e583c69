from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "anxin.foundation.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from anxin.foundation.jobs import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
