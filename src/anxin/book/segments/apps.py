from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "anxin.book.segments"
    label = "segments"
    verbose_name = _("Segments")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.book.matching.events import Regrouped
        from anxin.book.rights.services import explaining as rights
        from anxin.book.segments import data, handlers, queries, rules
        from anxin.book.segments.queries.explaining import told
        from anxin.book.segments.services import holdings, phasing
        from anxin.foundation.approvals import services as approvals
        from anxin.foundation.approvals.data import ApprovalKind
        from anxin.foundation.intake.events import BatchFinished, BatchUndone
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.privacy.data import Holdings
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, permissions, tiers
        from anxin.kernel.web import navigation, panels

        permissions.register(data.PERMISSIONS)
        privacy.register_room(
            Holdings(
                room="segments",
                covers=frozenset({"Profile", "SegmentMember", "PhaseOut", "Regrouped"}),
                export=holdings.export,
                erase=holdings.erase,
                keeps={
                    "ClassChange": gettext_noop("Classes of a bare number, once the file says no more who it is."),
                },
            )
        )
        schemes.register_kind(
            rules.TIERS,
            label=gettext_noop("Premium tiers"),
            help=gettext_noop(
                "Tier of a customer by the annual premium of regular policies in force. Platinum ends where diamond "
                "begins, at 150,000 yuan: the source named 100,000 for both."
            ),
            fields=rules.TIER_FIELDS,
            default=rules.TIER_DEFAULT,
            validate=rules.tier_problems,
            preview=queries.preview_tiers,
            trial_url="segments:begin-trial",
        )
        schemes.register_kind(
            rules.ABC,
            label=gettext_noop("ABC cuts"),
            help=gettext_noop(
                "Customers by falling premium: those who carry the first part are A, the next part B, the rest C."
            ),
            fields=rules.ABC_FIELDS,
            default=rules.ABC_DEFAULT,
            validate=rules.abc_problems,
            trial_url="segments:begin-trial",
        )
        for kind in rules.KINDS:
            schemes.register_kind(
                kind.code, label=kind.label, help=kind.help, fields=kind.fields, default=kind.default,
                validate=kind.validate,
                trial_url="segments:begin-trial" if kind.code in rules.SCHEMES else "",
            )  # fmt: skip
        tiers.SITE.named_by(handlers.names_of_tiers)
        events.subscribe(BatchFinished, handlers.batch_finished)
        events.subscribe(BatchUndone, handlers.batch_undone)
        events.subscribe(Regrouped, handlers.regrouped)
        rights.register("segments", gettext_noop("Classes of customers"), told)
        merging.stays("segments.Profile", "party", why="Computed anew for every living file by the nightly run.")
        merging.stays("segments.Regrouped", "party", why="Says of each file of the merge that it waits to be judged.")
        merging.follows("segments.ClassChange", "party", once=("run", "scheme"))
        merging.follows("segments.SegmentMember", "party", once=("segment",))
        merging.follows("segments.PhaseOut", "party", once=(), only={"ended_at": None})
        approvals.register_kind(
            ApprovalKind(
                code=phasing.KIND, label=gettext_noop("Phasing a customer out"), decide="segments.phase_out_approve",
                on_approved=phasing.on_approved,
            )
        )  # fmt: skip
        jobs.register_kind("segments.run", gettext_noop("Classification of customers"))
        jobs.register_kind("segments.trial", gettext_noop("Dry run of a scheme"))
        jobs.register_kind("segments.export", gettext_noop("Export of a segment"))
        navigation.register(
            navigation.NavItem(
                code="segments",
                label=_("Segments"),
                icon="chart-pie",
                url_name="segments:overview",
                group="book",
                order=40,
                permission="segments.view",
            )
        )
        panels.register(
            panels.Panel(
                code="segments",
                title=_("Value and tier"),
                url_name="segments:panel",
                permission="segments.view",
                area="overview",
                order=20,
            ),
            panels.Panel(
                code="segments-needs",
                title=_("Needs and gaps"),
                url_name="segments:needs",
                permission="segments.view",
                area="overview",
                order=25,
            ),
            panels.Panel(
                code="segments-evaluation",
                title=_("Evaluation"),
                url_name="segments:evaluation",
                permission="segments.view",
                area="profile",
                order=55,
                css="span2",
            ),
            panels.Panel(
                code="segments-explanation",
                title=_("Classes and reasons"),
                url_name="segments:explanation",
                permission="segments.view",
                area="profile",
                order=60,
                css="span2",
            ),
        )
