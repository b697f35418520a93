"""Files and refusals on their way between the compiler process and the server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ConfigError, EngineError, GraphError
from engine.graph.issues import Issue
from server.jobs.framing import FileAnswer
from server.jobs.refusals import decode_refusal, encode_refusal

FILES = st.builds(FileAnswer, content=st.binary(max_size=500), media_type=st.text(), filename=st.text())


@given(FILES)
def test_a_framed_file_comes_out_as_it_went_in(file: FileAnswer):
    assert FileAnswer.decode(file.encode()) == file


@given(FILES, st.integers(0, 3))
def test_a_torn_frame_is_refused(file: FileAnswer, kept: int):
    with pytest.raises(ValueError, match="has at least 4 bytes"):
        FileAnswer.decode(file.encode()[:kept])


@pytest.mark.parametrize(
    "error",
    [
        EngineError("unknown_dataset", "There is no data set 'x'.", "Choose another."),
        GraphError("cycle", "The graph has a cycle.", None, [Issue(code="cycle", message="a → b → a", node="a")]),
        ConfigError("does_not_train", "The loss does not fit.", "Use mse.", []),
    ],
)
def test_a_refusal_is_raised_again_as_what_it_was(error: EngineError):
    again = decode_refusal(encode_refusal(error))
    assert (type(again), again.__reduce__()) == (type(error), error.__reduce__())
