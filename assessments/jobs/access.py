"""Who may stop or repeat a job: whoever may start one of its kind."""

from assessments.accounts.roles import Capability

NEEDED = {
    "datasets": Capability.REGISTER,
    "quality": Capability.CHECK,
    "quality.repair": Capability.REGISTER,  # it makes a snapshot
    "recommenders": Capability.TRAIN,
    "scoring": Capability.ASSESS,
}


def capability_of(kind: str) -> Capability:
    """The capability that a job of this kind needs; that of administrators for a kind that nobody named."""
    return NEEDED.get(kind) or NEEDED.get(kind.split(".")[0], Capability.MANAGE)
