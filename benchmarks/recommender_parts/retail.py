"""Online Retail under the reference protocol: every model at its defaults, and what validation alone would choose."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from ml.data.preparation import Prepared, load_interactions
from ml.data.splits import apply_split, parse_split
from ml.evaluation.harness import evaluate, protocol_of
from ml.models.base import create
from ml.models.inputs import Inputs

ROLES = {
    "user": "CustomerID",
    "item": "StockCode",
    "time": "InvoiceDate",
    "quantity": "Quantity",
    "price": "UnitPrice",
    "order": "InvoiceNo",
}
TEST, VALIDATION = "time:2011-10-10,28d", "time:2011-09-12,28d"
REACH = {"allowed": 0.245, "masked": 0.082}


def read() -> Prepared:
    path = Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")) / "online_retail" / "online_retail.csv.gz"
    return load_interactions(path, ROLES)


def rows(names: Sequence[str]) -> list[list[object]]:
    """[model, repeats, NDCG@10 of validation, of test with its interval, seconds of fitting], and the choice.

    The validation part is the four weeks before the test, cut from train alone; the chosen model is the one that is
    best there, and its test figure is the one to hold beside the reach.
    """
    prepared = read()
    whole = apply_split(prepared.interactions, parse_split(TEST))
    early = apply_split(whole.train, parse_split(VALIDATION))
    table: list[list[object]] = []
    for repeats, reach in REACH.items():
        found = []
        for name in names:
            values, started = [], time.perf_counter()
            for parts, split in ((early, VALIDATION), (whole, TEST)):
                protocol = protocol_of(parts, parse_split(split), repeats=repeats)  # type: ignore[arg-type]
                model = create(name).fit(parts.train, features=Inputs(unseen_only=repeats == "masked"))
                values.append(evaluate(model, parts, protocol).estimates["ndcg@10"])
            seconds = time.perf_counter() - started
            validation, test = values
            found.append((validation.value, test.value, name))
            interval = f"{test.value:.4f} [{test.low:.4f}, {test.high:.4f}]"
            table.append([name, repeats, f"{validation.value:.4f}", interval, f"{seconds:.1f} s"])
        _, value, name = max(found)
        table.append([f"chosen: {name}", repeats, "", f"{value:.4f}, reach {reach}", ""])
    return table
