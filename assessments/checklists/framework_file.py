"""Reading a framework's YAML files into one checked document; every refusal says in which line and why.

A framework is one file; an entry of its ``domains`` is written there or names a file beside it that holds it.
"""

import hashlib
import json
from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from assessments.common.errors import GovernError

FOLDER = Path(__file__).parent / "frameworks"
MAX_BYTES = 2 * 2**20
LANGUAGES = ("en", "zh")
PLAIN_TAGS = ("tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
Place = tuple[str | int, ...]


class FrameworkFile:
    """A framework's document, and the file and line of each of its parts and of their names."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, str] = {}
        self.names: dict[Place, str] = {}
        self.document: Any = self._read(path, ())
        self._include()

    def where(self, path: Place) -> str:
        """File and line of the part at this path, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.path.name)

    def where_named(self, path: Place) -> str:
        """File and line of the name that this part stands under, which may be lines above its value."""
        return self.names.get(path) or self.where(path)

    def _read(self, path: Path, at: Place) -> Any:
        loader = yaml.SafeLoader(_text(path))
        try:
            node = loader.get_single_node()
            if node is None:
                raise GovernError(_("The file is empty."), where=path.name)
            return self._build(loader, node, at, path, set())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            reason = error.problem or str(error)
            raise _refused(_("This is not valid YAML: %(reason)s.") % {"reason": reason}, path, line) from error
        except RecursionError as error:
            raise GovernError(_("The file is nested too deeply."), where=path.name) from error
        except (yaml.YAMLError, ValueError) as error:
            raise GovernError(_("This is not valid YAML: %(reason)s.") % {"reason": error}, where=path.name) from error
        finally:
            loader.dispose()

    def _build(self, loader: yaml.SafeLoader, node: yaml.Node, at: Place, path: Path, seen: set[int]) -> Any:
        """The value of a node; notes its line. Aliases are refused: they can make a small file huge."""
        line = node.start_mark.line + 1
        if id(node) in seen:
            raise _refused(_("Anchors and aliases are not allowed."), path, line)
        seen.add(id(node))
        self.lines[at] = f"{path.name}:{line}"
        if not isinstance(node, yaml.ScalarNode) and node.tag not in PLAIN_TAGS:
            raise _refused(_("Tags such as “%(tag)s” are not allowed.") % {"tag": node.tag[:60]}, path, line)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(loader, child, (*at, n), path, seen) for n, child in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return loader.construct_object(node)
        values: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            key_line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                raise _refused(_("A name must be plain text."), path, key_line)
            if key in values:
                raise _refused(_("The name “%(name)s” is given twice.") % {"name": key[:60]}, path, key_line)
            self.names[(*at, key)] = f"{path.name}:{key_line}"
            values[key] = self._build(loader, value_node, (*at, key), path, seen)
        return values

    def _include(self) -> None:
        """Put the content of the named files in the place of their names."""
        domains = self.document.get("domains") if isinstance(self.document, dict) else None
        if not isinstance(domains, list):
            return  # the schema says so
        for n, entry in enumerate(domains):
            if isinstance(entry, str):
                domains[n] = self._read(self._beside(entry, self.where(("domains", n))), ("domains", n))

    def _beside(self, name: str, where: str) -> Path:
        folder = self.path.resolve().parent
        found = (folder / name).resolve()
        if not found.is_relative_to(folder) or not found.is_file():
            raise GovernError(
                _("There is no file “%(name)s” beside this one.") % {"name": name[:100]},
                where=where,
                hint=_("Name a file in the folder of the framework or below it."),
            )
        return found


def framework_read(path: Path) -> tuple[dict[str, Any], str]:
    """The checked document of a framework file, and its digest; raise GovernError with line and reason."""
    source = file_read(path, schema())
    _check_identifiers(source)
    _check_descriptors(source)
    return source.document, digest_of(source.document)


def file_read(path: Path, schema: dict[str, Any]) -> FrameworkFile:
    """A YAML file that follows this JSON Schema; raise GovernError with file, line and reason when it does not."""
    source = FrameworkFile(path)
    errors = list(Draft202012Validator(schema).iter_errors(source.document))
    if errors:
        error = min(errors, key=lambda found: _order(source, found))
        raise GovernError(_reason(error), where=_where(source, error), hint=_hint(error))
    return source


@cache
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    return loaded


def digest_of(document: dict[str, Any]) -> str:
    """SHA-256 of the content; the layout of the files and their comments do not count."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise GovernError(_("The file is larger than a framework can be."), where=path.name)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise GovernError(_("The file is not UTF-8 text."), where=path.name, hint=_("Save it as UTF-8.")) from error
    except OSError as error:
        raise GovernError(
            _("The file cannot be read: %(reason)s.") % {"reason": error.strerror or error}, where=str(path)
        ) from error


def _refused(message: str, path: Path, line: int) -> GovernError:
    return GovernError(message, where=f"{path.name}:{line}")


def _line(where: str) -> tuple[str, int]:
    name, _colon, line = where.rpartition(":")
    return name, int(line) if line.isdigit() else 0


def _order(source: FrameworkFile, error: ValidationError) -> tuple[tuple[str, int], bool]:
    """From top to bottom; a name misspelled goes before the right name that is missing because of it."""
    return _line(source.where(tuple(error.absolute_path))), not _unknown_names(error)


def _where(source: FrameworkFile, error: ValidationError) -> str:
    place = tuple(error.absolute_path)
    unknown = _unknown_names(error)
    return source.where_named((*place, unknown[0])) if unknown else source.where(place)


def _unknown_names(error: ValidationError) -> list[str]:
    """The names that the schema does not know here, in the order of the file."""
    if error.validator != "additionalProperties":
        return []
    known = cast(dict[str, Any], error.schema)["properties"]
    return [name for name in cast(dict[str, Any], error.instance) if name not in known]


def _reason(error: ValidationError) -> str:
    """What is wrong, in words, for the mistakes that people make."""
    rule, found = error.validator, cast(Any, error.instance)
    place = list(error.absolute_path)
    if unknown := _unknown_names(error):
        return _("There is no such name here: %(names)s.") % {"names": ", ".join(unknown)[:200]}
    if rule == "required" and isinstance(error.validator_value, list):
        missing = [name for name in error.validator_value if name not in found]
        if set(missing) <= set(LANGUAGES):
            return _("The text in this language is missing: %(names)s.") % {"names": ", ".join(missing)}
        return _("Missing: %(names)s.") % {"names": ", ".join(missing)}
    if rule in ("minItems", "maxItems") and place[-1:] == ["levels"]:
        return _("An item has five level descriptors; here are %(count)d.") % {"count": len(found)}
    if rule in ("minItems", "maxItems") and place[-1:] == ["evidence"]:
        return _("Typical evidence is one to six texts; here are %(count)d.") % {"count": len(found)}
    if rule == "maxLength":
        return _("This text has %(length)d characters; at most %(limit)d are taken.") % {
            "length": len(found),
            "limit": cast(int, error.validator_value),
        }
    return _("This does not follow the schema: %(reason)s.") % {"reason": _shortened(error.message)}


def _shortened(message: str, most: int = 300) -> str:
    """The schema's words, which quote the value first and end with the reason: the middle is left out."""
    return message if len(message) <= most else f"{message[: most // 2]} … {message[-most // 2 :]}"


def _hint(error: ValidationError) -> str:
    hints = []
    if place := " › ".join(str(step) for step in error.absolute_path):
        hints.append(_("Look at: %(place)s.") % {"place": place})
    if _unknown_names(error):
        known = ", ".join(cast(dict[str, Any], error.schema)["properties"])
        hints.append(_("Known are: %(names)s.") % {"names": known})
    return " ".join(hints)


def _check_identifiers(source: FrameworkFile) -> None:
    """Domains have different identifiers, and so have the items of a domain."""
    domains = source.document["domains"]
    groups: list[tuple[Place, list[dict[str, Any]]]] = [(("domains",), domains)]
    groups += [(("domains", n, "items"), domain["items"]) for n, domain in enumerate(domains)]
    for at, members in groups:
        seen: set[str] = set()
        for n, member in enumerate(members):
            if member["id"] in seen:
                raise GovernError(
                    _("The identifier “%(id)s” is given twice.") % {"id": member["id"]},
                    where=source.where((*at, n, "id")),
                    hint=_("Give each its own identifier."),
                )
            seen.add(member["id"])


def _check_descriptors(source: FrameworkFile) -> None:
    """Within an item no two levels may read the same: nobody could tell them apart."""
    for d, domain in enumerate(source.document["domains"]):
        for i, item in enumerate(domain["items"]):
            for language in LANGUAGES:
                seen: dict[str, int] = {}
                for n, level in enumerate(item["levels"]):
                    text = " ".join(level[language].split()).casefold()
                    if text in seen:
                        raise GovernError(
                            _("Levels %(first)d and %(second)d have the same descriptor.")
                            % {"first": seen[text], "second": n + 1},
                            where=source.where(("domains", d, "items", i, "levels", n, language)),
                        )
                    seen[text] = n + 1
