from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "anxin.foundation.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.foundation.intake import data
        from anxin.foundation.intake.pages import states
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.privacy.data import Holdings
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        jobs.register_other_work("intake", states.among_jobs)
        privacy.register_room(
            Holdings(
                room="intake",
                keeps={
                    "RowProblem": gettext_noop("Values of refused rows are sealed and emptied after ninety days."),
                    "ProblemPart": gettext_noop("Values of refused rows are sealed and emptied after ninety days."),
                },
            )
        )
        navigation.register(
            navigation.NavItem(
                code="intake", label=_("Data import"), icon="database-import", url_name="intake:list", group="system",
                order=5, permission="intake.view", key="i",
            )
        )  # fmt: skip
