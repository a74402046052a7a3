"""Starting a questionnaire, and attaching what backs an answer."""

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.checklists.models import Framework
from assessments.dashboards.forms.assessments import AssessForm
from assessments.dashboards.forms.fields import PageForm, choose_from


class FrameworkChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # takes none at run time
    """Versions of one framework share its name, so that each says which it is, and whether its answers are scored."""

    scored: Collection[str] = ()

    def label_from_instance(self, framework: Framework) -> str:
        label = gettext("%(name)s, version %(version)d") % {"name": framework, "version": framework.version}
        return gettext("%(label)s (counts for the score)") % {"label": label} if self.counts(framework) else label

    def counts(self, framework: Framework) -> bool:
        return framework.identifier in self.scored


class QuestionnaireForm(AssessForm):
    framework = FrameworkChoice(label=_("Checklist"), queryset=Framework.objects.none(), empty_label=None)

    def __init__(
        self, *args: Any, frameworks: "QuerySet[Framework]", scored: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "framework", frameworks)
        field = cast(FrameworkChoice, self.fields["framework"])
        field.scored = scored
        self.initial.setdefault("framework", next((each for each in frameworks if field.counts(each)), None))


class CarryOverForm(AssessForm):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class EvidenceForm(PageForm):
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    file = forms.FileField(label=_("File"), required=False)
    url = forms.CharField(label=_("or link"), required=False, max_length=600)


class ReopenForm(PageForm):
    reason = forms.CharField(label=_("Why is it opened again?"), max_length=500)
