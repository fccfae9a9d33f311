"""The archivist's desk: hand files over and watch them being archived. Files are held in memory only, never on disk."""

from __future__ import annotations

import base64
import time
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from portal.ui.frame import View, attempt, flashed
from portal.ui.pieces import chip, html, state, table
from records.errors import LantaiError

_KINDS = ["pdf", "png", "jpg", "jpeg", "tif", "tiff", "json", "xml", "txt", "hl7"]
_PAUSE_S = 0.7


def show(view: View) -> None:
    """Hand over, archive, and what came of it."""
    words = view.words
    st.title(words("page.deposits"))
    st.text(words("deposits.lead"))
    flashed()
    turn = int(st.session_state.get("deposit-turn", 0))
    files = st.file_uploader(words("deposits.choose"), _KINDS, accept_multiple_files=True, key=f"files-{turn}")
    if st.button(words("deposits.hand"), type="primary", disabled=not files):
        st.session_state["deposited"] = _hand_over(view, files)
        st.session_state["deposit-turn"] = turn + 1  # a fresh uploader, so that the bytes are let go
        attempt(view, lambda: _start(view))
        st.rerun()
    _handed(view)
    if st.session_state.get("job"):
        _progress(view)
    elif st.button(words("deposits.run")) and attempt(view, lambda: _start(view)):
        st.rerun()


def _hand_over(view: View, files: list[UploadedFile]) -> list[tuple[str, bool, str]]:
    """(name as the browser gave it, accepted, what to say) for each file; one that fails does not stop the others."""
    words, lines = view.words, []
    bar = st.progress(0.0, words("deposits.handing"))
    for number, file in enumerate(files, 1):
        try:
            answer = view.visit.ask("deposit.add", name=file.name, data_b64=base64.b64encode(file.getvalue()).decode())
            known = "deposits.new" if answer.get("new", True) else "deposits.known"
            lines.append((file.name, True, f"{words(known)} {answer.get('deposit', '')}"))
        except LantaiError as error:
            lines.append((file.name, False, words.error(error)))
        bar.progress(number / len(files), words("deposits.handing"))
    return lines


def _handed(view: View) -> None:
    lines: list[tuple[str, bool, str]] = st.session_state.get("deposited", [])
    if lines:
        words = view.words
        html(
            table(
                [words("field.file"), words("field.state"), words("field.outcome")],
                [
                    [name, chip(words("deposits.ok" if good else "deposits.bad"), "good" if good else "bad"), line]
                    for name, good, line in lines
                ],
            )
        )


def _start(view: View) -> None:
    st.session_state["job"] = view.visit.ask("ingest.run")["job"]


def _progress(view: View) -> None:
    """The bar of the running job, until it has finished."""
    words = view.words
    bar = st.progress(0.0, words("deposits.working"))
    place = st.empty()
    while True:
        now: dict[str, Any] = view.visit.ask("ingest.progress", job=st.session_state["job"])
        done, total = int(now.get("done") or 0), int(now.get("total") or 0)
        stage = words.word("stage", now.get("stage"))
        bar.progress(min(1.0, done / total) if total else 0.0, f"{stage} {done} / {total}")
        with place:
            html(
                table(
                    [words("field.accepted"), words("field.rejected"), words("field.edition"), words("field.state")],
                    [
                        [
                            _number(now.get("accepted")),
                            _number(now.get("rejected")),
                            now.get("edition"),
                            state(words, "finished" if now.get("finished") else "running"),
                        ]
                    ],
                )
            )
        if now.get("finished"):
            bar.progress(1.0, words("deposits.done"))
            del st.session_state["job"]
            return
        time.sleep(_PAUSE_S)


def _number(value: object) -> object:
    return len(value) if isinstance(value, list) else value
