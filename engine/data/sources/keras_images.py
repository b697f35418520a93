"""The image data sets of `keras.datasets`: whole numbers from 0 to 255, as Keras gives them."""

from typing import Literal

from engine.data.cache import CachedFile
from engine.data.loaders import keras_files, keras_test_files
from engine.data.schema import ArraySpec
from engine.data.source import Arguments, Source

ORIGIN = "keras.datasets"
TRAINING_PART = (
    "Pixels are whole numbers from 0 to 255, as in Keras: put a Rescaling layer (scale 1/255) after the input. This is"
    " the training part; Keras keeps a test part of 10,000 apart."
)
FASHION_NAMES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
CIFAR10_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


class NoArguments(Arguments):
    """These data sets take no arguments."""


class Cifar100Arguments(Arguments):
    """The arguments of `keras.datasets.cifar100.load_data`: 100 fine classes or 20 coarse ones."""

    label_mode: Literal["fine", "coarse"] = "fine"


MNIST = Source(
    name="mnist",
    title="MNIST digits, 28 × 28",
    origin=ORIGIN,
    task="classification",
    samples=60_000,
    description=f"Handwritten digits as grey images of 28 × 28 pixels. {TRAINING_PART}",
    inputs=(ArraySpec(name="image", shape=[28, 28], dtype="uint8"),),
    targets=(ArraySpec(name="digit", shape=[], dtype="uint8", classes=10),),
    arguments=NoArguments,
    load=keras_files.load_mnist,
    load_test=keras_test_files.load_mnist_test,
    class_names=tuple("0123456789"),
    files=(CachedFile("mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),),
    download_bytes=11_490_434,
)

FASHION_MNIST = Source(
    name="fashion_mnist",
    title="Fashion-MNIST, 28 × 28",
    origin=ORIGIN,
    task="classification",
    samples=60_000,
    description=f"Clothes as grey images of 28 × 28 pixels, in ten classes. {TRAINING_PART}",
    inputs=(ArraySpec(name="image", shape=[28, 28], dtype="uint8"),),
    targets=(ArraySpec(name="item", shape=[], dtype="uint8", classes=10),),
    arguments=NoArguments,
    load=keras_files.load_fashion_mnist,
    load_test=keras_test_files.load_fashion_mnist_test,
    class_names=FASHION_NAMES,
    # Keras itself checks no hash here: these are the hashes of the files that the publisher's MD5 sums belong to.
    files=(
        CachedFile(
            "fashion-mnist/train-images-idx3-ubyte.gz",
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        CachedFile(
            "fashion-mnist/train-labels-idx1-ubyte.gz",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        CachedFile(
            "fashion-mnist/t10k-images-idx3-ubyte.gz",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        CachedFile(
            "fashion-mnist/t10k-labels-idx1-ubyte.gz",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
    download_bytes=30_878_645,
)

CIFAR10 = Source(
    name="cifar10",
    title="CIFAR-10, 32 × 32",
    origin=ORIGIN,
    task="classification",
    samples=50_000,
    description=f"Colour photos of 32 × 32 pixels, in ten classes. {TRAINING_PART}",
    inputs=(ArraySpec(name="image", shape=[32, 32, 3], dtype="uint8"),),
    targets=(ArraySpec(name="label", shape=[1], dtype="uint8", classes=10),),
    arguments=NoArguments,
    load=keras_files.load_cifar10,
    load_test=keras_test_files.load_cifar10_test,
    class_names=CIFAR10_NAMES,
    files=(
        CachedFile(
            "cifar-10-batches-py-target_archive",
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
    download_bytes=170_498_071,
)

CIFAR100 = Source(
    name="cifar100",
    title="CIFAR-100, 32 × 32",
    origin=ORIGIN,
    task="classification",
    samples=50_000,
    description=f"Colour photos of 32 × 32 pixels, in a hundred classes, or twenty coarse ones. {TRAINING_PART}",
    inputs=(ArraySpec(name="image", shape=[32, 32, 3], dtype="uint8"),),
    targets=(ArraySpec(name="label", shape=[1], dtype="int64", classes=100),),
    arguments=Cifar100Arguments,
    load=keras_files.load_cifar100,
    load_test=keras_test_files.load_cifar100_test,
    files=(
        CachedFile(
            "cifar-100-python-target_archive",
            "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
        ),
    ),
    download_bytes=169_001_437,
)

SOURCES = (MNIST, FASHION_MNIST, CIFAR10, CIFAR100)
