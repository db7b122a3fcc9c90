"""The wheel, installed outside the clone, runs a report."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile

import pytest

from .conftest import ROOT


def run(*arguments, **options) -> str:
    done = subprocess.run(
        [str(word) for word in arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        **options,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_templates_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "netanalytics/sql/ties.sql",
        "netanalytics/sql/snapshot.sql",
        "netanalytics/returns/priors.json",
        "netanalytics/report/templates/report.html.j2",
        "netanalytics/maps/assets/map.js",
        "netanalytics/py.typed",
    ):
        assert name in names
    assert not [name for name in names if not name.startswith("netanalytics")]


def test_installed_outside_the_clone_it_writes_a_report(wheel, tmp_path):
    target = tmp_path / "site"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target, wheel)
    # Its dependencies come from this environment, the package only from the wheel.
    libraries = sysconfig.get_paths()["purelib"]
    code = (
        f"import sys; sys.path[:0] = [{str(target)!r}]; sys.path.append({libraries!r}); "
        "import netanalytics; assert netanalytics.__file__.startswith("
        f"{str(target)!r}), netanalytics.__file__; "
        "from netanalytics.cli import main; main(sys.argv[1:])"
    )
    data = ROOT / "data" / "office"
    out = tmp_path / "report"
    run(
        sys.executable,
        "-S",
        "-c",
        code,
        *("report", data / "interactions.csv", "--people", data / "people.csv", "--out", out),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert (out / "index.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_source_archive_can_be_built(tmp_path):
    run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, ROOT)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = archive.getnames()
    assert [name for name in names if name.endswith("netanalytics/sql/ties.sql")]
