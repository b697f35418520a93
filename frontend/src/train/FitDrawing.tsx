/** One click makes the drawing fit the data: its inputs, and its last layer. */
import { Button, Group, Tooltip } from "@mantine/core";
import type { DatasetSummary } from "@/api/types";
import { explainNoHead, fitHeads, makeInputs } from "@/graph/fromData";
import { makePreparedInputs } from "@/graph/preparation";
import { currentDocument, editDocument } from "@/stores/editor/editorStore";
import { findEntryByKey } from "@/stores/editor/entries";
import { notifyRefusal, notifySuccess } from "@/ui/notifications";

export function FitDrawing({ dataset }: { dataset: DatasetSummary }) {
  return (
    <Group gap={6}>
      <Button size="compact-xs" variant="default" onClick={() => drawInputs(dataset)}>
        Make inputs from this data
      </Button>
      <Tooltip
        multiline
        w={280}
        label="Each input with Keras's layers behind it that prepare the data as it is: numbers normalized, categories and texts looked up. They learn from the training samples when training starts."
      >
        <Button size="compact-xs" variant="default" onClick={() => drawPreparedInputs(dataset)}>
          Make inputs with preprocessing
        </Button>
      </Tooltip>
      <Button size="compact-xs" variant="default" onClick={() => drawHeads(dataset)}>
        Fit the last layer to this target
      </Button>
    </Group>
  );
}

function drawInputs(dataset: DatasetSummary): void {
  const entry = findEntryByKey("InputLayer");
  if (!entry) return;
  change((document) => makeInputs(document, dataset, entry), "The inputs fit this data already.");
}

function drawPreparedInputs(dataset: DatasetSummary): void {
  change(
    (document) => makePreparedInputs(document, dataset, findEntryByKey),
    "The inputs are prepared for this data already.",
  );
}

function drawHeads(dataset: DatasetSummary): void {
  const reason = explainNoHead(currentDocument(), dataset);
  if (reason !== null) notifyRefusal("The last layer cannot be fitted", reason);
  else
    change(
      (document) => fitHeads(document, dataset, findEntryByKey),
      "The last layer fits this target already.",
    );
}

type Change = Parameters<typeof editDocument>[0];

function change(draw: Change, already: string): void {
  const before = currentDocument();
  editDocument(draw);
  if (currentDocument() === before) notifySuccess(already);
}
