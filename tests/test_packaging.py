"""Packaging files: their commands, paths and variables exist, and no address binds an installation."""

import gzip
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

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
    assert named == {"roles_sql", "migrate", "backup"}
    assert named <= set(get_commands())


def test_every_dependency_and_volume_is_declared():
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for mount in service.get("volumes", []):
            source = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", mount).split(":")[0]
            if source in {"/dev/null", "./backups"}:  # a file or folder of the host, unless .env names one
                continue
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


def test_an_own_certificate_takes_two_lines_of_the_settings():
    proxy = COMPOSE["services"]["proxy"]
    assert proxy["environment"]["SITE_TLS"] == "${TLS_CERTIFICATE:+tls /own/certificate.pem /own/key.pem}"
    assert {
        "${TLS_CERTIFICATE:-/dev/null}:/own/certificate.pem:ro",
        "${TLS_KEY:-/dev/null}:/own/key.pem:ro",
    } <= set(proxy["volumes"])
    site = (ROOT / "deploy/Caddyfile").read_text().partition("{$SITE_ADDRESS} {")[2]
    assert site.split("\n")[1].strip() == "{$SITE_TLS}"


def test_the_nightly_backup_is_a_command_that_exists():
    text = COMPOSE["services"]["backup"]["command"]
    arguments = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", text).split()[3:]
    options = (
        load_command_class("governance", "backup").create_parser("manage.py", "backup").parse_args(arguments)
    )
    assert (str(options.into), options.keep, options.nightly) == ("/backups", 14, "02:30")


DOCKER = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
*"config --images"*) printf 'governance:latest\\ncaddy:2\\nredis:7\\npostgres:18\\ncaddy:2\\n' ;;
save*) echo "the images" ;;
load*) cat > /dev/null ;;
esac
"""


@pytest.fixture
def docker(tmp_path):
    """Run a script of deploy/ with a docker that only notes how it is called; returns (exit code, calls, output)."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(DOCKER)
    (tmp_path / "bin" / "docker").chmod(0o755)
    calls = tmp_path / "calls"

    def run(*command):
        calls.write_text("")
        env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "CALLS": str(calls)}
        done = subprocess.run(["sh", *command], env=env, capture_output=True, text=True, check=False)
        return done.returncode, calls.read_text().splitlines(), done.stdout + done.stderr

    return run


def test_the_bundle_holds_every_image_and_is_checked_before_it_is_loaded(docker, tmp_path):
    bundle = tmp_path / "bundle"
    code, calls, said = docker(str(ROOT / "deploy/bundle.sh"), str(bundle))
    assert code == 0, said
    assert [call for call in calls if call.startswith("pull")] == [
        "pull caddy:2",
        "pull postgres:18",
        "pull redis:7",
    ]
    assert "save caddy:2 governance:latest postgres:18 redis:7" in calls
    names = {line.split("  ")[1] for line in (bundle / "SHA256SUMS").read_text().splitlines()}
    assert names == {
        "./images.tar.gz",
        "./docker-compose.yml",
        "./.env.example",
        "./deploy/Caddyfile",
        "./load.sh",
    }
    assert gzip.decompress((bundle / "images.tar.gz").read_bytes()) == b"the images\n"
    code, calls, said = docker(str(bundle / "load.sh"))
    assert (code, calls[-2:]) == (0, ["tag governance:latest governance:previous", "load"])
    (bundle / "images.tar.gz").write_bytes(b"other")
    code, calls, said = docker(str(bundle / "load.sh"))
    assert (code, calls) == (1, [])
    assert "没有载入" in said
