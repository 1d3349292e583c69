from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RenewalsConfig(AppConfig):
    name = "anxin.engagement.renewals"
    label = "renewals"
    verbose_name = _("Renewals")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.engagement.renewals import data, rules
        from anxin.engagement.renewals.services import holdings
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation, panels
        from anxin.service.worklist import services as worklist
        from anxin.service.worklist.data import ItemKind

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        merging.follows("renewals.Renewal", "party", label=gettext_noop("Renewals"))
        worklist.register_kind(
            ItemKind(
                code="renewal",
                label=gettext_noop("Renewal"),
                icon="refresh-dot",
                text=gettext_noop("%(day)s: %(product)s ends"),
                page=_address,
            )
        )
        schemes.register_kind(
            rules.WINDOWS,
            label=gettext_noop("Renewal reminders"),
            help=gettext_noop("When staff are reminded of a policy that ends, and what counts as renewed."),
            fields=rules.WINDOW_FIELDS,
            default=rules.WINDOW_DEFAULT,
            validate=rules.window_problems,
        )
        jobs.register_kind("renewals.export", gettext_noop("Export of renewals"))
        navigation.register(
            navigation.NavItem(
                code="renewals",
                label=_("Renewals"),
                icon="refresh-dot",
                url_name="renewals:list",
                group="engagement",
                order=10,
                permission="renewals.view",
            )
        )
        panels.register(
            panels.Panel(
                code="renewals",
                title=_("Renewals"),
                url_name="renewals:panel",
                permission="renewals.view",
                area="policies",
                order=30,
                css="span3",
                refresh="renewals-changed",
            )
        )


def _address(renewal_id: UUID) -> str:
    from django.urls import reverse

    return f"{reverse('renewals:list')}?open={renewal_id}"
