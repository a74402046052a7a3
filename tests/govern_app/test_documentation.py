"""The generated pages say what the code does."""

import pytest

from govern_app import documentation


def test_every_setting_is_explained() -> None:
    assert documentation.undocumented_settings() == set()


@pytest.mark.parametrize("path", documentation.pages(), ids=lambda path: path.name)
def test_page_is_up_to_date(path: documentation.Path) -> None:
    assert path.read_text(encoding="utf-8") == documentation.pages()[path], "run: python manage.py document"


def test_every_option_and_command_has_help() -> None:
    for name, command in documentation.govern_commands():
        assert command.help, name
        for usage, text in documentation.options(command.create_parser("manage.py", name)):
            assert text, f"{name} {usage}"
