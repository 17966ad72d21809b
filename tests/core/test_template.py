import pytest

from pdd_tasks.core.prompt.request import Message
from pdd_tasks.core.prompt.template import Template


TEXT = """<!-- fix@2 -->
## system

You mend {{language}}.

## user

{{code_section}}
It is `{{path}}`, and {{path}} alone.

{{evidence}}
Go.
"""
VALUES = {"language": "python", "code_section": "", "path": "a.py", "evidence": "E\n\n"}


def test_a_template_has_a_name_and_parts():
    template = Template.parse(TEXT)
    assert template.name == "fix@2"
    assert [role for role, _ in template.parts] == ["system", "user"]


def test_places_are_filled():
    system, user = Template.parse(TEXT).render(VALUES)
    assert system == Message("system", "You mend python.\n")
    assert user == Message("user", "It is `a.py`, and a.py alone.\n\nE\n\nGo.\n")


def test_a_value_that_looks_like_a_place_is_left_alone():
    values = {**VALUES, "path": "{{language}}", "evidence": "{{path}}"}
    user = Template.parse(TEXT).render(values)[1]
    assert user.content == (
        "It is `{{language}}`, and {{language}} alone.\n\n{{path}}\n\nGo.\n"
    )


def test_a_value_of_several_lines_keeps_them():
    values = {**VALUES, "code_section": "one\n\ntwo"}
    user = Template.parse(TEXT).render(values)[1]
    assert user.content.startswith("one\n\ntwo\n\nIt is")


def test_a_place_without_a_value_is_an_error():
    values = {name: value for name, value in VALUES.items() if name != "path"}
    template = Template.parse(TEXT)
    with pytest.raises(KeyError, match="path"):
        template.render(values)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## user\n\nGo.\n", id="no head"),
        pytest.param("<!-- fix -->\n## user\n\nGo.\n", id="no version"),
        pytest.param("<!-- fix@1 -->\nGo.\n", id="no part"),
        pytest.param("", id="empty"),
    ],
)
def test_a_text_that_is_no_template_is_refused(text):
    with pytest.raises(ValueError, match="begins with its name"):
        Template.parse(text)
