"""Every management command of the platform starts, and the SQL of the roles can be piped into psql."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[3]
OWN = {path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"}


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_command_loads(name):
    command = load_command_class(get_commands()[name], name)
    assert command.help
    assert command.create_parser("manage.py", name).format_help()


def test_the_commands_are_all_found():
    assert {"explain_access", "roles_sql", "demo", "backup"} <= OWN


@pytest.mark.django_db
def test_the_roles_get_the_passwords_of_the_addresses(monkeypatch, capsys):
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://governance_owner:o%27one@db/governance")
    monkeypatch.setenv("DATABASE_URL", "postgresql://governance_runtime:two@db/governance")
    call_command("roles_sql", "--with-passwords")
    said = capsys.readouterr().out
    assert "o''one" in said
    assert "'two'" in said
    call_command("roles_sql")
    assert "two" not in capsys.readouterr().out


@pytest.mark.django_db
def test_without_a_password_in_the_address_the_command_says_so(monkeypatch):
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://governance_owner@db/governance")
    with pytest.raises(CommandError, match="OWNER_DATABASE_URL has no password"):
        call_command("roles_sql", "--with-passwords")
