from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "anxin.foundation.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from anxin.foundation.jobs import data
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        navigation.register(
            navigation.NavItem(
                code="jobs",
                label=_("Jobs"),
                icon="loader-2",
                url_name="jobs:list",
                group="system",
                order=60,
                permission="jobs.view",
            )
        )
