"""The real data sets that come with scikit-learn: small, and there without any download."""

from engine.data.loaders import digits, tables
from engine.data.schema import ArraySpec, Task
from engine.data.source import Arguments, Loader, Source

ORIGIN = "scikit-learn"
SHUFFLED = (
    "The rows are shuffled once, in the same way every time: in the original file they are sorted or in the order in"
    " which they were collected, and Keras's validation_split takes the last ones."
)


class NoArguments(Arguments):
    """These data sets take no arguments."""


def _describe_table(
    name: str, title: str, task: Task, samples: int, columns: int, target: ArraySpec, about: str,
    load: Loader, class_names: tuple[str, ...] = (),
) -> Source[NoArguments]:  # fmt: skip
    return Source(
        name=name,
        title=title,
        origin=ORIGIN,
        task=task,
        samples=samples,
        description=f"{about} {SHUFFLED}",
        inputs=(ArraySpec(name="features", shape=[columns], dtype="float32"),),
        targets=(target,),
        arguments=NoArguments,
        load=load,
        class_names=class_names,
    )


DIGITS = Source(
    name="digits",
    title="Handwritten digits, 8 × 8",
    origin=ORIGIN,
    task="classification",
    samples=1797,
    description="Handwritten digits as grey images of 8 × 8 pixels, scaled to 0 (paper) … 1 (ink); which digit is it?"
    f" {SHUFFLED}",
    inputs=(ArraySpec(name="image", shape=[8, 8, 1], dtype="float32"),),
    targets=(ArraySpec(name="digit", shape=[], dtype="int32", classes=10),),
    arguments=NoArguments,
    load=digits.load_digits,
    class_names=tuple("0123456789"),
)

IRIS = _describe_table(
    "iris", "Iris flowers", "classification", 150, 4,
    ArraySpec(name="species", shape=[], dtype="int32", classes=3),
    "Length and width of sepal and petal in cm; which of three species is the flower?",
    tables.load_iris, ("setosa", "versicolor", "virginica"),
)  # fmt: skip

WINE = _describe_table(
    "wine", "Wines", "classification", 178, 13,
    ArraySpec(name="cultivar", shape=[], dtype="int32", classes=3),
    "Thirteen results of a chemical analysis, in their own units (they want a Normalization layer); which of three"
    " cultivars is the wine from?",
    tables.load_wine, ("class_0", "class_1", "class_2"),
)  # fmt: skip

BREAST_CANCER = _describe_table(
    "breast_cancer", "Breast cancer, Wisconsin", "binary_classification", 569, 30,
    ArraySpec(name="diagnosis", shape=[], dtype="int32", classes=2),
    "Thirty measures of cell nuclei, in their own units (they want a Normalization layer); is the tumour malignant (0)"
    " or benign (1)?",
    tables.load_breast_cancer, ("malignant", "benign"),
)  # fmt: skip

DIABETES = _describe_table(
    "diabetes", "Diabetes progression", "regression", 442, 10,
    ArraySpec(name="progression", shape=[], dtype="float32"),
    "Age, sex, body mass index, blood pressure and six blood serum values, each centred and scaled by scikit-learn;"
    " how far has the disease got a year later (25 to 346)?",
    tables.load_diabetes,
)  # fmt: skip

SOURCES = (DIGITS, IRIS, WINE, BREAST_CANCER, DIABETES)
