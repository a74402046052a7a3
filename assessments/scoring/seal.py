"""Sealing an assessment, and checking a sealed one from its document alone.

A document holds ``model``, ``evidence`` and ``result``, with who, when and which period. Its seal block is::

    {"algorithm": "SHA-256 of RFC 8785 JSON", "content": digest of the document without the block,
     "previous": the organisation's previous seal or "", "seal": digest of {"content", "previous"}}

The check recomputes every number of the result from the model and the evidence, so that it also finds a document
whose digests were made anew after a change. What it cannot find alone is a change after which everything was computed
anew, evidence, result and seal: compare its seal with the one that was published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.common.errors import GovernError
from assessments.scoring.canonical import digest
from assessments.scoring.result import result_of

FORMAT = "govern-assessment/1"
ALGORITHM = "SHA-256 of RFC 8785 JSON"
TOLERANCE = 1e-9
KEYS = {"format", "organisation", "period", "as_of", "model", "model_digest", "evidence", "evidence_digest", "result"}


@dataclass(frozen=True)
class Verdict:
    """Whether a document holds; ``code`` names the kind of what differs first, ``where`` its place."""

    valid: bool
    code: str
    reason: str
    where: str = ""


def document_of(
    *, organisation: Mapping[str, str], period: str, as_of: str, model: Mapping[str, Any], evidence: Mapping[str, Any]
) -> dict[str, Any]:
    """The document of an assessment, not sealed: the evidence scored by the model."""
    evidence_digest = digest(evidence)
    return {
        "format": FORMAT,
        "organisation": dict(organisation),
        "period": period,
        "as_of": as_of,
        "model": model,
        "model_digest": digest(model),
        "evidence": evidence,
        "evidence_digest": evidence_digest,
        "result": result_of(model, evidence, evidence_digest),
    }


def sealed(document: Mapping[str, Any], previous: str) -> dict[str, Any]:
    """The document with its seal block, chained to ``previous`` ("" for the first)."""
    content = {key: value for key, value in document.items() if key != "seal"}
    block = {"content": digest(content), "previous": previous}
    return {**content, "seal": {"algorithm": ALGORITHM, **block, "seal": digest(block)}}


def verify(document: Any) -> Verdict:
    """Check a sealed document from itself alone and name the first thing that differs."""
    try:
        return _verify(document)
    except GovernError as error:
        return Verdict(False, "structure", f"The document cannot be recomputed: {error}", error.where)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, ArithmeticError) as error:
        return Verdict(False, "structure", f"The document cannot be recomputed: {type(error).__name__}: {error}")


def _verify(document: Any) -> Verdict:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return Verdict(False, "structure", f"This is not an assessment of the format {FORMAT}.", "format")
    if "seal" not in document:
        return Verdict(False, "no_seal", "The assessment carries no seal: it was not published.", "seal")
    for name in ("model", "evidence"):
        if digest(document[name]) != document[f"{name}_digest"]:
            return Verdict(
                False, f"{name}_digest", f"The {name} is not the one that was scored: its digest differs.", name
            )
    computed = result_of(document["model"], document["evidence"], document["evidence_digest"])
    place = result_difference(document["result"], computed)
    if place is not None:
        return place
    return _verify_seal(document)


def _verify_seal(document: dict[str, Any]) -> Verdict:
    extra = sorted(set(document) - KEYS - {"seal", "published_at"})
    content = {key: value for key, value in document.items() if key != "seal"}
    block = document["seal"]
    if block["content"] != digest(content):
        where = extra[0] if extra else "seal.content"
        added = f" “{where}” does not belong there." if extra else ""
        return Verdict(False, "content_digest", f"The content is not the one that was sealed.{added}", where)
    if block["seal"] != digest({"content": block["content"], "previous": block["previous"]}):
        return Verdict(False, "chain", "The seal does not join this content to the previous seal.", "seal.previous")
    if set(block) != {"algorithm", "content", "previous", "seal"} or block["algorithm"] != ALGORITHM:
        return Verdict(False, "structure", "The seal block holds something that does not belong there.", "seal")
    return Verdict(True, "valid", "Every number was recomputed and the seal holds.")


def result_difference(stored: Mapping[str, Any], computed: Mapping[str, Any]) -> Verdict | None:
    """The first place where a stored result differs from the recomputed one: nodes first, then the total."""
    nodes = {node["path"]: node for node in stored["nodes"]}
    for node in computed["nodes"]:
        path = node["path"] or "total"
        if node["path"] not in nodes:
            return Verdict(False, "node", f"The score of “{path}” is missing.", path)
        where = first_difference(nodes[node["path"]], node)
        if where is not None:
            field = where.split(".")[0]
            code = "interval" if field in {"low", "high"} else "node"
            detail = f"stored {nodes[node['path']].get(field)!r}, recomputed {node.get(field)!r}"
            return Verdict(False, code, f"The {field} of “{path}” differs: {detail}.", f"{path}.{where}")
    added = sorted(set(nodes) - {node["path"] for node in computed["nodes"]})
    if added or len(nodes) != len(stored["nodes"]):
        return Verdict(False, "node", f"The tree has no node “{', '.join(added)}”.", ", ".join(added))
    codes = {"score": "node", "coverage": "node", "level": "level", "level_by_score": "level", "levels": "level"}
    codes |= {"median": "interval", "low": "interval", "high": "interval", "gates": "gate", "drivers": "drivers"}
    for field in [*codes, *sorted({*stored, *computed} - set(codes))]:
        where = first_difference(stored.get(field), computed.get(field))
        if where is not None or (field in stored) != (field in computed):
            place = f"result.{field}" + (f".{where}" if where else "")
            return Verdict(False, codes.get(field, "result"), f"“{place}” differs from what was recomputed.", place)
    return None


def first_difference(stored: Any, computed: Any) -> str | None:
    """The place of the first difference ("" for the values themselves), or None; numbers may differ by 1e-9."""
    if isinstance(stored, bool) or isinstance(computed, bool) or stored is None or computed is None:
        return None if stored is computed else ""
    if isinstance(stored, int | float) and isinstance(computed, int | float):
        return None if abs(stored - computed) <= TOLERANCE else ""
    if isinstance(stored, Mapping) and isinstance(computed, Mapping):
        for key in [*computed, *(key for key in stored if key not in computed)]:
            where = first_difference(stored[key], computed[key]) if key in stored and key in computed else ""
            if where is not None:
                return f"{key}.{where}".rstrip(".")
        return None
    if isinstance(stored, list) and isinstance(computed, list):
        for place, (one, other) in enumerate(zip(stored, computed, strict=False)):
            where = first_difference(one, other)
            if where is not None:
                return f"{place}.{where}".rstrip(".")
        return None if len(stored) == len(computed) else str(min(len(stored), len(computed)))
    return None if stored == computed and type(stored) is type(computed) else ""
