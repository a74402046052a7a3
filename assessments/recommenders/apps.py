from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendersConfig(AppConfig):
    name = "assessments.recommenders"
    verbose_name = _("Recommenders")
