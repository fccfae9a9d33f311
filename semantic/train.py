"""`lantai encoder train`: makes the shipped static encoder again, bit for bit, from the lexicon, public terms and our
grammar. It sees no patient's text unless an archive retrains it on its own clean passages."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from records.paths import data_dir
from semantic.clusters import fixed_centroids
from semantic.concepts import Lexicon
from semantic.encoder import CENTROIDS_FILE, StaticEncoder
from semantic.grams import normalise
from semantic.training_pairs import Pairs, Sources, neighbour_pairs, word_counts

Floats = npt.NDArray[np.float32]
_SEED: Final = 20260101
_UNKNOWN: Final = "[UNK]"
_MODULES: Final = [
    {
        "idx": 0,
        "name": "0",
        "path": "0_StaticEmbedding",
        "type": "sentence_transformers.sentence_transformer.modules.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.sentence_transformer.modules.Normalize",
    },
]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training run is made of; equal recipes and sources give equal bytes on one machine."""

    vocabulary: int = 24_000
    dim: int = 256
    epochs: int = 5
    batch: int = 1024
    rate: float = 0.02
    temperature: float = 0.06
    rare: float = 1e-3  # the constant of smooth inverse frequency at the start
    seed: int = _SEED


def train(out: Path, sources: Sources, recipe: Recipe | None = None) -> dict[str, Any]:
    """Train and write a sentence-transformers folder with centroids and recipe.json; returns the recipe as written."""
    recipe = recipe or Recipe()
    counts = word_counts(sources.words)
    words = sorted(word for word in counts if len(word) > 1)
    pairs = Pairs(Lexicon.load(), sources, recipe.seed).all(words) + neighbour_pairs(sources.texts)
    pairs = [(normalise(left), normalise(right)) for left, right in pairs]
    tokenizer = _tokenizer(sorted({text for pair in pairs for text in pair}), recipe)
    left = [one.ids for one in tokenizer.encode_batch([pair[0] for pair in pairs], add_special_tokens=False)]
    right = [one.ids for one in tokenizer.encode_batch([pair[1] for pair in pairs], add_special_tokens=False)]
    start = _start(tokenizer, [*left, *right], recipe)
    weights = _descend(start, left, right, recipe)
    written = {
        "recipe": {field: getattr(recipe, field) for field in recipe.__slots__},
        "lexicon": Lexicon.load().version,
        "pairs": len(pairs),
        "sources": {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name in ("words", "codes", "texts")
            if (path := getattr(sources, name)) is not None
        },
    }
    _save(out, tokenizer, weights, written)
    return written


def _tokenizer(texts: Sequence[str], recipe: Recipe) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token=_UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(True)])
    alphabet = sorted({char for text in texts for char in text})
    trainer = trainers.BpeTrainer(
        vocab_size=recipe.vocabulary,
        special_tokens=[_UNKNOWN],
        initial_alphabet=alphabet,
        limit_alphabet=12_000,
        max_token_length=6,
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _start(tokenizer: Tokenizer, rows: Sequence[Sequence[int]], recipe: Recipe) -> Floats:
    """Random directions, rare tokens longer: before any learning this is already a lexical similarity."""
    size = tokenizer.get_vocab_size()
    count = np.bincount(np.fromiter((i for row in rows for i in row), dtype=np.int64), minlength=size)
    share = count / max(count.sum(), 1)
    weight = recipe.rare / (recipe.rare + share)
    draw = np.random.default_rng(recipe.seed)
    start = draw.normal(size=(size, recipe.dim)) / np.sqrt(recipe.dim) * weight[:, None]
    start[tokenizer.token_to_id(_UNKNOWN)] = 0
    return np.asarray(start, dtype=np.float32)


def _descend(start: Floats, left: list[list[int]], right: list[list[int]], recipe: Recipe) -> Floats:
    """In-batch contrastive learning, both directions; equal texts in a batch are not each other's negatives."""
    import torch

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)
    table = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start), mode="mean", freeze=False)
    optimiser = torch.optim.Adam(table.parameters(), lr=recipe.rate / 4)
    keep = [at for at in range(len(left)) if left[at] and right[at] and left[at] != right[at]]
    draw = np.random.default_rng(recipe.seed)

    def vectors(rows: list[list[int]]) -> Any:
        offsets = np.cumsum([0, *(len(row) for row in rows[:-1])])
        flat = torch.tensor([token for row in rows for token in row])
        return torch.nn.functional.normalize(table(flat, torch.from_numpy(offsets)), dim=1)

    for _epoch in range(recipe.epochs):
        order = draw.permutation(len(keep))
        for at in range(0, len(order) - recipe.batch + 1, recipe.batch):
            chosen = [keep[i] for i in order[at : at + recipe.batch]]
            one, two = vectors([left[i] for i in chosen]), vectors([right[i] for i in chosen])
            closeness = one @ two.T / recipe.temperature
            names = np.array([hash(tuple(left[i])) for i in chosen])
            same = torch.from_numpy((names[:, None] == names[None, :]) & ~np.eye(len(chosen), dtype=bool))
            closeness = closeness.masked_fill(same, -1e4)
            target = torch.arange(len(chosen))
            loss = torch.nn.functional.cross_entropy(closeness, target)
            loss = loss + torch.nn.functional.cross_entropy(closeness.T, target)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    found: Floats = table.weight.detach().numpy()
    return found


def _save(out: Path, tokenizer: Tokenizer, weights: Floats, written: dict[str, Any]) -> None:
    (out / "0_StaticEmbedding").mkdir(parents=True, exist_ok=True)
    (out / "1_Normalize").mkdir(exist_ok=True)
    scale = np.abs(weights).max(axis=1) / 127
    scale[scale == 0] = 1
    codes = np.rint(weights / scale[:, None]).astype(np.int8)
    save_file(
        {"embeddings": codes, "weights": scale.astype(np.float32)}, out / "0_StaticEmbedding" / "model.safetensors"
    )
    tokenizer.save(str(out / "0_StaticEmbedding" / "tokenizer.json"), pretty=False)
    (out / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")
    (out / "modules.json").write_text(json.dumps(_MODULES, indent=1) + "\n", encoding="utf-8")
    settings = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine", "prompts": {}}
    (out / "config_sentence_transformers.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    grammar = data_dir() / "encoder" / "grammar.toml"
    if grammar.parent.resolve() != out.resolve():
        shutil.copyfile(grammar, out / "grammar.toml")
    encoder = StaticEncoder(out)
    centroids = fixed_centroids(encoder.encode).astype(np.float16)
    save_file({"centroids": centroids}, out / CENTROIDS_FILE)
    for path in (out / "0_StaticEmbedding" / "model.safetensors", out / CENTROIDS_FILE):
        path.chmod(0o644)  # safetensors writes for its owner only; this is shipped data
    (out / "recipe.json").write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """python -m semantic.train OUT [--words F] [--codes F] [--texts F]."""
    parser = argparse.ArgumentParser(prog="lantai encoder train")
    parser.add_argument("out", type=Path)
    for name in ("words", "codes", "texts"):
        parser.add_argument(f"--{name}", type=Path)
    chosen = parser.parse_args(arguments)
    train(chosen.out, Sources(chosen.words, chosen.codes, chosen.texts))


if __name__ == "__main__":
    main()
