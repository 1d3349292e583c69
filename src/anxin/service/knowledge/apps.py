from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from anxin.foundation.approvals.data import RequestView


class KnowledgeConfig(AppConfig):
    name = "anxin.service.knowledge"
    label = "knowledge"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        from anxin.foundation.approvals import services as approvals
        from anxin.foundation.approvals.data import ApprovalKind
        from anxin.foundation.documents import services as documents
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import importing, permissions
        from anxin.kernel.web import navigation
        from anxin.service.knowledge import data, handlers, importers, rules
        from anxin.service.knowledge.services import holdings

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        documents.register_purpose(data.PURPOSE, permission="knowledge.view")
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
        approvals.register_kind(
            ApprovalKind(
                code=data.APPROVAL, label=gettext_noop("Publication in the knowledge base"),
                decide="knowledge.approve", on_approved=handlers.publish, on_closed=handlers.close, page=_address,
            )
        )  # fmt: skip
        schemes.register_kind(
            data.CATEGORIES, label=gettext_noop("Categories of the knowledge base"),
            help=gettext_noop("Under which headings articles are filed."), fields=rules.CATEGORY_FIELDS,
            default=rules.CATEGORY_DEFAULT, validate=rules.category_problems,
        )  # fmt: skip
        schemes.register_kind(
            data.SEARCHING, label=gettext_noop("Searching the knowledge base"),
            help=gettext_noop("Which words mean the same, and what counts as a gap."), fields=rules.SEARCH_FIELDS,
            default=rules.SEARCH_DEFAULT, validate=rules.search_problems,
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="knowledge", label=_("Knowledge base"), icon="book", url_name="knowledge:search",
                group="service", order=60, permission="knowledge.view",
            )
        )  # fmt: skip


def _address(request: RequestView) -> str:
    from django.urls import reverse

    article, edition = request.payload.get("article"), request.payload.get("edition")
    return reverse("knowledge:edition", args=[article, edition]) if article else ""
