"""A file that is deleted while a backup runs."""

import io
import tarfile

from governance.operations import backups


def test_a_file_that_vanishes_is_left_out_and_named(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "alpha").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "alpha" / name).write_bytes(b"x")

    class Archive(tarfile.TarFile):
        def add(self, name, arcname, **more):
            (tmp_path / "alpha" / "b.jpg").unlink(missing_ok=True)
            super().add(name, arcname, **more)

    with Archive(fileobj=io.BytesIO(), mode="w") as archive:
        assert backups._add_files(archive) == (1, ["alpha/b.jpg"])
        assert archive.getnames() == ["media/alpha/a.jpg"]
