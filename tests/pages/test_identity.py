"""Who is listening: sealed cookies, restore codes, accounts; nobody gets at another's music."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from core.store.listeners import new_id
from core.store.tables import ListenerRow
from tests.pages.conftest import APP
from tests.pages.test_take_and_library import stored
from ui import cookie, identity, services


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`visit(cookie)` opens the app in a browser that has this cookie, signed in as `user` where one is given."""

    def open(value: str = "", user: identity.User | None = None) -> AppTest:
        monkeypatch.setattr(identity, "_cookie", lambda: value)
        monkeypatch.setattr(identity, "current_user", lambda: user)
        app = AppTest.from_file(str(APP), default_timeout=30).run()
        assert not app.exception
        return app

    return open


def who(app: AppTest) -> str:
    return str(app.session_state["_listener"])


def written(app: AppTest) -> str | None:
    """The cookie that the page has the browser keep."""
    for element in app.get("bidi_component"):
        data = json.loads(element.proto.json) if element.proto.json else {}
        if data.get("name") == cookie.NAME:
            return str(data["value"])
    return None


def test_a_new_browser_gets_a_sealed_cookie_that_is_recognised(visit) -> None:
    app = visit()
    value = written(app)
    assert value == cookie.seal(who(app))
    again = visit(value)
    assert who(again) == who(app)
    assert written(again) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"),
        lambda value: ("A" if value[0] != "A" else "B") + value[1:],
        lambda value: value.partition(".")[0],
        lambda value: value.partition(".")[0] + ".",
        lambda value: "x",
        lambda value: value + "é",
        lambda value: "../../etc/passwd",
    ],
)
def test_a_forged_or_altered_cookie_gives_a_new_listener(visit, change) -> None:
    first = visit()
    store = services.store()
    store.save_listener(who(first), language="zh")
    value = cookie.seal(who(first))
    other = visit(change(value))
    assert who(other) != who(first)
    assert len(who(other)) == 32
    assert written(other) == cookie.seal(who(other))


def test_the_secret_stays_in_the_home_folder_and_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = cookie.seal("a" * 32)
    path = tmp_path / cookie.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == 64
    assert [file.name for file in tmp_path.glob("cookie*")] == [cookie.FILE]
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "other"))
    assert cookie.read(value) == ("", False)


def test_servers_that_share_a_secret_share_listeners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = config.get_option
    monkeypatch.setattr(config, "is_manually_set", lambda name: name == "server.cookieSecret")
    monkeypatch.setattr(config, "get_option", lambda name: "shared" if name == "server.cookieSecret" else real(name))
    value = cookie.seal("a" * 32)
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "other"))
    assert cookie.read(value) == ("a" * 32, True)
    assert not (tmp_path / "other").exists()


def test_a_cookie_of_the_earlier_form_works_until_it_was_upgraded(visit) -> None:
    old = new_id()
    services.store().save_listener(old, language="zh")
    with services.store()._database.write() as session:
        session.query(ListenerRow).one().signed = False
    app = visit(old)
    assert who(app) == old
    upgraded = written(app)
    assert upgraded == cookie.seal(old)
    assert who(visit(old)) == old
    assert who(visit(upgraded)) == old
    assert who(visit(old)) != old


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def code_of(app: AppTest) -> str:
    return str(press(app, "_new_code").code[0].value)


def restore(app: AppTest, code: str) -> AppTest:
    app.text_input(key="_code").set_value(code)
    next(button for button in app.button if button.label == "Restore").click().run()
    assert not app.exception
    return app


def test_a_code_brings_a_listener_to_another_device(visit) -> None:
    first = visit()
    services.store().save_listener(who(first), preferences={"volume": 70})
    code = code_of(first)
    assert first.run().code == []
    second = restore(visit(), code.lower())
    assert who(second) == who(first)
    # AppTest runs the frame, which writes the cookie, in an app's first run only.
    next_run = AppTest.from_file(str(APP), default_timeout=30)
    for key in ("_listener", "_cookie_force"):
        next_run.session_state[key] = second.session_state[key]
    assert written(next_run.run()) == cookie.seal(who(first))


def test_wrong_codes_are_told_and_limited(visit) -> None:
    code = code_of(visit())
    other = visit()
    me = who(other)
    for _ in range(5):
        assert "belongs to nobody" in restore(other, "WRONG").error[0].value
    assert "Wait a while" in restore(other, code).error[0].value
    assert who(other) == me


def test_a_name_is_kept_and_shown_as_it_is(visit) -> None:
    app = visit()
    app.text_input(key="_name-").set_value("<b>Ann</b> ![x](y)").run()
    assert not app.exception
    assert services.store().listener(who(app)).name == "<b>Ann</b> ![x](y)"
    labels = [block.proto.popover.label for block in app.get("popover")]
    assert not any("![x]" in label for label in labels)


def test_an_account_has_its_own_listener_in_every_browser(visit) -> None:
    ann = identity.User("https://id.example|ann", "Ann")
    local = visit()
    value = cookie.seal(who(local))
    record = stored(owner=who(local))
    signed_in = visit(value, ann)
    assert who(signed_in) == who(local)
    assert written(signed_in) is None
    assert any("Signed in as Ann" in caption.value for caption in signed_in.caption)
    assert who(visit("", ann)) == who(local)
    signed_out = visit(value)
    assert who(signed_out) != who(local)
    assert services.store().takes(who(signed_out)) == ()
    bob = visit(value, identity.User("https://id.example|bob", "Bob"))
    assert who(bob) not in (who(local), who(signed_out))
    assert services.store().takes(who(local))[0].id == record.id


def test_without_settings_nobody_is_signed_in_and_nothing_is_offered(app: AppTest) -> None:
    assert not app.exception
    assert not [button for button in app.button if str(button.key).startswith("_sign")]


def test_providers_are_read_from_the_secrets(visit) -> None:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.secrets["auth"] = {"redirect_uri": "x", "cookie_secret": "x", "google": {"client_id": "x"}, "client_id": "y"}
    app.run()
    assert not app.exception
    assert [button.label for button in app.button if str(button.key).startswith("_sign_in")] == ["Sign in", "Sign in with Google"]


def test_while_the_store_is_away_nobody_is_let_in(visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = visit()
    value = cookie.seal(who(first))
    services.store.clear()
    monkeypatch.setenv("SONGLOOM_DB", f"sqlite:///{tmp_path / cookie.FILE}/no.db")
    app = visit(value)
    with pytest.raises(KeyError):
        who(app)
    assert written(app) is None
    assert app.error
    monkeypatch.delenv("SONGLOOM_DB")
    assert who(app.run()) == who(first)
