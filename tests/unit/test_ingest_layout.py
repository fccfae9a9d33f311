"""Reading order of pieces of text."""

from __future__ import annotations

from ingest.ocr.engine import OcrLine
from ingest.ocr.layout import reading_order


def piece(text: str, x: int, y: int, width: int = 0, height: int = 40) -> OcrLine:
    return OcrLine(text, 1.0, (x, y, x + (width or 40 * len(text)), y + height))


def texts(*pieces: OcrLine) -> list[str]:
    return [line.text for line in reading_order(pieces)]


def test_cells_of_a_row_are_joined_from_left_to_right() -> None:
    assert texts(piece("mmol/L", 900, 103), piece("葡萄糖", 100, 98), piece("6.71", 500, 101)) == [
        "葡萄糖  6.71  mmol/L"
    ]


def test_rows_run_from_top_to_bottom_whatever_the_order_given() -> None:
    assert texts(piece("第二行", 100, 200), piece("第三行", 100, 300), piece("第一行", 100, 100)) == [
        "第一行",
        "第二行",
        "第三行",
    ]


def test_a_slightly_slanting_row_holds_together() -> None:
    row = [piece(str(n), 100 + n * 300, 100 + n * 9) for n in range(6)]
    assert texts(*row) == ["0  1  2  3  4  5"]


def test_form_fields_in_two_columns_stay_row_by_row() -> None:
    fields = [piece(f"左{n}", 100, 100 + 60 * n) for n in range(10)] + [
        piece(f"右{n}", 1200, 100 + 60 * n) for n in range(10)
    ]
    assert texts(*fields) == [f"左{n}  右{n}" for n in range(10)]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    head = [piece("标题横跨两栏", 100, 20, width=2000)]
    left = [piece(f"左栏第{n}行", 100, 100 + 60 * n, width=900) for n in range(10)]
    right = [piece(f"右栏第{n}行", 1200, 100 + 60 * n, width=900) for n in range(10)]
    assert texts(*head, *left, *right) == [item.text for item in (*head, *left, *right)]


def test_a_joined_row_has_the_box_around_its_cells_and_their_mean_confidence() -> None:
    (row,) = reading_order([OcrLine("甲乙丙", 1.0, (10, 10, 130, 50)), OcrLine("丁", 0.6, (200, 12, 240, 52))])
    assert row.box == (10, 10, 240, 52)
    assert row.confidence == 0.9


def test_nothing_gives_nothing() -> None:
    assert reading_order([]) == ()
