"""Packaging files: their commands, paths and variables exist, and no address binds an installation."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def service_texts():
    """Yield (service, its command and health check as one text)."""
    for name, service in COMPOSE["services"].items():
        probe = service.get("healthcheck", {}).get("test", "")
        yield name, f"{service.get('command', '')} {' '.join(probe) if probe else ''}"


def test_every_variable_of_the_compose_file_stands_in_the_example():
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert used == given


def test_the_platform_gets_every_variable_that_settings_require():
    from governance import environment

    settings = COMPOSE["services"]["web"]["environment"]
    assert set(environment.REQUIRED) <= set(settings)
    assert "OWNER_DATABASE_URL" in settings


def test_every_management_command_named_exists():
    named = {command for _, text in service_texts() for command in re.findall(r"manage\.py ([a-z_]+)", text)}
    assert named == {"roles_sql", "migrate"}
    assert named <= set(get_commands())


def test_every_dependency_and_volume_is_declared():
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in volumes


def test_a_service_waited_for_as_healthy_has_a_health_check():
    services = COMPOSE["services"]
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[name] or services[name]["image"] == "governance:latest"


def test_only_the_proxy_is_open_to_the_network():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]


def test_the_proxy_reaches_the_web_service_on_the_port_it_listens_on():
    port = re.search(r"EXPOSE (\d+)", DOCKERFILE).group(1)
    assert f"reverse_proxy web:{port}" in (ROOT / "deploy" / "Caddyfile").read_text()
    assert f'"governance.serving", "0.0.0.0", "{port}"' in DOCKERFILE


def test_every_path_the_image_copies_exists():
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    for script in re.findall(r"python ([\w/]+\.py)", DOCKERFILE):
        assert (ROOT / script).exists(), script


def test_the_image_does_not_run_as_root():
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE)[-1] == "governance"


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda lock: lock.name)
def test_a_lock_holds_hashes_and_no_address(lock):
    text = lock.read_text()
    assert "://" not in text
    for line in re.findall(r"^[a-z0-9._-]+==.*$", text, re.MULTILINE | re.IGNORECASE):
        assert line.endswith("\\"), line


def test_the_npm_lock_holds_no_address_of_a_package():
    text = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')


def test_both_locks_agree_on_every_runtime_package():
    def pins(name):
        return set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
