"""The tutorial's commands, run as they stand on the real file, give what the tutorial says."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("GOVERN_DATA_DIR", ROOT / "../shared/data")) / "online_retail" / "online_retail.csv.gz"
COMMAND = re.compile(r"^\$ python (manage\.py .*)$", re.MULTILINE)


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="GOVERN_DATA_DIR has no online_retail/online_retail.csv.gz")
def test_commands_of_the_tutorial(tmp_path: Path) -> None:
    outputs = run_tutorial(tmp_path)
    checked = {row["rule"]: row for row in outputs["check_quality"]["results"]}
    failing = {row["rows_failing"] for row in checked.values()}
    assert {135_080, 5_268, 9_288, 10_624, 2_517} <= failing
    metrics = outputs["train_recommender"]["metrics"]["ndcg@10"]
    assert metrics["value"] == pytest.approx(0.229, abs=0.01)
    assert metrics["low"] < metrics["value"] < metrics["high"]
    assessed = outputs["assess"]
    assert assessed["low"] <= assessed["score"] <= assessed["high"]
    assert 0 < assessed["coverage"] < 1, "nobody has answered the questionnaire"
    assert outputs["verify_assessment"]["valid"] is True

    exported = tmp_path / "assessment.json"
    text = exported.read_text(encoding="utf-8")
    exported.write_text(text.replace('"rows_failing":135080', '"rows_failing":135081', 1), encoding="utf-8")
    assert exported.read_text(encoding="utf-8") != text
    code, document = run(tmp_path, ["manage.py", "verify_assessment", str(exported), "--json"])
    assert (code, document["valid"]) == (1, False)


def run_tutorial(folder: Path) -> dict[str, dict]:
    outputs = {}
    for line in COMMAND.findall((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")):
        words = shlex.split(line.replace('"$FILE"', str(DATA)))
        words = [str(folder / word) if word == "assessment.json" else word for word in words]
        code, outputs[words[1]] = run(folder, words)
        assert code == 0, line
    return outputs


def run(folder: Path, words: list[str]) -> tuple[int, dict]:
    """Run a command in a GOVERN_HOME of its own: its exit code and its document ({} when it prints none)."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOVERN_")}
    result = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**environment, "GOVERN_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in result.stderr, result.stderr
    return result.returncode, json.loads(result.stdout) if "--json" in words else {}
