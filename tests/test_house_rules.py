"""Each house rule finds its breach, and the tree breaks none."""

import subprocess

import pytest

from tools import house_rules, plain_english


def test_the_platform_keeps_its_rules():
    assert list(house_rules.broken_rules(house_rules.ROOT)) == []


def test_without_git_the_same_sources_are_looked_at():
    root = house_rules.ROOT
    by_git = {name for name in house_rules._names_by_git(root) if (root / name).is_file()}
    assert by_git <= house_rules._names_by_walk(root)


@pytest.mark.parametrize(("name", "most"), [("a.py", 500), ("a.css", 500), ("a.js", 80)])
def test_a_file_past_the_ceiling_is_found(name, most):
    assert list(house_rules.long_file(name, "x\n" * most)) == []
    assert list(house_rules.long_file(name, "x\n" * (most + 1))) == [
        f"{name}: {most + 1} lines, at most {most}"
    ]


@pytest.mark.parametrize(("body", "found"), [(49, 0), (50, 1)])
def test_a_function_past_the_ceiling_is_found(body, found):
    text = "@decorated\ndef long():\n" + "    pass\n" * body
    assert len(list(house_rules.long_functions("a.py", text))) == found


def test_looking_across_tenants_is_found_outside_its_places():
    text = "from django_scopes import scopes_" + "disabled"
    assert list(house_rules.scopeless("governance/tenancy/scope.py", text)) == []
    assert len(list(house_rules.scopeless("tickets/ticket/queries.py", text))) == 1


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('<button onclick="go()">', 1),
        ("<script>go()</script>", 1),
        ('<script nonce="{{ request.csp_nonce }}">go()</script>', 0),
        ('<script src="{% static "js/go.js" %}" defer></script>', 0),
        ("<p>one = on = two</p>", 0),
        ('<button\n  class="btn"\n  onclick="go()"\n>', 1),
        ("<script\n  defer\n>go()</script>", 1),
        ('<script\n  src="go.js"\n  defer\n></script>', 0),
    ],
)
def test_script_that_the_security_policy_refuses_is_found(line, found):
    assert len(list(house_rules.inline_code("a.html", line))) == found


def test_a_line_of_a_template_past_the_ceiling_is_found():
    assert list(house_rules.wide_lines("a.html", "短" * 140)) == []
    assert list(house_rules.wide_lines("a.html", "<p>\n" + "x" * 141)) == [
        "a.html:2: 141 characters, at most 140"
    ]


def test_an_address_of_a_registry_is_found():
    address = house_rules.ADDRESSES[0]
    assert list(house_rules.addresses("a.in", f"--index https://{address}/simple")) == [
        f"a.in: names {address}"
    ]


@pytest.mark.parametrize(
    ("subject", "problems"),
    [
        ("Add a rule", []),
        ("x" * 60, []),
        ("x" * 61, ["commit abc: subject has 61 characters, at most 60"]),
        ("Add a rule.", ["commit abc: subject ends with a period"]),
    ],
)
def test_a_long_or_dotted_commit_subject_is_found(subject, problems):
    assert list(house_rules.long_subjects([("abc", subject)])) == problems


def git(folder, *args):
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_only_subjects_after_the_given_commit_are_read(tmp_path):
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "First")
    first = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Second\n\nWith a reason.")
    assert [subject for _, subject in house_rules.subjects_since(tmp_path, first)] == ["Second"]


def test_without_history_no_subject_is_read(tmp_path):
    unknown = "0" * 40
    assert house_rules.subjects_since(tmp_path, unknown) == []
    git(tmp_path, "init", "--quiet")
    assert house_rules.subjects_since(tmp_path, unknown) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            '"""What is kept of a refusal."""',
            "x.py:1: the docstring begins with What; begin with a noun or a verb",
        ),
        (
            'def f():\n    """How it ended."""',
            "x.py:1: the docstring begins with How; begin with a noun or a verb",
        ),
        ('def f():\n    """Count it anew."""', "x.py:1: “anew” - say again, or new"),
        (
            '"""Reports."""\nclass A:\n    """Members are told of it."""',
            "x.py:2: “are told” - say is notified, or is shown",
        ),
    ],
)
def test_an_odd_docstring_is_found(source, problem):
    assert list(plain_english.odd_docstrings("x.py", source)) == [problem]


def test_a_plain_docstring_and_a_name_in_code_pass():
    assert (
        list(plain_english.odd_docstrings("x.py", '"""Count what is `told` and `anew`; where it was."""'))
        == []
    )
