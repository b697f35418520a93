/** Opens the dialog for augmentation, where the drawing has an input of images. */
import { Button } from "@mantine/core";
import { findLayerOf } from "@/graph/document";
import { INPUT_LAYER } from "@/graph/ends";
import { openAugmentation } from "@/stores/editor/augmentation";
import { useEditor } from "@/stores/editor/editorStore";

/** Batch, height, width, channels. */
const IMAGE_RANK = 4;

export function AugmentButton() {
  const input = useEditor(
    ({ check, history }) =>
      Object.entries(check?.nodes ?? {}).find(
        ([id, { outputs }]) =>
          outputs[0]?.shape.length === IMAGE_RANK &&
          findLayerOf(history.present.graph, id)?.class_name === INPUT_LAYER,
      )?.[0],
  );
  if (input === undefined) return null;
  return (
    <Button size="compact-xs" variant="default" onClick={() => openAugmentation(input)}>
      Augment images…
    </Button>
  );
}
