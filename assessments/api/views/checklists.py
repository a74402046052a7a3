"""Frameworks, questionnaires, answers and what backs them."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.accounts.bodies import FORM_BYTES
from assessments.accounts.roles import Capability
from assessments.api.base import Readable, ViewSet
from assessments.api.parsers import JsonParser
from assessments.api.serializers.checklists import (
    AnswerSerializer,
    AnswerWriteSerializer,
    EvidenceCreateSerializer,
    EvidenceSerializer,
    FrameworkDetailSerializer,
    FrameworkSerializer,
    QuestionnaireCreateSerializer,
    QuestionnaireDetailSerializer,
    QuestionnaireSerializer,
)
from assessments.api.views.accounts import validated
from assessments.checklists.evidence_types import MAX_BYTES
from assessments.checklists.models import Answer, Evidence, Framework, Questionnaire
from assessments.checklists.selectors import (
    answer_get,
    answers_of,
    evidence_file_open,
    framework_get,
    frameworks,
    item_get,
    questionnaire_get,
    questionnaires_of,
)
from assessments.checklists.services import answer_save, evidence_add, questionnaire_create, questionnaire_submit
from assessments.scoring.selectors import level_proposal


class FrameworkViewSet(Readable):
    """Sets of governance questions, the same for every organisation."""

    queryset = Framework.objects.none()
    filterset_fields = ["identifier", "version"]

    def rows(self) -> Any:
        return frameworks() if self.action == "list" else frameworks().prefetch_related("domains__items")

    def get_serializer_class(self) -> Any:
        return FrameworkSerializer if self.action == "list" else FrameworkDetailSerializer


class QuestionnaireViewSet(Readable):
    """Frameworks being answered for a period."""

    queryset = Questionnaire.objects.none()
    capabilities = {
        "list": Capability.VIEW,
        "retrieve": Capability.VIEW,
        "answers": Capability.VIEW,
        "create": Capability.ANSWER,
        "answer": Capability.ANSWER,
        "submit": Capability.ANSWER,
    }
    filterset_fields = {"period": ["exact"], "framework__identifier": ["exact"]}

    def rows(self) -> Any:
        return questionnaires_of(self.organisation)

    def get_serializer_class(self) -> Any:
        return QuestionnaireSerializer if self.action == "list" else QuestionnaireDetailSerializer

    def questionnaire(self, pk: str) -> Questionnaire:
        return questionnaire_get(organisation=self.organisation, pk=int(pk))

    @extend_schema(request=QuestionnaireCreateSerializer, responses={201: QuestionnaireSerializer})
    def create(self, request: Request) -> Response:
        given = validated(QuestionnaireCreateSerializer, request)
        framework = framework_get(identifier=given["framework"], version=given.get("version"))
        made = questionnaire_create(
            organisation=self.organisation, framework=framework, period=given["period"], user=self.user
        )
        return Response(QuestionnaireSerializer(made).data, status=201)

    @extend_schema(responses=AnswerSerializer(many=True))
    @action(detail=True, filterset_fields=[])
    def answers(self, request: Request, pk: str) -> Response:
        page = self.paginate_queryset(answers_of(self.questionnaire(pk)))
        return self.get_paginated_response(AnswerSerializer(page, many=True).data)

    @extend_schema(request=AnswerWriteSerializer, responses=AnswerSerializer, summary="Save the asker's own answer")
    @action(detail=True, methods=["put"], url_path=r"answers/(?P<key>[a-z0-9_-]+\.[a-z0-9_-]+)")
    def answer(self, request: Request, pk: str, key: str) -> Response:
        questionnaire = self.questionnaire(pk)
        item = item_get(questionnaire=questionnaire, key=key)
        given = validated(AnswerWriteSerializer, request)
        saved = answer_save(
            questionnaire=questionnaire,
            item=item,
            assessor=self.user,
            proposal=level_proposal(questionnaire, item),
            **given,
        )
        return Response(AnswerSerializer(saved).data)

    @extend_schema(request=None, responses=QuestionnaireSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        questionnaire_submit(questionnaire=self.questionnaire(pk), user=self.user)
        return Response(QuestionnaireSerializer(self.questionnaire(pk)).data)


class AnswerViewSet(ViewSet):
    """Attaching what backs an answer."""

    queryset = Answer.objects.none()
    serializer_class = AnswerSerializer
    parser_classes = [JsonParser, MultiPartParser]
    capabilities = {"retrieve": Capability.VIEW, "evidence": Capability.ANSWER}

    def largest_form(self) -> int:
        return MAX_BYTES + FORM_BYTES

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(AnswerSerializer(answer_get(organisation=self.organisation, pk=int(pk))).data)

    @extend_schema(request=EvidenceCreateSerializer, responses={201: EvidenceSerializer})
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, pk: str) -> Response:
        answer = answer_get(organisation=self.organisation, pk=int(pk))
        given = validated(EvidenceCreateSerializer, request)
        return Response(EvidenceSerializer(evidence_add(answer=answer, user=self.user, **given)).data, status=201)


class EvidenceViewSet(ViewSet):
    """The files that back answers."""

    queryset = Evidence.objects.none()
    serializer_class = EvidenceSerializer
    capabilities = {"file": Capability.VIEW}

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: str) -> FileResponse:
        opened = evidence_file_open(organisation=self.organisation, pk=int(pk))
        return FileResponse(
            opened.file, as_attachment=True, filename=opened.name, content_type="application/octet-stream"
        )
