"""Where a piece of evidence can be looked at, and what a missing one needs."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.checklists.models import Answer
from assessments.common.templatetags.govern import share, whole
from assessments.dashboards.model_words import model_label
from assessments.quality.models import RuleResult
from assessments.quality.personal_data.catalogue import entity

Piece = Mapping[str, Any]
# Kinds whose pages stay as long as their dataset does.
LASTING = frozenset({"training_run", "quality_run", "finding", "personal_data_hit", "personal_data_scan", "snapshot"})


def linked(organisation: Organisation, evidence: Iterable[Piece]) -> list[dict[str, Any]]:
    """Each piece with ``title``, ``text`` and ``address``: the page that shows it, empty when it is there no more."""
    pieces = list(evidence)
    there = standing(organisation, pieces)
    return [
        {
            "title": title_of(piece),
            "text": text_of(piece),
            "date": str(piece.get("date") or "")[:10],
            "digest": piece.get("digest", ""),
            "address": address_of(piece) if (piece["type"], piece.get("id")) in there else "",
            "sample": bool(piece.get("sample")),
        }
        for piece in pieces
    ]


def standing(organisation: Organisation, pieces: list[Piece]) -> set[tuple[str, Any]]:
    """(type, id) of the pieces that can still be opened: results and answers are asked for, the others stay."""
    ids: dict[str, list[Any]] = {}
    for piece in pieces:
        ids.setdefault(piece["type"], []).append(piece.get("id"))
    found = {(kind, pk) for kind, pks in ids.items() for pk in pks if kind in LASTING}
    if "rule_result" in ids:
        results = RuleResult.objects.filter(
            run__snapshot__dataset__organisation=organisation, pk__in=ids["rule_result"]
        )
        found |= {("rule_result", pk) for pk in results.values_list("pk", flat=True)}
    if "answer" in ids:
        answers = Answer.objects.filter(questionnaire__organisation=organisation, pk__in=ids["answer"])
        found |= {("answer", pk) for pk in answers.values_list("pk", flat=True)}
    return found


def address_of(piece: Piece) -> str:
    kind = piece["type"]
    if kind in {"rule_result", "quality_run"} and piece.get("run", piece.get("id")):
        anchor = f"#rule-{piece['id']}" if kind == "rule_result" else "#rules"
        return reverse("quality-run", args=[piece.get("run", piece["id"])]) + anchor
    if kind in {"personal_data_hit", "personal_data_scan"}:
        anchor = f"#hit-{piece['id']}" if kind == "personal_data_hit" else "#found"
        return reverse("dataset-personal-data", args=[piece["dataset_id"]]) + anchor
    if kind == "snapshot":
        return reverse("dataset", args=[piece["dataset_id"]])
    if kind == "finding":
        return reverse("findings") + "?state="
    if kind == "answer":
        return reverse("questionnaire", args=[piece["questionnaire"]]) + f"?item={piece['item']}"
    if kind == "training_run":
        return reverse("training-run", args=[piece["id"]])
    return ""


def title_of(piece: Piece) -> str:
    kind, label = piece["type"], str(piece.get("label", ""))
    if kind == "rule_result":
        return f"{piece['dataset']} #{piece['snapshot']} · {label}"
    if kind == "personal_data_hit":
        return f"{piece['dataset']} #{piece['snapshot']} · {piece['column']}: {entity(piece['entity']).label}"
    if kind in {"quality_run", "personal_data_scan", "snapshot"}:
        return f"{label} #{piece['snapshot']}"
    if kind == "answer":
        return _("Answer for %(period)s") % {"period": piece["period"]}
    if kind == "training_run" and piece.get("model"):
        return f"{model_label(piece['model'])} · {piece.get('dataset', '')}"
    return label


def text_of(piece: Piece) -> str:
    kind = piece["type"]
    if kind == "rule_result" and piece["rows_checked"]:
        counts = {
            "failing": whole(piece["rows_failing"]),
            "checked": whole(piece["rows_checked"]),
            "share": share(piece["rows_failing"] / piece["rows_checked"]),
        }
        return _("%(failing)s of %(checked)s rows fail (%(share)s)") % counts
    if kind == "personal_data_hit":
        counts = {"rows": whole(piece["rows_failing"]), "sure": share(piece["confidence"])}
        return _("unprotected in %(rows)s rows, %(sure)s sure") % counts
    if kind == "answer":
        return answer_text(piece)
    if kind == "training_run" and piece.get("users"):
        return _("measured on %(users)s people") % {"users": whole(piece["users"])}
    return ""


def answer_text(piece: Piece) -> str:
    text = _("level %(level)s") % {"level": piece["level"]} if piece.get("level") else str(piece.get("status", ""))
    if piece.get("status") in dict(Answer.Status.choices) and not piece.get("level"):
        text = str(Answer.Status(piece["status"]).label)
    if piece.get("sample"):
        text += " · " + _("sample answer")
    attached = len(piece.get("attachments", []))
    if attached:
        text += " · " + _("%(count)s attached") % {"count": attached}
    return text


def missing_of(leaf: Piece | None) -> dict[str, str]:
    """Why a leaf has no evidence, in words, with the page where the missing step is done."""
    reason = str((leaf or {}).get("reason", ""))
    words = {
        "no_dataset": (_("No dataset is registered."), reverse("datasets")),
        "no_rule": (_("No rule measures this yet."), reverse("datasets")),
        "not_checked": (_("The newest snapshots have not been checked."), reverse("datasets")),
        "expired": (_("What was measured is too old to count."), reverse("datasets")),
        "no_questionnaire": (_("No checklist has been answered for this period or before."), reverse("checklists")),
        "no_such_item": (_("The checklist does not have this item."), reverse("checklists")),
        "not_answered": (_("Nobody has answered this item."), reverse("checklists")),
        "not_known": (_("Everybody answered “don't know”."), reverse("checklists")),
        "no_training_run": (_("No recommender has been trained."), reverse("recommenders")),
        "not_measured": (_("The trained recommenders do not have this metric."), reverse("recommenders")),
    }
    text, address = words.get(reason, (_("There was none when this was computed."), ""))
    return {"text": text, "address": address}
