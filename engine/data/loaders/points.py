"""Draws points of a plane in classes, for learning and for trying things out."""

import numpy as np
from sklearn import datasets


def load_blobs(
    samples: int = 1_000, centers: int = 3, features: int = 2, cluster_std: float = 1.0, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draw points around centres, and which centre each is from."""
    points, classes = datasets.make_blobs(
        samples, n_features=features, centers=centers, cluster_std=cluster_std, random_state=seed
    )
    return {"point": points.astype("float32"), "cluster": classes.astype("int32")}


def load_moons(samples: int = 1_000, noise: float = 0.1, seed: int = 0) -> dict[str, np.ndarray]:
    """Draw points of two half circles that reach into each other, and which of them each is from."""
    points, classes = datasets.make_moons(samples, noise=noise, random_state=seed)
    return {"point": points.astype("float32"), "moon": classes.astype("int32")}


def load_circles(
    samples: int = 1_000, noise: float = 0.05, factor: float = 0.5, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draw points of two circles, one in the other, and whether each is from the inner one (1)."""
    points, classes = datasets.make_circles(samples, noise=noise, factor=factor, random_state=seed)
    return {"point": points.astype("float32"), "circle": classes.astype("int32")}


def load_spirals(
    samples: int = 1_000, arms: int = 2, turns: float = 1.5, noise: float = 0.02, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draw points of spiral arms that wind around each other, and which arm each is from."""
    random = np.random.default_rng(seed)
    arm = random.permutation(np.arange(samples) % arms)
    # The root spreads the points evenly over the arm, which is longer outside.
    radius = np.sqrt(random.random(samples))
    angle = 2 * np.pi * (turns * radius + arm / arms)
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points += random.normal(scale=noise, size=points.shape)
    return {"point": points.astype("float32"), "arm": arm.astype("int32")}
