/** The dialog that augments images, loaded when it is first wanted. */
import { lazy, Suspense } from "react";
import { useAugmentation } from "@/stores/editor/augmentation";

const AugmentationDialog = lazy(async () => ({
  default: (await import("@/augmentation/AugmentationDialog")).AugmentationDialog,
}));

export function ImageAugmentation() {
  const wanted = useAugmentation((state) => state.isOpen);
  return <Suspense>{wanted && <AugmentationDialog />}</Suspense>;
}
