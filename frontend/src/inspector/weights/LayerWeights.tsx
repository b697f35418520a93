/** The weights of the chosen layer: shapes, statistics, histograms, download and upload. */
import { Button, Group, Loader, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelQuery } from "@/api/models";
import type { Layer } from "@/api/types";
import { layerWeightsQuery, weightsAddress } from "@/api/weights";
import { nameOf } from "@/graph/document";
import classes from "@/inspector/Inspector.module.css";
import { UploadButton } from "@/inspector/weights/UploadButton";
import { VariableStatistics } from "@/inspector/weights/VariableStatistics";
import { useEditor } from "@/stores/editor/editorStore";
import { ErrorNote } from "@/ui/ErrorNote";

export function LayerWeights({ layer }: { layer: Layer }) {
  const [isOpen, setOpen] = useState(false);
  const modelId = useEditor((state) => state.modelId);
  const isInside = useEditor((state) => state.open.path.length > 0);
  const parameters = useEditor((state) => state.open.check?.layers[layer.id]?.parameters ?? 0);
  if (modelId === null || isInside || parameters === 0) return null;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <section className={classes.section} aria-label="Weights">
      <UnstyledButton onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} w="100%">
        <Group gap={4}>
          <Chevron size={14} aria-hidden />
          <Text size="sm" fw={600}>
            Weights
          </Text>
        </Group>
      </UnstyledButton>
      {isOpen && <Content modelId={modelId} layer={nameOf(layer)} />}
    </section>
  );
}

function Content({ modelId, layer }: { modelId: string; layer: string }) {
  const revision = useEditor((state) => state.revision);
  const model = useQuery(modelQuery(modelId));
  const weights = useQuery(layerWeightsQuery(modelId, layer, revision));
  const isStored = model.data?.weights != null;
  return (
    <Stack gap="sm" mt="xs">
      {weights.isPending && (
        <Group gap="xs">
          <Loader size={12} aria-hidden />
          <Text size="xs" c="dimmed">
            Reading the weights…
          </Text>
        </Group>
      )}
      {weights.error && <ErrorNote error={weights.error} onRetry={() => void weights.refetch()} />}
      {weights.data && !isStored && (
        <Text size="xs" c="dimmed">
          No weights are stored: training starts with new ones of these shapes.
        </Text>
      )}
      {weights.data?.message && (
        <Text size="xs" c="orange">
          {weights.data.message}
        </Text>
      )}
      {weights.data && (
        <div>
          {weights.data.variables.map((variable) => (
            <VariableStatistics key={variable.index} variable={variable} />
          ))}
        </div>
      )}
      <UploadButton
        modelId={modelId}
        layer={layer}
        before={
          isStored && (
            <Button
              component="a"
              href={weightsAddress(modelId, layer)}
              download
              size="compact-sm"
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden />}
            >
              Download
            </Button>
          )
        }
      />
    </Stack>
  );
}
