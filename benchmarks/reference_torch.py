"""The reference models in PyTorch: the same architectures, written as its users write them. Imports PyTorch lazily."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.reference_models import TWEET_CHARACTERS, WORDS

TORCH_FOLDER = Path(__file__).resolve().parent.parent / ".make" / "pytorch"
"""Where `make bench` installs PyTorch, so that nothing else of the project sees it."""

Module = Any
"""A `torch.nn.Module`: PyTorch need not be there when this is checked."""


def add_torch_to_path() -> None:
    if TORCH_FOLDER.is_dir():
        sys.path.append(str(TORCH_FOLDER))


def build_mlp(width: int, hidden: tuple[int, int], units: int) -> Module:
    from torch import nn

    first, second = hidden
    return nn.Sequential(
        nn.Flatten(), nn.Linear(width, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, units)
    )


def build_mnist_cnn() -> Module:
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10),
    )  # fmt: skip


def build_lstm() -> Module:
    from torch import nn

    class Forecast(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(32, 32, batch_first=True)
            self.out = nn.Linear(32, 1)

        def forward(self, series: Any) -> Any:  # noqa: ANN401
            return self.out(self.lstm(series)[0][:, -1])

    return Forecast()


def build_tweets_lstm() -> Module:
    import torch
    from torch import nn

    class SameAuthor(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.reader = nn.LSTM(TWEET_CHARACTERS, 32, batch_first=True)
            self.out = nn.Linear(64, 1)

        def forward(self, first: Any, second: Any) -> Any:  # noqa: ANN401
            read = [self.reader(tweet)[0][:, -1] for tweet in (first, second)]
            return self.out(torch.cat(read, dim=1))

    return SameAuthor()


def build_transformer() -> Module:
    from torch import nn

    class Transformer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(WORDS, 32)
            self.attention = nn.MultiheadAttention(32, 2, dropout=0.1, batch_first=True)
            self.norms = nn.ModuleList(nn.LayerNorm(32) for _ in range(2))
            self.feed = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 32), nn.Dropout(0.1))
            self.out = nn.Sequential(nn.Dropout(0.1), nn.Linear(32, 1))

        def forward(self, tokens: Any) -> Any:  # noqa: ANN401
            words = self.words(tokens)
            attention, _ = self.attention(words, words, words, need_weights=False)
            attended = self.norms[0](words + attention)
            return self.out(self.norms[1](attended + self.feed(attended)).mean(dim=1))

    return Transformer()


BUILDERS: dict[str, Callable[[], Module]] = {
    "digits_mlp": lambda: build_mlp(64, (64, 32), 10),
    "imdb_mlp": lambda: build_mlp(WORDS, (16, 16), 1),
    "reuters_mlp": lambda: build_mlp(WORDS, (64, 64), 46),
    "boston_mlp": lambda: build_mlp(13, (64, 64), 1),
    "mnist_cnn": build_mnist_cnn,
    "lstm": build_lstm,
    "tweets_lstm": build_tweets_lstm,
    "transformer": build_transformer,
}
