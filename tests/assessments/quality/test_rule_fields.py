"""The fields of a rule's columns, and what is read from them."""

from django import forms

from assessments.quality.checks import check_named
from assessments.quality.models import Rule
from assessments.quality.rule_fields import column_fields, rule_columns, rule_fields, rule_values


def names(check: str, types: dict[str, str], given: dict[str, object]) -> tuple[str, ...]:
    form = forms.Form(given)
    form.fields.update(column_fields(check_named(check), types))
    assert form.is_valid(), form.errors
    return rule_values(check_named(check), form.cleaned_data)[0]


def test_a_name_with_spaces_around_it_stays_as_it_is() -> None:
    types = {" price ": "float64", "price": "float64"}
    assert names("range", types, {"columns": " price "}) == (" price ",)
    assert names("completeness", types, {"columns": [" price ", "price"]}) == (" price ", "price")


def test_without_a_table_names_are_lines() -> None:
    assert names("completeness", {}, {"columns": " user \n\nitem\r\n"}) == ("user", "item")
    assert names("range", {}, {"columns": "price"}) == ("price",)
    assert names("compare_columns", {}, {"column-0": "price", "column-1": "cost"}) == ("price", "cost")


def test_names_that_were_given_are_shown_again_as_lines() -> None:
    form = forms.Form(initial={"columns": ["user", "item"]})
    form.fields.update(column_fields(check_named("completeness"), {}))
    assert "user\nitem</textarea>" in str(form["columns"])


def test_a_column_that_a_parameter_names_is_chosen_and_offered_when_it_is_gone() -> None:
    check = check_named("functional_dependency")
    rule = Rule(check_name=check.name, columns=["sku"], parameters={"dependent": "title"})
    assert rule_columns(rule, check) == ["sku", "title"]
    field = rule_fields(check, {"sku": "text", "name": "text"}, rule_columns(rule, check))["parameter-dependent"]
    assert isinstance(field, forms.ChoiceField)
    assert [value for value, _label in field.choices] == ["", "sku", "name", "title"]
    assert isinstance(rule_fields(check, {})["parameter-dependent"], forms.CharField)
