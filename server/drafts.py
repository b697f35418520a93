"""Changes of a draft as functions from draft to draft."""

from collections.abc import Callable

import jsonpatch
from jsonpointer import JsonPointerException
from pydantic import JsonValue, ValidationError

from engine.errors import EngineError
from engine.graph.document import Graph
from server.schemas.model import Draft

Edit = Callable[[Draft], Draft]


def apply_json_patch(operations: list[dict[str, JsonValue]]) -> Edit:
    """An edit that carries out the operations of RFC 6902, all or none.

    The edit raises `EngineError` where an operation does not apply, or what comes out is no draft.
    """

    def edit(draft: Draft) -> Draft:
        document = draft.model_dump(mode="json")
        try:
            patched = jsonpatch.JsonPatch(operations).apply(document, in_place=True)
            return Draft.model_validate(patched)
        except (jsonpatch.JsonPatchException, JsonPointerException, TypeError, KeyError) as error:
            raise EngineError(
                "patch_failed",
                f"The patch does not apply to the graph: {error}.",
                "Read the graph again; paths start with /graph or /layout.",
            ) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = "/".join(str(step) for step in first["loc"])
            message = f"The patch would make no graph document: /{place}: {first['msg']}."
            raise EngineError("invalid_graph", message) from error

    return edit


def edit_graph(change: Callable[[Graph], Graph]) -> Edit:
    """An edit of the graph alone. Positions of nodes that are gone go with them."""

    def edit(draft: Draft) -> Draft:
        graph = change(draft.graph)
        gone = {node.id for node in draft.graph.nodes} - {node.id for node in graph.nodes}
        kept = {identifier: place for identifier, place in draft.layout.positions.items() if identifier not in gone}
        return Draft(graph=graph, layout=draft.layout.model_copy(update={"positions": kept}))

    return edit
