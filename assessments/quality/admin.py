"""Rules are added and changed here; runs, results and findings are only shown."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.panel import OrganisationRows, has_panel
from assessments.common.admin import ReadOnly
from assessments.datasets.models import Dataset
from assessments.quality.checks.base import Check
from assessments.quality.checks.registry import find_check
from assessments.quality.forms import RuleForm, rule_form
from assessments.quality.models import Finding, QualityRun, Rule, RuleResult
from assessments.quality.services import rule_delete, rule_save


def acting(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@admin.register(Rule)
class RuleAdmin(OrganisationRows, admin.ModelAdmin):
    """Administrators add, change and delete the rules of their organisations' datasets.

    The fields are those of the chosen check and dataset. Once added, a rule keeps both.
    """

    organisation_path = "dataset__organisation"
    form = RuleForm
    list_display = ["name", "dataset", "check_name", "columns", "dimension", "severity", "threshold", "enabled"]
    list_filter = ["enabled", "severity", "dimension", "check_name", ("dataset", RelatedOnlyFieldListFilter)]
    list_select_related = ["dataset"]
    search_fields = ["name", "dataset__name"]

    class Media:
        js = ["js/rule_admin.js"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_panel(request)

    has_change_permission = has_delete_permission = has_add_permission

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "dataset":
            kwargs["queryset"] = self.of_organisations(Dataset.objects.order_by("name"), request, "organisation")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Rule | None = None) -> list[str]:
        return ["dataset", "check_name"] if obj else []

    def get_form(self, request: HttpRequest, obj: Rule | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs | {"form": self.form_for(request, obj)})

    def get_fieldsets(self, request: HttpRequest, obj: Rule | None = None) -> Any:
        own = [
            name for name in self.form_for(request, obj).declared_fields if name.startswith(("column", "parameter-"))
        ]
        chosen: list[tuple[str | None, dict[str, Any]]] = [(None, {"fields": ["dataset", "check_name", "shown_for"]})]
        if own:
            chosen.append((_("What should hold"), {"fields": own}))
        last = ["name", "dimension", "severity", "threshold", "enabled"]
        return [*chosen, (_("The rule"), {"fields": last})]

    def form_for(self, request: HttpRequest, obj: Rule | None) -> type[RuleForm]:
        check, dataset = self.chosen(request, obj)
        return rule_form(check, dataset, obj)

    def chosen(self, request: HttpRequest, obj: Rule | None) -> tuple[Check | None, Dataset | None]:
        """The check and the dataset that the form is for: the rule's own, or as sent or asked for in the address."""
        if obj is not None:
            return find_check(obj.check_name), obj.dataset
        given = request.POST if request.method == "POST" else request.GET
        number = given.get("dataset", "")
        rows = self.of_organisations(Dataset.objects.all(), request, "organisation")
        dataset = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
        return find_check(given.get("check_name", "")), dataset

    def save_model(self, request: HttpRequest, obj: Rule, form: ModelForm, change: bool) -> None:
        assert isinstance(form, RuleForm)  # noqa: S101  made by form_for
        spec = form.spec()
        rule_save(
            dataset=form.dataset or obj.dataset,
            name=spec.name,
            check=spec.check,
            columns=spec.columns,
            parameters=spec.parameters,
            dimension=spec.dimension,
            severity=spec.severity,
            threshold=spec.threshold,
            enabled=form.cleaned_data["enabled"],
            rule=obj,
            user=acting(request),
        )

    def delete_model(self, request: HttpRequest, obj: Rule) -> None:
        rule_delete(rule=obj, user=acting(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        for rule in queryset.select_related("dataset__organisation"):
            rule_delete(rule=rule, user=acting(request))


@admin.register(QualityRun)
class QualityRunAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    organisation_path = "snapshot__dataset__organisation"
    list_display = ["snapshot", "state", "rows", "seconds", "started_at"]
    list_filter = ["state"]
    list_select_related = ["snapshot__dataset"]


@admin.register(RuleResult)
class RuleResultAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    organisation_path = "run__snapshot__dataset__organisation"
    list_display = ["rule_name", "run", "rows_checked", "rows_failing", "passed", "error"]
    list_filter = ["passed", "dimension", "severity"]
    list_select_related = ["run__snapshot__dataset"]


@admin.register(Finding)
class FindingAdmin(ReadOnly, OrganisationRows, admin.ModelAdmin):
    organisation_path = "dataset__organisation"
    list_display = ["title", "dataset", "severity", "state", "opened_at", "accepted_until"]
    list_filter = ["state", "severity"]
    list_select_related = ["dataset"]
