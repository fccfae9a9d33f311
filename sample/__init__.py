"""An invented hospital's archive, for demos, tests and benches; shares nothing with the code that reads its files."""

from sample.generator import generate
from sample.spoiled import bad

__all__ = ["bad", "generate"]
