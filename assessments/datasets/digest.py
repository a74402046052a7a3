"""The digest of a table's content: the same for the same names, types and values, however they are stored.

Each column feeds three SHA-256 streams in row order: one byte per row that says whether there is a value, the length
of each text in bytes (int64, little-endian), and the bytes of the values (fixed width little-endian, missing as zeros;
texts in UTF-8, missing as nothing). The digest is the SHA-256 of a JSON list of the number of rows and, per column, its
name, its type and the three digests. Where batches begin and end therefore leaves no trace.
"""

import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

VERSION = 1


class ContentDigest:
    """Fed with batches of one schema from first to last row."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows = 0
        self._streams = [(hashlib.sha256(), hashlib.sha256(), hashlib.sha256()) for _ in schema]

    def update(self, batch: pa.RecordBatch) -> None:
        self._rows += batch.num_rows
        for values, (present, lengths, content) in zip(batch.columns, self._streams, strict=True):
            present.update(_bytes(pc.is_valid(values)))
            if pa.types.is_string(values.type):
                filled = values.fill_null("")
                lengths.update(pc.binary_length(filled).to_numpy(zero_copy_only=False).astype("<i8").data)
                content.update(_text_bytes(filled))
            else:
                content.update(_fixed_bytes(values))

    def hexdigest(self) -> str:
        columns = [
            [field.name, str(field.type), *(stream.hexdigest() for stream in streams)]
            for field, streams in zip(self._schema, self._streams, strict=True)
        ]
        text = json.dumps([VERSION, self._rows, columns], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _bytes(flags: pa.Array) -> bytes:
    return bytes(flags.to_numpy(zero_copy_only=False).astype("u1").data)


def _text_bytes(values: pa.StringArray) -> bytes | memoryview:
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    data = values.buffers()[2]
    return b"" if data is None or not len(values) else memoryview(data)[offsets[0] : offsets[-1]]


def _fixed_bytes(values: pa.Array) -> bytes | memoryview:
    kind = values.type
    if pa.types.is_boolean(kind):
        return _bytes(values.fill_null(False))
    if pa.types.is_decimal(kind):
        texts = pc.cast(values, pa.string()).fill_null("")
        return "\n".join(texts.to_pylist()).encode() + b"\n"
    if pa.types.is_floating(kind):
        numbers = values.fill_null(0.0).to_numpy(zero_copy_only=False).astype("<f8")
        # One bit pattern for every NaN, else two equal tables could differ.
        return np.where(np.isnan(numbers), np.nan, numbers).data
    whole = pc.cast(values, pa.int32()) if pa.types.is_date(kind) else values
    return bytes(pc.cast(whole, pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).astype("<i8").data)
