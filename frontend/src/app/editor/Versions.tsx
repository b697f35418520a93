/** Leads to the versions of the model. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { lazy, Suspense } from "react";

const VersionsDrawer = lazy(async () => ({
  default: (await import("@/compare/VersionsDrawer")).VersionsDrawer,
}));

export function Versions({ modelId }: { modelId: string }) {
  const [opened, drawer] = useDisclosure(false);
  return (
    <>
      <Tooltip label="Versions: restore and compare">
        <ActionIcon variant="default" size={30} aria-label="Versions" onClick={drawer.open}>
          <IconHistory size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Suspense>
        <VersionsDrawer modelId={modelId} opened={opened} onClose={drawer.close} />
      </Suspense>
    </>
  );
}
