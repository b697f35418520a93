"""The smallest piece of work that shows whether the backend runs in this process."""

import keras


def run_one_tensor_operation() -> None:
    """Multiplies two 2 × 2 matrices. Hangs where TensorFlow was forked after it had run something."""
    ones = keras.ops.ones((2, 2))
    product = keras.ops.convert_to_numpy(keras.ops.matmul(ones, ones))
    if product.tolist() != [[2.0, 2.0], [2.0, 2.0]]:
        raise RuntimeError(f"the backend multiplies wrongly: expected [[2, 2], [2, 2]], got {product.tolist()}")
