"""Scoring models and assessments in the admin panel: models are uploaded as new versions, the rest is read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assessments.accounts.panel import OrganisationRows, ServerRows, Within
from assessments.common.admin import ReadOnly
from assessments.common.errors import GovernError
from assessments.scoring.model_files import MAX_BYTES, scoring_model_read
from assessments.scoring.models import Assessment, Score, ScoringModel
from assessments.scoring.services import scoring_model_save


class ScoringModelForm(forms.ModelForm):
    file = forms.FileField(label=_("YAML file"), help_text=_("A new version: loaded versions never change."))

    class Meta:
        model = ScoringModel
        fields: list[str] = []

    def clean_file(self) -> dict[str, Any]:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(_("The file of a scoring model is at most 2 MiB large."))
        try:
            content = scoring_model_read(upload.read(), upload.name)
            self.instance = scoring_model_save(content=content)
        except GovernError as error:
            raise ValidationError(" ".join(filter(None, (str(error), error.where)))) from error
        return content


@admin.register(ScoringModel)
class ScoringModelAdmin(ServerRows, admin.ModelAdmin):
    list_display = ["identifier", "version", "digest", "created_at"]
    fields = ["identifier", "version", "digest", "content", "created_at"]
    form = ScoringModelForm

    def get_fields(self, request: HttpRequest, obj: ScoringModel | None = None) -> Any:
        return ["file"] if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: ScoringModel | None = None) -> Any:
        return [] if obj is None else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ScoringModel, form: Any, change: bool) -> None:
        """The form has kept it already, through the one service that writes scoring models."""


class ScoreInline(ReadOnly, Within, admin.TabularInline):
    model = Score
    fields = ["path", "method", "weight", "share", "value", "low", "high", "coverage"]
    extra = 0


@admin.register(Assessment)
class AssessmentAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    list_display = ["id", "organisation", "period", "state", "score", "low", "high", "level", "seal", "as_of"]
    list_filter = ["state", ("organisation", RelatedOnlyFieldListFilter)]
    exclude = ["document"]
    inlines = [ScoreInline]
