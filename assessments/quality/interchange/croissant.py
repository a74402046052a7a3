"""A snapshot described in MLCommons Croissant 1.0: a JSON-LD vocabulary for datasets on top of schema.org."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.quality.interchange.contract_out import ContractColumn
from assessments.quality.interchange.contract_words import logical_type

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
FILE, RECORDS = "table", "rows"
DATA_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
}
# The terms of the vocabulary and of schema.org, as a Croissant document must declare them.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True)
class CroissantFacts:
    """What is said of a snapshot. ``sha256`` is of the file's bytes, ``digest`` of its content."""

    name: str
    description: str
    version: str
    published: datetime
    creator: str
    file_name: str
    file_bytes: int
    sha256: str
    digest: str
    columns: Sequence[ContractColumn]
    personal: Sequence[str] = ()


def croissant_document(facts: CroissantFacts) -> dict[str, Any]:
    """The JSON-LD document; columns that hold personal data are named, their values never shown."""
    document = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": facts.name,
        "description": facts.description or facts.name,
        "version": facts.version,
        "datePublished": facts.published.isoformat(),
        "creator": {"@type": "sc:Organization", "name": facts.creator},
        "identifier": f"sha256:{facts.digest}",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": FILE,
                "name": facts.file_name,
                "contentUrl": facts.file_name,
                "contentSize": f"{facts.file_bytes} B",
                "encodingFormat": "application/x-parquet",
                "sha256": facts.sha256,
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": RECORDS,
                "name": RECORDS,
                "field": [_field(column, number) for number, column in enumerate(facts.columns)],
            }
        ],
    }
    if facts.personal:
        document["rai:personalSensitiveInformation"] = list(facts.personal)
    return document


def _field(column: ContractColumn, number: int) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{RECORDS}/{number}",
        "name": column.name,
        "description": column.role or column.name,
        "dataType": DATA_TYPES.get(logical_type(column.type), "sc:Text"),
        "source": {"fileObject": {"@id": FILE}, "extract": {"column": column.name}},
    }
