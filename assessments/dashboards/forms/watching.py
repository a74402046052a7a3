"""When a dataset is read and checked, and where messages go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assessments.dashboards.forms.fields import PageForm
from assessments.datasets.models import Dataset
from assessments.quality.models import Channel, Schedule, Severity

OWN = "own"
USUAL = (
    ("0 6 * * *", gettext_lazy("every day at 6:00")),
    ("0 6 * * 1-5", gettext_lazy("on weekdays at 6:00")),
    ("0 6 * * 1", gettext_lazy("every Monday at 6:00")),
    ("0 6 1 * *", gettext_lazy("on the first of each month at 6:00")),
    ("0 * * * *", gettext_lazy("every hour")),
    (OWN, gettext_lazy("another time, as cron writes it")),
)


class ScheduleForm(PageForm):
    """One of the usual times, or five fields of cron."""

    usual = forms.ChoiceField(label=gettext_lazy("When"), choices=USUAL)
    cron = forms.CharField(
        label=gettext_lazy("Another time"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Minute, hour, day of month, month, weekday: “30 6 * * 1-5” is 6:30 on weekdays."),
    )
    read = forms.BooleanField(
        label=gettext_lazy("Read the source again first"),
        required=False,
        help_text=gettext_lazy("A new snapshot is made when the content has changed."),
    )
    enabled = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def __init__(self, *args: Any, schedule: Schedule | None, source_kind: str, **kwargs: Any) -> None:
        cron = schedule.cron if schedule else USUAL[0][0]
        known = cron in dict(USUAL)
        kwargs["initial"] = {
            "usual": cron if known else OWN,
            "cron": "" if known else cron,
            "read": schedule.read if schedule else source_kind != Dataset.SourceKind.UPLOAD,
            "enabled": schedule.enabled if schedule else True,
        }
        super().__init__(*args, **kwargs)
        if source_kind == Dataset.SourceKind.UPLOAD:
            self.fields["read"].disabled = True
            self.fields["read"].help_text = gettext_lazy("An uploaded file cannot be read again: it does not change.")

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        cron = data["cron"] if data["usual"] == OWN else data["usual"]
        return {"cron": cron, "read": data["read"], "enabled": data["enabled"]}


class ChannelForm(PageForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Channel.Kind.choices)
    target = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        help_text=gettext_lazy("An e-mail address, or a web address that takes a signed POST."),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Tell of findings from"),
        choices=Severity.choices,
        help_text=gettext_lazy("Findings of this severity and graver ones: when they open, worsen or open again."),
    )
    enabled = forms.BooleanField(label=gettext_lazy("In use"), required=False)

    def __init__(self, *args: Any, channel: Channel | None, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": channel.name if channel else "",
            "kind": channel.kind if channel else Channel.Kind.EMAIL,
            "target": channel.target if channel else "",
            "severity": channel.severity if channel else Severity.ERROR,
            "enabled": channel.enabled if channel else True,
        }
        super().__init__(*args, **kwargs)
