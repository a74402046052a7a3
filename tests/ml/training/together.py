"""A small SASRec trained by one or several processes, for test_distributed.py: together.py OUT DROPOUT [CHECKPOINT].

The first process writes what it learned as JSON: the learning curve and the scores of some users.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "models" / "sequences"))

from chains import chain_shop

from ml.models.base import create
from ml.models.inputs import Inputs
from ml.training.distributed import process_group


def main(out: Path, dropout: str, checkpoint: Path | None) -> None:
    train, _, _ = chain_shop(250, 40, 10)
    options = {"epochs": 6, "patience": 6, "dropout": dropout, "width": 16, "blocks": 1, "batch_size": 37}
    options |= {"loss": "sampled_softmax", "negatives": 12, "learning_rate": 0.01, "warmup_steps": 5}
    with process_group(torch.device("cpu")) as group:
        model = create("sasrec", options, seed=3, device="cpu").fit(train, features=Inputs(checkpoint=checkpoint))
        scores = model.score(np.arange(20, dtype=np.int32)).tolist()
        parameters = torch.cat([each.flatten() for each in model.network.parameters()])
        spread = group.mean(parameters.double().abs().sum(), torch.device("cpu"))
        same = abs(spread - float(parameters.double().abs().sum())) < 1e-9
        if group.first:
            curve = [(each["loss"], each["ndcg@10_validation"]) for each in model.learning_curve]
            out.write_text(json.dumps({"size": group.size, "same": same, "curve": curve, "scores": scores}))


if __name__ == "__main__":
    more = sys.argv[3:]
    main(Path(sys.argv[1]), sys.argv[2], Path(more[0]) if more else None)
