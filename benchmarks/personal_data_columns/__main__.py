"""What the judges make of the columns, as JSON lines."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from benchmarks.personal_data_columns import columns
from benchmarks.personal_data_columns.column import Column
from benchmarks.personal_data_columns.judges import compare, govern, presidio
from benchmarks.personal_data_columns.third import third


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--third", action="store_true", help="only the columns of the third look")
    options = parser.parse_args()
    made = third(options.seed) if options.third else columns(options.seed)
    if options.write:
        options.write.write_text(json.dumps([column._asdict() for column in made], ensure_ascii=False), "utf-8")
    judges: dict[str, Callable[[Column], str]] = {"govern": govern}
    try:
        judges["presidio"] = presidio()
    except Exception as error:
        print("presidio: not measured,", error)
    for name, judge in judges.items():
        print(name, json.dumps(compare(judge, made), ensure_ascii=False))


if __name__ == "__main__":
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    main()
