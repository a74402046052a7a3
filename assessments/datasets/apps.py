from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "assessments.datasets"
