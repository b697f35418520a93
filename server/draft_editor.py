"""What every route that edits a draft has in common: which model, where inside its graph, and at which revision."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Query, Response

from engine.graph.document import Graph, Identifier
from engine.graph.inside import Change
from server.dependencies import ModelStoreDep
from server.drafts import edit_graph, edit_inside
from server.etags import ExpectedRevision
from server.routes.graph import answer_draft
from server.storage.models import ModelStore


class DraftEditor:
    """Edits one draft, and answers it as it is then."""

    def __init__(
        self,
        model_id: str,
        store: ModelStoreDep,
        expected: ExpectedRevision,
        inside: Annotated[
            list[Identifier] | None,
            Query(max_length=32, description="For a graph inside another: the ids of the layers that lead to it."),
        ] = None,
    ):
        self.model_id = model_id
        self.store: ModelStore = store
        self.expected = expected
        self.inside = inside or []

    def change(self, change: Callable[[Graph], Graph], status_code: int = 200) -> Response:
        """Makes a change of the graph alone."""
        stored = self.store.edit_draft(self.model_id, edit_graph(change, self.inside), self.expected)
        return answer_draft(stored, status_code)

    def change_checked(self, change: Change, revision: int) -> Response:
        """Makes a change of graph and layout that was worked out for this revision, and is for no other.

        The revision is the expected one: whoever worked it out has compared them.
        """
        return answer_draft(self.store.edit_draft(self.model_id, edit_inside(change, self.inside), revision))


DraftEditorDep = Annotated[DraftEditor, Depends()]
