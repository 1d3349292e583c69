from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "anxin.foundation.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.foundation.intake import data, handlers
        from anxin.foundation.intake.pages import states
        from anxin.foundation.intake.rules import naming
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.privacy.data import Holdings
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import permissions, sources
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        schemes.register_kind(
            naming.SCHEME,
            label=gettext_noop("Names of source systems"),
            help=gettext_noop(
                "What people read where a source is named: customer pages, data quality, imports, review."
            ),
            fields=naming.FIELDS,
            default=naming.DEFAULT,
            validate=naming.problems,
        )
        sources.SITE.named_by(handlers.names_of_sources)
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
