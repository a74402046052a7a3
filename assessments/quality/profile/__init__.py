"""What a snapshot looks like: figures of each column and of the whole table, in few passes and bounded memory."""

from assessments.quality.profile.document import VERSION, profile_of

__all__ = ["VERSION", "profile_of"]
