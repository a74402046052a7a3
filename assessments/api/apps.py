from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "assessments.api"

    def ready(self) -> None:
        from assessments.api import schema  # noqa: F401 - registers what the OpenAPI document says
