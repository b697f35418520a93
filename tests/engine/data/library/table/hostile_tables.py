"""What the tests of broken tables have in common."""

import json

from engine.data.library.manifest import Definition
from engine.data.library.table.kind import KIND

GOOD = "".join(f"{row}.5,{row * 2}.25\n" for row in range(200))


def codes(files, **options):
    """The codes of what an inspection finds fault with."""
    inspection = KIND.inspect(files, Definition(kind="table", options=options))
    json.dumps(inspection.model_dump(mode="json"), allow_nan=False)
    return [issue.code for issue in inspection.issues]
