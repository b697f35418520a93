"""Changes of a draft as functions from draft to draft."""

from collections.abc import Callable, Sequence

import jsonpatch
from jsonpointer import JsonPointerException
from pydantic import JsonValue, ValidationError

from engine.errors import EngineError
from engine.graph.document import Graph, Layout
from engine.graph.inside import Change, change_inside
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


def edit_graph(change: Callable[[Graph], Graph], inside: Sequence[str] = ()) -> Edit:
    """An edit of a graph: the outermost one, or the one inside the layers named by `inside`.

    Positions of nodes that are gone go with them.
    """

    def edit(graph: Graph, layout: Layout) -> tuple[Graph, Layout]:
        changed = change(graph)
        gone = {node.id for node in graph.nodes} - {node.id for node in changed.nodes}
        kept = {identifier: place for identifier, place in layout.positions.items() if identifier not in gone}
        return changed, layout.model_copy(update={"positions": kept})

    return edit_inside(edit, inside)


def edit_inside(change: Change, inside: Sequence[str] = ()) -> Edit:
    """An edit of graph and layout together: the outermost ones, or those inside the layers named by `inside`.

    The edit raises `EngineError` where there is no such place, or what `change` raises.
    """

    def edit(draft: Draft) -> Draft:
        graph, layout = change_inside(draft.graph, draft.layout, inside, change)
        return Draft(graph=graph, layout=layout)

    return edit
