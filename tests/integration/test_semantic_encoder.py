"""The shipped encoder agrees with sentence-transformers and loads no torch; a transformer directory is a drop-in."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from records.errors import BadInput
from records.paths import data_dir
from records.texts import CleanText
from semantic.concepts import Lexicon
from semantic.edition import Shelf
from semantic.encoder import StaticEncoder, open_encoder
from semantic.grams import normalise
from semantic.search import Filters, Scope, SearchEngine
from tests.semantic_shelf import KEYS, record

TEXTS = ["糖尿病肾病", "diabetic nephropathy, stage 3", "患者〔患者#1〕因咳嗽入院", "HbA1c 8.9%", "ＣＴ示右肺结节", ""]


def test_rows_are_units_and_empty_text_is_zero() -> None:
    rows = open_encoder().encode(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), open_encoder().dim)
    assert np.allclose(np.linalg.norm(rows[:-1], axis=1), 1, atol=1e-5)
    assert not rows[-1].any()


@pytest.mark.filterwarnings("ignore")
def test_sentence_transformers_loads_it_and_agrees() -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(data_dir() / "encoder"), device="cpu", local_files_only=True)
    theirs = model.encode([normalise(text) for text in TEXTS[:-1]], convert_to_numpy=True, show_progress_bar=False)
    assert np.allclose(open_encoder().encode(TEXTS[:-1]), theirs, atol=2e-5)


def test_searching_never_loads_torch() -> None:
    code = (
        "import sys; from semantic.search import SearchEngine; from semantic.edition import Shelf; "
        "from semantic.encoder import open_encoder; open_encoder().encode(['糖尿病']); "
        "sys.exit('torch' in sys.modules or 'sentence_transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_names_of_one_concept_lie_closer_than_strangers() -> None:
    encoder = open_encoder()
    rows = encoder.encode(["糖尿病肾病", "diabetic nephropathy", "急性阑尾炎", "fracture of the wrist"])
    near = rows @ rows.T
    assert near[0, 1] > 0.5
    assert near[0, 1] > max(near[0, 2], near[0, 3]) + 0.2


def test_the_shipped_folder_is_small() -> None:
    size = sum(path.stat().st_size for path in (data_dir() / "encoder").rglob("*") if path.is_file())
    assert size < 10 * 2**20


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        open_encoder(tmp_path)


@pytest.mark.filterwarnings("ignore")
def test_a_local_transformer_is_a_drop_in(tmp_path: Path) -> None:
    folder = _tiny_transformer(tmp_path / "tiny")
    encoder = open_encoder(folder)
    assert not isinstance(encoder, StaticEncoder)
    assert encoder.id != open_encoder().id
    rows = encoder.encode(["糖尿病", "肺炎", "糖尿病"])
    assert rows.shape == (3, encoder.dim)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[0], rows[2], atol=1e-6)
    shelf = Shelf.open(tmp_path / "shelf", KEYS)
    shelf.publish([record(1, ("诊断", "糖尿病")), record(2, ("诊断", "肺炎"))], encoder, Lexicon.load())
    result = SearchEngine(shelf.edition(), encoder, Lexicon.load()).search(
        CleanText.from_shelf("糖尿病"), Scope(), Filters()
    )
    assert result.hits[0].record.endswith("1")


def _tiny_transformer(folder: Path) -> Path:
    """A random two-layer BERT over a few characters, saved as sentence-transformers saves one."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(1)
    raw = folder / "raw"
    raw.mkdir(parents=True)
    letters = sorted(set("糖尿病肺炎高血压肾维度abcdefghijklmnopqrstuvwxyz"))
    (raw / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]), encoding="utf-8"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        BertTokenizerFast(vocab_file=str(raw / "vocab.txt")).save_pretrained(str(raw))
        config = BertConfig(
            vocab_size=5 + len(letters),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
        )
        BertModel(config).save_pretrained(str(raw))
        transformer = Transformer(str(raw))
        pooling = Pooling(32)
        SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder / "model"))
    return folder / "model"
