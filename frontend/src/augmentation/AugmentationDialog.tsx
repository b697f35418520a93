/** Images augmented as Keras's `ImageDataGenerator` did it: the arguments, and what they do to a real picture. */
import { Modal, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { augmentationFormQuery, augmentQuery } from "@/api/augmentation";
import { AugmentationPanel } from "@/augmentation/AugmentationPanel";
import { closeAugmentation, useAugmentation } from "@/stores/editor/augmentation";
import { currentDocument } from "@/stores/editor/editorStore";
import { useTrainingData } from "@/stores/editor/trainingData";
import { ErrorNote } from "@/ui/ErrorNote";

export function AugmentationDialog() {
  const { isOpen, node } = useAugmentation();
  return (
    <Modal opened={isOpen} onClose={closeAugmentation} title="Augment images" size="min(1000px, 94vw)">
      {isOpen && <Loader node={node} />}
    </Modal>
  );
}

function Loader({ node }: { node: string | null }) {
  // The drawing as it is when the dialog opens: it cannot be changed behind it.
  const [{ graph }] = useState(currentDocument);
  const { data, isKnown } = useTrainingData();
  const form = useQuery(augmentationFormQuery);
  const drawn = useQuery(augmentQuery(graph, { node, given: null, data: null }));
  const error = form.error ?? drawn.error;
  if (error)
    return <ErrorNote error={error} onRetry={() => void Promise.all([form.refetch(), drawn.refetch()])} />;
  if (!form.data || !drawn.data || !isKnown)
    return <Skeleton h={420} role="status" aria-label="Loading the arguments" />;
  return <AugmentationPanel graph={graph} form={form.data} drawn={drawn.data} data={data} />;
}
