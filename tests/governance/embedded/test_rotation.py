"""A log that grows too large is copied aside and begun again under its writer."""

from governance.embedded import children


def test_a_large_log_is_begun_again_while_its_writer_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "LOG_LIMIT", 100)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 101)
        children.rotate(log)
        writer.write(b"after")
    assert log.read_bytes() == b"after"
    assert (tmp_path / "web.old.log").read_bytes() == b"x" * 101
    children.rotate(log)
    assert log.read_bytes() == b"after"
