from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class DiligenceConfig(AppConfig):
    name = "anxin.book.diligence"
    label = "diligence"
    verbose_name = _("Customer due diligence")

    def ready(self) -> None:
        from anxin.book.customers.services import merging
        from anxin.book.diligence import data, rules, services
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation, panels

        permissions.register(data.PERMISSIONS)
        privacy.register_room(services.HOLDINGS)
        merging.follows("diligence.Profile", "party", label=gettext_noop("Customer due diligence"), once=())
        schemes.register_kind(
            rules.REVIEWS, label=gettext_noop("Reviews of due diligence"),
            help=gettext_noop("How often a customer is looked at again, by grade of risk."),
            fields=rules.REVIEW_FIELDS, default=rules.REVIEW_DEFAULT, validate=rules.review_problems,
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="diligence", label=_("Customer due diligence"), icon="search", url_name="diligence:list",
                group="book", order=75, permission="diligence.view",
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="diligence", title=_("Customer due diligence"), url_name="diligence:panel",
                permission="diligence.view", area="compliance", order=25, refresh="refresh-diligence",
            )
        )  # fmt: skip
