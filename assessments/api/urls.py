"""Addresses below /api/v1/."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from assessments.api.views import (
    accounts,
    checklists,
    datasets,
    interchange,
    jobs,
    personal_data,
    profiles,
    quality,
    recommenders,
    repairs,
    root,
    scoring,
    tuning,
    watching,
)

app_name = "api"

router = SimpleRouter()
router.register("organisations", accounts.OrganisationViewSet, basename="organisation")
router.register("tokens", accounts.TokenViewSet, basename="token")
router.register("audit-events", accounts.AuditEventViewSet, basename="audit-event")
router.register("datasets", datasets.DatasetViewSet, basename="dataset")
router.register("snapshots", datasets.SnapshotViewSet, basename="snapshot")
router.register("rules", quality.RuleViewSet, basename="rule")
router.register("quality-runs", quality.QualityRunViewSet, basename="quality-run")
router.register("findings", quality.FindingViewSet, basename="finding")
router.register("profiles", profiles.ProfileViewSet, basename="profile")
router.register("rule-suggestions", profiles.RuleSuggestionViewSet, basename="rule-suggestion")
router.register("personal-data-scans", personal_data.PersonalDataScanViewSet, basename="personal-data-scan")
router.register("personal-data-hits", personal_data.PersonalDataHitViewSet, basename="personal-data-hit")
router.register("repairs", repairs.RepairViewSet, basename="repair")
router.register("channels", watching.ChannelViewSet, basename="channel")
router.register("training-runs", recommenders.TrainingRunViewSet, basename="training-run")
router.register("tunings", tuning.TuningViewSet, basename="tuning")
router.register("promotions", recommenders.PromotionViewSet, basename="promotion")
router.register("frameworks", checklists.FrameworkViewSet, basename="framework")
router.register("questionnaires", checklists.QuestionnaireViewSet, basename="questionnaire")
router.register("answers", checklists.AnswerViewSet, basename="answer")
router.register("evidence", checklists.EvidenceViewSet, basename="evidence")
router.register("scoring-models", scoring.ScoringModelViewSet, basename="scoring-model")
router.register("assessments", scoring.AssessmentViewSet, basename="assessment")
router.register("jobs", jobs.JobViewSet, basename="job")

urlpatterns = [
    path("", root.RootView.as_view(), name="root"),
    path("session/", accounts.SessionView.as_view(), name="session"),
    path("verify/", scoring.VerifyView.as_view(), name="verify"),
    path("schema/", root.SchemaView.as_view(), name="schema"),
    path("docs/", root.DocsView.as_view(), name="docs"),
    path("datasets/<int:pk>/schedule/", watching.ScheduleView.as_view(), name="dataset-schedule"),
    path("datasets/<int:pk>/export/<str:what>/", interchange.ExportView.as_view(), name="dataset-export"),
    path("datasets/<int:pk>/rules/import/", interchange.RulesImportView.as_view(), name="rules-import"),
    *router.urls,
    re_path("", root.MissingView.as_view(), name="missing"),
]
