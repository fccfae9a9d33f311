"""A local transformer directory as an encoder, through sentence_transformers. The only file here that loads torch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from records.errors import BadInput
from semantic.clusters import fixed_centroids
from semantic.grams import normalise

Floats = npt.NDArray[np.float32]
_HASHED: Final = (".safetensors", ".bin", ".json", ".txt", ".model")
_BATCH: Final = 32


class TransformerEncoder:
    """Any sentence-transformers folder on this machine; offline, on the CPU."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, ImportError):
            raise BadInput(
                "encoder_unusable", "The encoder folder could not be loaded: save it again with sentence-transformers."
            ) from None
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in _HASHED:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        self.id = f"transformer-{digest.hexdigest()[:16]}"
        self.dim = int(self.encode(["维度"]).shape[1])

    @cached_property
    def centroids(self) -> Floats:
        """Made from the lexicon's names, so that no list border comes from a patient's record."""
        return fixed_centroids(self.encode)

    def encode(self, texts: Sequence[str]) -> Floats:
        """float32 [n, dim], unit rows."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        found = self._model.encode(
            [normalise(text) for text in texts],
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(found, dtype=np.float32)
