"""Which GPUs there are, asked without TensorFlow."""

import os
import shutil
import subprocess

TIMEOUT_S = 20


def list_gpus() -> list[str]:
    """The GPUs that workers may use, as `CUDA_VISIBLE_DEVICES` names them; none where NVIDIA's driver is not there."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name.strip() for name in visible.split(",") if name.strip() not in {"", "-1"}]
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    command = [program, "--query-gpu=uuid", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in answer.stdout.splitlines() if line.strip().startswith("GPU-")]
