"""The platform with the settings of docker-compose.yml, behind a proxy with TLS as deploy/Caddyfile has it."""

import datetime
import http.client
import ipaddress
import re
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.stack import ROOT, Stack

#: Names of docker-compose.yml whose values come from .env or name other containers; a test sets its own.
OUTSIDE = {"DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS"}
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}


def settings_of_compose() -> dict[str, str]:
    """The environment of the platform's containers as docker-compose.yml writes it, without variables of .env."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    block = re.search(r"environment: &settings\n((?:    \w.*\n)+)", text).group(1)
    found = dict(re.findall(r"^    (\w+): \"?([^\"\n]*)\"?$", block, re.MULTILINE))
    return {name: "" if "${" in value else value for name, value in found.items() if name not in OUTSIDE}


class Production(Stack):
    """A stack whose `url` is the proxy's; without INSECURE_HTTP, with the pool of the image."""

    def up(self, parts: tuple[str, ...] = ("broker", "web", "worker", "beat")) -> "Production":
        self.certificate = self.folder / "certificate.pem"
        self.proxy = Proxy(self.port, self.certificate)
        self.env.pop("INSECURE_HTTP")
        self.env.update(settings_of_compose())
        self.env.update(PUBLIC_URL=self.url, CSRF_TRUSTED_ORIGINS=self.url, DB_POOL_SIZE="8", SMS_SHOWN="1")
        super().up(parts)
        return self

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.proxy.server_address[1]}"

    @property
    def verify(self) -> str:
        return str(self.certificate)

    def down(self) -> None:
        super().down()
        self.proxy.shutdown()
        self.proxy.server_close()


class Proxy(ThreadingHTTPServer):
    """Ends TLS and forwards to the web server, with X-Forwarded-For and X-Forwarded-Proto of its own."""

    daemon_threads = True

    def __init__(self, port: int, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.behind = port
        certificate.write_bytes(_self_signed())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Write nothing if the web server was killed; the visitor sees the connection end."""
        if not isinstance(sys.exc_info()[1], OSError | http.client.HTTPException):
            super().handle_error(request, client_address)


class _Forward(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP]
        headers = [(name, value) for name, value in headers if not name.lower().startswith("x-forwarded-")]
        headers += [("X-Forwarded-For", self.client_address[0]), ("X-Forwarded-Proto", "https")]
        behind = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            behind.putheader(name, value)
        behind.endheaders(body)
        answer = behind.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {*HOP_BY_HOP, "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        behind.close()

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward

    def log_message(self, *_args: object) -> None:
        """Write nothing."""


def _self_signed() -> bytes:
    """A key and a certificate for 127.0.0.1 that is valid today."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return private + made.public_bytes(serialization.Encoding.PEM)
