"""The name of a course in the language of its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from kurssi.cli import run

PLAN = """\
kurssi: 1
course: {code: KH00BT03, name: Palvelumuotoilu, names: {en: Service Design}, credits: 5}
implementation: {id: KH00BT03-2024, language: fi, teaching_languages: [fi, en]}
"""


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Service Design"), ("fi", "Palvelumuotoilu"), ("sv", "Palvelumuotoilu")]
)
def test_the_page_has_the_name_in_its_language(
    language: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(PLAN, encoding="utf-8")
    assert run(["--lang", language, "plan", str(path)]) == 0
    assert name in capsys.readouterr().out.splitlines()[0]
