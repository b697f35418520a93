"""What an ONNX file asks of the program that runs it."""

from collections.abc import Iterator

import onnx

from engine.models.converter_faults import Missing


def list_missing_operators(proto: "onnx.ModelProto") -> list[Missing]:
    """The operators that ONNX does not have: the converter leaves TensorFlow's in their place, and says so in a log."""
    domains = {one.domain: one.version for one in proto.opset_import}
    return [
        Missing(node.op_type, node.name)
        for node in _walk(proto.graph)
        if node.domain in ("", "ai.onnx") and not onnx.defs.has(node.op_type, domains.get("", 1), "")
    ]


def _walk(graph: "onnx.GraphProto") -> "Iterator[onnx.NodeProto]":
    """All nodes, also those of loops' bodies."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _walk(attribute.g)
            for inner in attribute.graphs:
                yield from _walk(inner)
