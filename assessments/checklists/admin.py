"""Checklists in the admin panel: what was loaded or answered is read, never rewritten."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assessments.accounts.panel import OrganisationRows, ServerRows, Within
from assessments.checklists.models import Answer, AnswerRevision, Domain, Evidence, Framework, Item, Questionnaire
from assessments.common.admin import ReadOnly


class Shown(ReadOnly):
    """Every field named is shown as text."""

    extra = 0
    fields: ClassVar[Any] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields


class DomainInline(Shown, Within, admin.TabularInline):
    model = Domain
    fields = ["position", "identifier", "name"]


@admin.register(Framework)
class FrameworkAdmin(Shown, ServerRows, admin.ModelAdmin):
    list_display = ["__str__", "identifier", "version", "created_at"]
    fields = ["identifier", "version", "name", "source", "attribution_text", "digest", "created_at"]
    inlines = [DomainInline]


@admin.register(Item)
class ItemAdmin(Shown, ServerRows, admin.ModelAdmin):
    list_display = ["__str__", "identifier", "domain", "position"]
    list_filter = ["domain__framework", "domain"]
    list_select_related = ["domain"]
    fields = ["domain", "identifier", "position", "name", "reference", "question_text", "numbered_levels"]
    fields += ["why_text", "numbered_evidence"]

    @admin.display(description=_("levels"))
    def numbered_levels(self, item: Item) -> str:
        return "\n".join(f"{n} {text}" for n, text in enumerate(item.level_texts, start=1))

    @admin.display(description=_("typical evidence"))
    def numbered_evidence(self, item: Item) -> str:
        return "\n".join(f"{n} {text}" for n, text in enumerate(item.evidence_texts, start=1))


@admin.register(Questionnaire)
class QuestionnaireAdmin(Shown, OrganisationRows, admin.ModelAdmin):
    """Started, submitted and reopened on its page, where each step is checked and noted in the audit log."""

    list_display = ["__str__", "organisation", "period", "created_by", "created_at", "submitted_at"]
    list_filter = [("organisation", RelatedOnlyFieldListFilter), "framework", "period"]
    list_select_related = ["organisation", "framework", "created_by"]
    fields = ["organisation", "framework", "period", "created_by", "created_at", "submitted_at"]


class RevisionInline(Shown, Within, admin.TabularInline):
    model = AnswerRevision
    fields = ["revision", "status", "level", "comment", "author", "at"]


class EvidenceInline(Shown, Within, admin.TabularInline):
    model = Evidence
    fields = ["kind", "title", "url", "digest", "document", "revision", "created_by", "created_at"]


@admin.register(Answer)
class AnswerAdmin(Shown, OrganisationRows, admin.ModelAdmin):
    organisation_path = "questionnaire__organisation"
    list_display = ["item", "questionnaire", "assessor", "status", "level", "sample", "revision", "changed_at"]
    list_filter = [("questionnaire__organisation", RelatedOnlyFieldListFilter), "status", "sample"]
    list_select_related = ["item", "questionnaire__framework", "assessor"]
    search_fields = ["comment", "item__identifier", "assessor__username"]
    inlines = [RevisionInline, EvidenceInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).prefetch_related("evidence")
