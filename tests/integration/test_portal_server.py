"""The served portal from outside: who gets through the door, what a cookie is, what downloads and headers say."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.portal_fake import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
CLOSED = (
    *("/", "/search", "/review?request=Q1", "/static/js/x.js", "/_stcore/health", "/_stcore/host-config"),
    *("/_stcore/stream", "/download/release/L1", "/download/original/x", "/download/page/G1/r1/1"),
    *("/media/x", "/nowhere", "/a/b/c"),
)


def free_port() -> int:
    """A port that nothing uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(*more: str) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.portal_serving", str(port), *more], cwd=ROOT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return process, port
        except OSError:
            assert process.poll() is None, "the portal ended before it served"
            time.sleep(0.1)
    raise AssertionError("the portal did not begin to serve")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The address of a fresh portal; the first tests are the first requests it sees."""
    process, port = _serve()
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def client(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base, timeout=30) as opened:
        yield opened


def _enter(client: httpx.Client, user: str) -> httpx.Response:
    answer = client.post("/login", data={"username": user, "password": PASSWORD})
    assert answer.status_code == 303
    return answer


def test_a_deep_link_as_the_very_first_request_leads_to_the_login(client: httpx.Client) -> None:
    answer = client.get("/review?request=Q1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Freview%3Frequest%3DQ1"
    assert not answer.content


def test_a_websocket_without_a_session_is_closed_before_it_opens(base: str) -> None:
    for headers in ({}, {"Cookie": "lantai_session=forged"}, {"X-Lantai-Session": "forged"}):
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(f"ws{base[4:]}/_stcore/stream", additional_headers=headers),
        ):
            pass
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", CLOSED)
def test_everything_but_the_door_needs_a_session(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 303
    assert client.get(path, headers={"x-lantai-session": "forged"}).status_code == 303
    assert client.get(path, headers={"cookie": "lantai_session=forged"}).status_code == 303
    assert client.post(path).status_code == 401
    assert client.put("/_stcore/upload_file/a/b", content=b"x").status_code == 401


def test_what_is_open_is_the_login_its_style_and_health(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    for path, kind in (("/login", "text/html"), ("/assets/portal.css", "text/css"), ("/favicon.png", "image/png")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)


def test_the_login_page_fetches_nothing_from_elsewhere(client: httpx.Client) -> None:
    for language in ("zh", "en"):
        page = client.get(f"/login?lang={language}").text
        assert f'<html lang="{language}">' in page
        assert not re.findall(r"(?:src|href|action)=\"(?!/)", page)
        assert "<script" not in page


def test_the_cookie_is_opaque_and_out_of_reach(client: httpx.Client) -> None:
    cookies = [value.lower() for value in _enter(client, "lin").headers.get_list("set-cookie")]
    session = next(value for value in cookies if value.startswith("lantai_session="))
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in session.split(";")}
    assert "secure" not in session, "over plain HTTP a Secure cookie would never come back"
    assert client.get("/").status_code == 200


def test_json_is_answered_with_json_and_without_the_token(client: httpx.Client) -> None:
    headers = {"accept": "application/json"}
    answer = client.post("/login", data={"username": "rev", "password": PASSWORD}, headers=headers)
    assert answer.json() == {"user": "rev", "display": "任审核", "roles": ["reviewer"], "department": None}
    assert client.cookies["lantai_session"] not in answer.text
    wrong = client.post("/login", data={"username": "rev", "password": "x"}, headers=headers)
    assert wrong.status_code == 401
    assert wrong.json()["error"]["code"] == "wrong_login"


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"username": "rev", "password": "wrong"}, 401, "用户名或口令不对"),
        ({"username": "nobody", "password": PASSWORD}, 401, "用户名或口令不对"),
        ({"username": "slow", "password": "x"}, 429, "请十分钟后再试"),
        ({"username": "rev"}, 400, "请填写用户名和口令"),
        ({"username": "rev", "password": "x" * 9000}, 400, "请填写用户名和口令"),
    ],
)
def test_a_failed_login_is_one_sentence(client: httpx.Client, data: dict[str, str], status: int, sentence: str) -> None:
    answer = client.post("/login", data=data)
    assert answer.status_code == status
    assert sentence in answer.text
    assert "lantai_session" not in answer.headers.get("set-cookie", "")
    assert "xxxx" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.invalid"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.post("/login", data={"username": "lin", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "lantai_session" not in answer.headers.get("set-cookie", "")


def test_after_login_one_is_where_one_wanted_to_be_but_never_elsewhere(client: httpx.Client, base: str) -> None:
    form = {"username": "lin", "password": PASSWORD}
    own = {"origin": base}
    assert client.post("/login", data={**form, "next": "/requests"}, headers=own).headers["location"] == "/requests"
    for bad in ("//evil.invalid", "https://evil.invalid", "/\\evil.invalid"):
        assert client.post("/login", data={**form, "next": bad}).headers["location"] == "/"


def test_logging_out_ends_the_session_not_only_the_cookie(client: httpx.Client) -> None:
    _enter(client, "lin")
    token = client.cookies["lantai_session"]
    assert client.get("/logout").headers["location"] == "/login"
    client.cookies.clear()
    assert client.get("/", headers={"cookie": f"lantai_session={token}"}).status_code == 303


def test_pages_of_other_roles_and_pages_that_do_not_exist(client: httpx.Client) -> None:
    _enter(client, "lin")
    assert client.get("/search").status_code == 200
    refused = client.get("/review")
    assert refused.status_code == 403
    assert "您的角色" in refused.text
    for path in (
        "/nowhere",
        "/search/more",
        "/component/x",
        "/media/abc.png",
        "/_stcore/agent/openapi.json",
        "/_stcore/metrics",
    ):
        missing = client.get(path)
        assert missing.status_code == 404, path
        assert "没有这个地址" in missing.text


def test_a_bundle_goes_to_its_own_analyst_only(client: httpx.Client) -> None:
    _enter(client, "ana")
    answer = client.get("/download/release/L1")
    assert answer.headers["content-disposition"] == 'attachment; filename="lantai-L1.zip"'
    assert answer.headers["cache-control"] == "no-store"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["manifest.json"]
    assert client.get("/download/release/L2").status_code == 403
    assert client.get("/download/release/..%2Fx").status_code in (400, 404)
    client.cookies.clear()
    _enter(client, "lin")
    refused = client.get("/download/release/L1")
    assert refused.status_code == 403
    assert b"manifest" not in refused.content


def test_a_page_picture_is_shown_to_its_reader_and_kept_nowhere(client: httpx.Client) -> None:
    _enter(client, "ana")
    answer = client.get("/download/page/G1/r1/2")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == b"\xff\xd8\xff\xe0 page 2"
    assert client.get("/download/page/G1/r1/3").status_code == 400
    for wrong in ("/download/page/G1/r1/x", "/download/page/G1/r1/-1", "/download/page/G1/..%2Fx/1"):
        assert client.get(wrong).status_code in (400, 404)
    client.cookies.clear()
    _enter(client, "rev")
    refused = client.get("/download/page/G1/r1/2")
    assert refused.status_code == 403
    assert not refused.content.startswith(b"\xff\xd8\xff")


def test_a_cohort_definition_is_downloaded_as_text(client: httpx.Client) -> None:
    _enter(client, "lin")
    answer = client.get(f"/download/cohort/{'ab' * 32}")
    assert answer.text.startswith("name = ")
    assert "attachment" in answer.headers["content-disposition"]
    assert client.get("/download/cohort/unknown").status_code == 400


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    _enter(client, "lin")
    for path in ("/", "/login", "/healthz", "/nowhere", "/review", "/_stcore/host-config", "/logout"):
        headers = client.get(path).headers
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == ("same-origin" if path == "/login" else "no-referrer")
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        script = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe-inline" not in script
        assert "http" not in policy
        assert "server" not in headers


def test_streamlit_shows_no_inside_and_calls_nobody(client: httpx.Client) -> None:
    _enter(client, "lin")
    host = client.get("/_stcore/host-config").json()
    assert host["allowedOrigins"] == []
    shell = client.get("/").text
    assert "<title>兰台 Lantai</title>" in shell
    assert "_stcore/agent" not in shell


def test_a_live_session_opens_the_websocket_and_a_dead_one_does_not(client: httpx.Client, base: str) -> None:
    _enter(client, "lin")
    cookie = {"Cookie": f"lantai_session={client.cookies['lantai_session']}"}
    address = f"ws{base[4:]}/_stcore/stream"
    with connect(address, additional_headers=cookie, subprotocols=["streamlit"]):  # type: ignore[list-item]
        pass
    client.get("/logout")
    with pytest.raises(InvalidStatus), connect(address, additional_headers=cookie):
        pass


def test_over_tls_the_cookie_is_secure(tmp_path: Path) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    command = [*made.split(), "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    process, port = _serve(str(cert), str(key))
    try:
        with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=False, timeout=30) as client:  # noqa: S501 - our own
            answer = _enter(client, "lin")
            cookies = [value.lower() for value in answer.headers.get_list("set-cookie")]
            assert all("; secure" in value for value in cookies)
            assert answer.headers["strict-transport-security"].startswith("max-age=")
            assert client.get("/").status_code == 200
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_port_in_use_is_one_sentence_and_exit_5(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [
            sys.executable,
            "-m",
            "portal",
            "--socket",
            str(tmp_path / "a" / "b" / "slot.sock"),
            "--port",
            str(taken.getsockname()[1]),
        ]
        ended = subprocess.run(command, input=b"ticket\n", capture_output=True, cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == 5
    error = json.loads(ended.stderr.splitlines()[-1])["error"]
    assert error["code"] == "port_in_use"
    assert "--port" in error["message"]
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("more", "code"),
    [([], "no_ticket"), (["--tls-cert", "x"], "tls_half"), (["--tls-cert", "x", "--tls-key", "y"], "tls_missing")],
)
def test_a_wrong_start_is_one_sentence_and_exit_2(tmp_path: Path, more: list[str], code: str) -> None:
    command = [
        sys.executable,
        "-m",
        "portal",
        "--socket",
        str(tmp_path / "a" / "b" / "slot.sock"),
        "--port",
        str(free_port()),
        *more,
    ]
    ended = subprocess.run(command, input=b"", capture_output=True, cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == 2
    assert json.loads(ended.stderr.splitlines()[-1])["error"]["code"] == code
