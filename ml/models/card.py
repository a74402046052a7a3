"""The model card of a bundle: what the model is, how well it did and where it should not be used, for people.

In the form of the Hugging Face hub (Mitchell et al., "Model cards for model reporting", 2019): README.md, whose YAML
front matter holds the metrics for programs. ``described`` is the manifest of a bundle.
"""

from typing import Any

import yaml

USE = "Ranking this catalogue for customers of this shop; the figures hold for the stated protocol alone."
LIMITS = (
    "The model knows the items of its training data only; a new item needs training anew, or a model that reads text.",
    "It repeats what the data show: popular items, and groups of customers of whom more is known, are served better.",
    "Past purchases are not a trial: how much a recommendation would sell cannot be read from these figures.",
)


def card_text(described: dict[str, Any], evaluation: dict[str, Any] | None = None, use: str = "") -> str:
    """``evaluation`` is a document with "protocol", "ranking" and, where measured, "groups" and "slices" (suite)."""
    front = yaml.safe_dump(_front(described, evaluation), sort_keys=False, allow_unicode=True)
    parts = [
        f"---\n{front}---\n\n# {described['name']}",
        _section("Model", _model_lines(described)),
        _section("Training data", _data_lines(described["provenance"]["data"])),
        _section("Evaluation", _evaluation_lines(evaluation)),
        _section("Intended use", [use or USE]),
        _section("Limits", [f"- {limit}" for limit in (*LIMITS, *_gaps(evaluation))]),
        _section("Made with", _environment_lines(described["provenance"])),
    ]
    return "\n\n".join(parts) + "\n"


def _front(described: dict[str, Any], evaluation: dict[str, Any] | None) -> dict[str, Any]:
    front: dict[str, Any] = {
        "library_name": "govern",
        "tags": ["recommendation", "collaborative-filtering", described["name"]],
    }
    if evaluation:
        data = described["provenance"]["data"] or {}
        front["model-index"] = [
            {
                "name": described["name"],
                "results": [
                    {
                        "task": {"type": "recommendation", "name": "full ranking of the catalogue"},
                        "dataset": {"type": "interactions", "name": f"train {data.get('sha256', 'not recorded')}"},
                        "metrics": [
                            {"type": name, "value": each["value"], "args": {"low": each["low"], "high": each["high"]}}
                            for name, each in evaluation["ranking"].items()
                            if each["value"] is not None
                        ],
                    }
                ],
            }
        ]
    return front


def _model_lines(described: dict[str, Any]) -> list[str]:
    options = described["config"].get("options", {})
    return [
        f"- digest: `{described['digest']}`",
        f"- seed: {described['config'].get('seed', 'none')}",
        *(f"- {name}: {value}" for name, value in options.items()),
    ]


def _data_lines(data: dict[str, Any] | None) -> list[str]:
    if data is None:
        return ["Not recorded."]
    counts = f"{data['rows']} interactions of {data['users']} users and {data['items']} items"
    return [f"- {counts}", f"- SHA-256: `{data['sha256']}`"]


def _evaluation_lines(evaluation: dict[str, Any] | None) -> list[str]:
    if not evaluation:
        return ["Not evaluated."]
    protocol = evaluation["protocol"]
    lines = [
        f"Split `{protocol['split']}`, repeats {protocol['repeats']}, candidates: {protocol['candidates']}.",
        f"Intervals: {protocol['interval']}. Protocol digest: `{protocol['digest']}`.",
        "",
        "| metric | value | from | to | users |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, each in evaluation["ranking"].items():
        value, low, high = (_figure(each[key]) for key in ("value", "low", "high"))
        lines.append(f"| {name} | {value} | {low} | {high} | {each['users']} |")
    return lines


def _gaps(evaluation: dict[str, Any] | None) -> list[str]:
    """The gaps between groups that are really there."""
    reports = [*(evaluation or {}).get("groups", []), *(evaluation or {}).get("slices", [])]
    return [
        f"{report['metric']} of {report['attribute']} “{gap['worst']}” is {_figure(gap['value'])} below that of "
        f"“{gap['best']}” [{_figure(gap['low'])}, {_figure(gap['high'])}]."
        for report in reports
        if (gap := report["gap"]) and gap["low"] > 0
    ]


def _environment_lines(provenance: dict[str, Any]) -> list[str]:
    code = provenance["code"]
    lines = [f"- {code['package']} {code['version'] or ''}, sources `{code['sha256']}`".replace(" ,", ",")]
    return lines + [f"- {name} {version}" for name, version in provenance["environment"].items()]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _section(title: str, lines: list[str]) -> str:
    return f"## {title}\n\n" + "\n".join(lines)
