"""What to look at first: what caps the level, then what would raise the total most."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.checklists.models import localised
from assessments.quality.finding_words import title_in_words
from assessments.quality.models import Finding, Severity
from assessments.quality.selectors import findings_of
from assessments.remediation.gains import Gains
from assessments.scoring.models import Assessment

SMALLEST_GAIN = 0.005  # points: less is shown as 0.0 and moves nothing


@dataclass(frozen=True)
class FirstThing:
    """One thing to look at: ``kind`` is gate, finding, leaf or unknown; ``gain`` in points of the total, None when
    it is not in points. ``target_type`` and ``target_id`` name a finding, or a node of the assessment (its path);
    ``path`` is the node that it bears on; ``source`` is the piece of evidence that shows it, where there is one.
    """

    kind: str
    label: str
    why: str
    severity: str
    gain: float | None
    target_type: str
    target_id: int | str
    path: str
    source: Mapping[str, Any] | None = None


def first_things(assessment: Assessment, limit: int = 5) -> list[FirstThing]:
    """At most ``limit`` things, raised gates first, then by the points that the total would gain.

    A finding gains what the total would if all its rows passed; a leaf what it would at its next level; a pillar of
    which nothing is known comes last, since what it would bring is not known either. Leaves whose findings are listed
    are left out: the finding says the same more exactly. Empty while the assessment has no document.
    """
    if not assessment.document or limit < 1:
        return []
    gains = Gains(assessment.document)
    open_findings = list(findings_of(assessment.organisation).filter(state=Finding.State.OPEN))
    gates = _gates(assessment, open_findings)
    taken = {thing.target_id for thing in gates if thing.target_type == "finding"}
    findings = [thing for thing in _findings(gains, open_findings) if thing.target_id not in taken]
    covered = {path for finding in findings for path in _paths_of(gains, finding, open_findings)}
    ranked = findings + [thing for thing in _leaves(gains) if thing.path not in covered]
    ranked.sort(key=lambda thing: (-(thing.gain or 0.0), thing.path, thing.label))
    return [*gates, *ranked, *_unknown(gains)][:limit]


def _gates(assessment: Assessment, findings: list[Finding]) -> list[FirstThing]:
    document = assessment.document
    by_rule = {finding.rule_id: finding for finding in findings if finding.rule_id is not None}
    by_id = {finding.pk: finding for finding in findings}
    things = []
    for gate in document["result"]["gates"]:
        if not gate["raised"]:
            continue
        sources: list[dict[str, Any]] = document["evidence"]["gates"][gate["id"]]["sources"] or [{}]
        source = sources[0]
        is_finding = source.get("type") == "finding"
        finding = by_id.get(source["id"]) if is_finding else by_rule.get(source.get("rule") or 0)
        name = localised(gate["name"])
        label = _("%(whole)s: %(part)s") % {"whole": name, "part": source["label"]} if source else name
        things.append(
            FirstThing(
                kind="gate",
                label=f"{label} ({source['dataset']})" if source.get("dataset") else label,
                why=_("The level stays at %(cap)s of 5 at most until this is mended (%(count)s in all).")
                % {"cap": gate["cap"], "count": int(gate["value"])},
                severity=Severity.CRITICAL.value,
                gain=None,
                target_type="finding" if finding else "node",
                target_id=finding.pk if finding else "",
                path="",
                source=source or None,
            )
        )
    return things


def _findings(gains: Gains, findings: list[Finding]) -> list[FirstThing]:
    things = []
    for finding in findings:
        result = finding.last_result
        if result is None or not result.rows_checked:
            continue
        gain, paths = gains.repaired(result.pk)
        if gain < SMALLEST_GAIN:
            continue
        things.append(
            FirstThing(
                kind="finding",
                label=f"{title_in_words(finding)} ({finding.dataset.name})",
                why=_("%(share).1f %% of the rows fail. With all of them mended the total gains %(gain).1f points.")
                % {"share": 100 * result.rows_failing / result.rows_checked, "gain": gain},
                severity=finding.severity,
                gain=gain,
                target_type="finding",
                target_id=finding.pk,
                path=paths[0],
                source=gains.source(paths[0], result.pk),
            )
        )
    return things


def _paths_of(gains: Gains, thing: FirstThing, findings: list[Finding]) -> tuple[str, ...]:
    result = next(finding.last_result_id for finding in findings if finding.pk == thing.target_id)
    return gains.repaired(result)[1] if result is not None else ()


def _leaves(gains: Gains) -> list[FirstThing]:
    things = []
    for path, score in gains.known().items():
        target, gain = gains.at_next_level(path, score)
        if gain < SMALLEST_GAIN:
            continue
        things.append(
            FirstThing(
                kind="leaf",
                label=_name(gains, path),
                why=_("Scores %(score).0f of 100. At %(target).0f, its next level, the total gains %(gain).1f points.")
                % {"score": score, "target": target, "gain": gain},
                severity=(Severity.ERROR if score < 20 else Severity.WARNING if score < 60 else Severity.INFO).value,
                gain=gain,
                target_type="node",
                target_id=path,
                path=path,
            )
        )
    return things


def _unknown(gains: Gains) -> list[FirstThing]:
    return [
        FirstThing(
            kind="unknown",
            label=localised(dict(pillar.name)),
            why=_("Nothing is known about it yet, so it is not in the score and widens the interval."),
            severity=Severity.WARNING.value,
            gain=None,
            target_type="node",
            target_id=pillar.path,
            path=pillar.path,
        )
        for pillar in gains.model.root.children
        if gains.points[pillar.path].coverage == 0
    ]


def _name(gains: Gains, path: str) -> str:
    """The leaf's name behind that of its domain, since items of several domains share a name; else its name alone."""
    node = gains.points[path].node
    above = gains.points[node.parent].node
    name = localised(dict(node.name))
    if not above.parent:
        return name
    return _("%(whole)s: %(part)s") % {"whole": localised(dict(above.name)), "part": name}
