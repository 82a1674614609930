import json
import stat

import pytest
from pydantic import ValidationError

from desktop_agent.errors import UserFacingError
from desktop_agent.settings import config
from desktop_agent.settings.config import Settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.json"


def test_without_a_file_the_defaults_hold_and_nothing_is_written(path):
    assert config.load(path) == (Settings(), "")
    assert not path.exists()


def test_what_was_saved_is_loaded(path):
    chosen = Settings(model="small", context_tokens=8192, theme="dark", language="zh_CN", threads=2)
    config.save(path, chosen)
    assert config.load(path) == (chosen, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_field_can_be_shown_in_a_dialog():
    for name, field in Settings.model_fields.items():
        assert field.title, name
        assert field.description, name


def test_settings_are_checked():
    with pytest.raises(ValidationError):
        Settings(theme="pink")  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Settings(context_tokens=1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"schema_version": 1, "theme": "da', "Unterminated string"),
        (b"", "Expecting value"),
        (b"\xff\xfe\x00", "decode"),
        (b'["a list"]', "something else"),
        (b'{"theme": "dark"}', "something else"),
        (b'{"schema_version": "one"}', "something else"),
        (b'{"schema_version": 2}', "newer Desktop Agent"),
        (b'{"schema_version": 1, "theme": "pink"}', "theme: Input should be"),
        (b'{"schema_version": 1, "threads": -1}', "threads: Input should be"),
    ],
)
def test_a_file_that_cannot_be_used_is_kept_aside(path, content, reason):
    path.write_bytes(content)
    settings, notice = config.load(path)
    assert settings == Settings()
    assert reason in notice
    assert "settings.json.bak" in notice
    assert path.with_name("settings.json.bak").read_bytes() == content
    assert config.load(path) == (Settings(), "")


def test_a_file_that_cannot_be_read_is_left_alone(path):
    path.mkdir()
    path.with_name("settings.json.bak").write_text("an older one")
    settings, notice = config.load(path)
    assert settings == Settings()
    assert "Is a directory" in notice
    assert path.is_dir()


def test_a_failed_save_keeps_the_old_settings(path, tmp_path):
    config.save(path, Settings(theme="dark"))
    (tmp_path / "settings.json.new").mkdir()
    with pytest.raises(UserFacingError, match="could not be saved"):
        config.save(path, Settings(theme="light"))
    assert config.load(path) == (Settings(theme="dark"), "")


def test_settings_of_an_older_version_are_migrated(path, monkeypatch):
    def rename(data):
        return {**data, "model": data.pop("brain")}

    monkeypatch.setattr(config, "VERSION", 3)
    monkeypatch.setattr(config, "MIGRATORS", {1: rename, 2: lambda data: {**data, "threads": 4}})
    path.write_text(json.dumps({"schema_version": 1, "brain": "small", "unknown": 1}))
    settings, notice = config.load(path)
    assert (settings.model, settings.threads, settings.schema_version, notice) == ("small", 4, 3, "")
