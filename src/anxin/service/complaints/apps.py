from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from anxin.kernel.web.navigation import Badge, Permitted


class ComplaintsConfig(AppConfig):
    name = "anxin.service.complaints"
    label = "complaints"
    verbose_name = _("Complaints")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.queries import permissions as consents
        from anxin.book.customers.services import merging
        from anxin.book.segments.services import feeds
        from anxin.foundation.documents import services as documents
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.kernel import importing, permissions
        from anxin.service.complaints import data, importers
        from anxin.service.complaints.queries import board
        from anxin.service.complaints.services import adding, holdings
        from anxin.service.desk.queries import glance
        from anxin.service.worklist import services as worklist
        from anxin.service.worklist.data import ItemKind

        permissions.register(data.PERMISSIONS)
        feeds.register(
            "complaints", table="complaints_complaint", party="party_id", at="received_at", where_null="merged_into_id"
        )
        privacy.register_room(holdings.HOLDINGS)
        consents.register_silence("complaints", board.silences)
        merging.follows("complaints.Complaint", "party", label=gettext_noop("Complaints"))
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
        jobs.register_kind("complaints.export", gettext_noop("Export of complaint statistics"))
        glance.register("complaints", "desk.calls", board.lines_for_caller)
        documents.register_purpose(adding.PURPOSE, permission="complaints.view")
        worklist.register_kind(
            ItemKind(
                code="complaint", label=gettext_noop("Complaint"), icon="message-report",
                text=gettext_noop("Complaint %(ref)s: %(step)s"), words=("step",), page=_page_of,
            )
        )  # fmt: skip
        self._rules()
        self._decisions()
        self._show()

    @staticmethod
    def _rules() -> None:
        from django.utils.translation import gettext_noop

        from anxin.foundation.schemes import services as schemes
        from anxin.service.complaints.rules import compensation, taxonomy, templates, terms

        schemes.register_kind(
            taxonomy.TAXONOMY, label=gettext_noop("Taxonomy of complaints"),
            help=gettext_noop(
                "By what complaints are sorted. Shipped after the regulators' bulletins; there is no official list."
            ),
            fields=taxonomy.TAXONOMY_FIELDS, default=taxonomy.TAXONOMY_DEFAULT, validate=taxonomy.taxonomy_problems,
        )  # fmt: skip
        schemes.register_kind(
            terms.TERMS, label=gettext_noop("Clocks of complaints"),
            help=gettext_noop("The limits of the law may be shortened, not lengthened; the rest are internal targets."),
            fields=terms.TERM_FIELDS, default=terms.TERM_DEFAULT, validate=terms.term_problems,
        )  # fmt: skip
        schemes.register_kind(
            templates.TEMPLATES, label=gettext_noop("Text templates of complaints"),
            help=gettext_noop("With what the texts of a step begin: findings, plan, notice."),
            fields=templates.TEMPLATE_FIELDS, default=templates.TEMPLATE_DEFAULT, validate=templates.template_problems,
        )  # fmt: skip
        schemes.register_kind(
            terms.ICEBERG, label=gettext_noop("Estimate of silent dissatisfaction"),
            help=gettext_noop("Parameters of the estimate. They come from training material and were not measured."),
            fields=terms.ICEBERG_FIELDS, default=terms.ICEBERG_DEFAULT, validate=terms.iceberg_problems,
        )  # fmt: skip

        schemes.register_kind(
            compensation.COMPENSATION, label=gettext_noop("Compensation of important customers"),
            help=gettext_noop("What may be offered when the house was at fault, by the tier of the customer."),
            fields=compensation.COMPENSATION_FIELDS, default=compensation.COMPENSATION_DEFAULT,
            validate=compensation.compensation_problems,
        )  # fmt: skip
        schemes.register_kind(
            compensation.ASSESSMENT, label=gettext_noop("Assessment of complaint work"),
            help=gettext_noop("How much quality, efficiency and effect weigh when units are assessed."),
            fields=compensation.ASSESSMENT_FIELDS, default=compensation.ASSESSMENT_DEFAULT,
            validate=compensation.assessment_problems,
        )  # fmt: skip

    @staticmethod
    def _decisions() -> None:
        from django.utils.translation import gettext_noop

        from anxin.foundation.approvals import services as approvals
        from anxin.foundation.approvals.data import ApprovalKind, RequestView
        from anxin.service.complaints.services import moving

        def page(asked: RequestView) -> str:
            return f"/complaints/{asked.subject_ref}/"

        approvals.register_kind(
            ApprovalKind(
                code=moving.PLAN, label=gettext_noop("Plan of a complaint"), decide="complaints.approve",
                on_approved=moving.approve_plan, on_closed=moving.plan_closed, page=page,
            )
        )  # fmt: skip
        approvals.register_kind(
            ApprovalKind(
                code=moving.EXTEND, label=gettext_noop("First extension of a complaint"), decide="complaints.approve",
                on_approved=moving.grant_extension, page=page,
            )
        )  # fmt: skip
        approvals.register_kind(
            ApprovalKind(
                code=moving.EXTEND_AGAIN, label=gettext_noop("Second extension of a complaint"),
                decide="complaints.superior", on_approved=moving.grant_extension, page=page,
            )
        )  # fmt: skip

    @staticmethod
    def _show() -> None:
        from anxin.kernel.web import navigation, panels

        navigation.register(
            navigation.NavItem(
                code="complaints", label=_("Complaints"), icon="message-report", url_name="complaints:list",
                group="service", order=30, permission="complaints.view", badge=_late,
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="complaint-statistics", label=_("Complaint statistics"), icon="chart-bar",
                url_name="complaints:statistics", group="quality", order=20, permission="complaints.report",
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="complaints", title=_("Complaints"), url_name="complaints:panel", permission="complaints.view",
                area="timeline", order=10, css="span3",
            )
        )  # fmt: skip
        for subject, query in (
            ("customer", "party={ref}"),
            ("call", "party={ref}"),
            ("ticket", "ticket={number}&party={ref}"),
        ):
            panels.register_action(
                panels.Action(
                    code=f"complain-{subject}", label=_("Register a complaint"), icon="message-report",
                    url_name="complaints:register", permission="complaints.register", order=50, subject=subject,
                    query=query, is_page=True,
                )
            )  # fmt: skip


def _page_of(complaint_id: UUID) -> str:
    return f"/complaints/go/{complaint_id}/"


def _late(actor: Permitted) -> Badge | None:
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor
    from anxin.service.complaints.queries import board

    if not isinstance(actor, Actor):
        return None
    count, late = board.count_late(actor, now=clock.now())
    return Badge(count=count, is_hot=late > 0)
