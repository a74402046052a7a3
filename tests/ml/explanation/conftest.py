"""The small shop of the evaluation's tests."""

from tests.ml.evaluation.conftest import parts, protocol

__all__ = ["parts", "protocol"]
