"""Builds the frontend into the wheel, so that an installed Layerloom needs no Node.js."""

import os
import subprocess
import sys
from pathlib import Path

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP_VARIABLE = "LAYERLOOM_SKIP_FRONTEND"


class FrontendHook(BuildHookInterface[BuilderConfig]):
    """Runs before a wheel is packed. `LAYERLOOM_SKIP_FRONTEND=1` leaves server/static as it is."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        if os.environ.get(SKIP_VARIABLE, "0") not in ("", "0"):
            return
        script = Path(self.root) / "scripts" / "frontend.py"
        subprocess.run([sys.executable, str(script), "build"], check=True)
