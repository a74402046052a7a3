"""Training runs in the admin panel: to be read; a run is made by training, never by hand."""

from django.contrib import admin

from assessments.accounts.panel import OrganisationRows, Within
from assessments.common.admin import ReadOnly
from assessments.recommenders.models import MetricValue, ModelBundle, Promotion, TrainingRun


class MetricInline(ReadOnly, Within, admin.TabularInline):
    model = MetricValue
    fields = ["model", "name", "value", "low", "high", "standard_error", "users"]
    extra = 0


class BundleInline(ReadOnly, Within, admin.StackedInline):
    model = ModelBundle
    extra = 0


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    organisation_path = "dataset__organisation"
    list_display = ["id", "model_name", "dataset", "split", "repeats", "state", "device", "created_at"]
    list_filter = ["state", "model_name", "repeats"]
    list_select_related = ["dataset"]
    search_fields = ["dataset__name", "model_name"]
    inlines = [MetricInline, BundleInline]


@admin.register(Promotion)
class PromotionAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    organisation_path = "dataset__organisation"
    list_display = ["id", "dataset", "run", "promoted_by", "created_at", "ended_at"]
    list_select_related = ["dataset", "run__dataset", "promoted_by"]
    search_fields = ["dataset__name", "reason"]
