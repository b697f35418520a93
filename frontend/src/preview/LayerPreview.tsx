/** What a layer that prepares data makes of one example: before and after, and what it draws in training. */
import { Button, Group, Loader, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowRight, IconPhoto, IconWand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Preview, type PreviewArray, previewQuery } from "@/api/preview";
import { toProblem } from "@/api/problem";
import type { RunConfig } from "@/api/types";
import { findLayerOf } from "@/graph/document";
import { INPUT_LAYER } from "@/graph/ends";
import classes from "@/preview/Preview.module.css";
import { openAugmentation } from "@/stores/editor/augmentation";
import { useEditor } from "@/stores/editor/editorStore";
import { useEntry } from "@/stores/editor/entries";
import { useTrainingData } from "@/stores/editor/trainingData";
import { formatInteger } from "@/ui/format/amounts";
import { DrawList } from "@/ui/samples/DrawList";
import { describePreview } from "@/ui/samples/describePreview";
import { PreviewPicture } from "@/ui/samples/PreviewPicture";

const ASK_DELAY_MS = 300;
const DRAWS = 9;

/** How the catalogue's headings of layers that prepare data end: "Preprocessing", "Image preprocessing". */
const PREPARING = /preprocessing$/i;

/** For the node that is chosen; nothing for layers that do not prepare data, and inside other layers. */
export function LayerPreview({ nodeId }: { nodeId: string }) {
  const layer = useEditor((state) => findLayerOf(state.open.document.graph, nodeId));
  const isOutermost = useEditor((state) => state.open.path.length === 0);
  const entry = useEntry(layer);
  const isInput = layer?.class_name === INPUT_LAYER;
  if (!isOutermost || !layer || !(isInput || PREPARING.test(entry?.category ?? ""))) return null;
  return (
    <section className={classes.section} aria-label="One example">
      <Example nodeId={nodeId} isInput={isInput} />
    </section>
  );
}

function Example({ nodeId, isInput }: { nodeId: string; isInput: boolean }) {
  const { data, isKnown } = useTrainingData();
  const rank = useEditor((state) => state.open.check?.nodes[nodeId]?.outputs[0]?.shape.length);
  return (
    <>
      {data === null ? (
        <Text size="xs" c="dimmed">
          {isKnown ? "Choose a data set in Train to see one example of it here." : "Looking for an example…"}
        </Text>
      ) : (
        <Shown nodeId={nodeId} data={data} />
      )}
      {isInput && rank === 4 && (
        <Button
          mt="xs"
          size="compact-sm"
          variant="light"
          leftSection={<IconWand size={14} aria-hidden />}
          onClick={() => openAugmentation(nodeId)}
        >
          Augment images…
        </Button>
      )}
    </>
  );
}

function Shown({ nodeId, data }: { nodeId: string; data: RunConfig["data"] }) {
  const graph = useEditor((state) => state.history.present.graph);
  const [asked] = useDebouncedValue(graph, ASK_DELAY_MS);
  const [example, setExample] = useState<number | null>(null);
  const preview = useQuery(previewQuery(asked, { node: nodeId, data, example, seed: 0, count: DRAWS }));
  const shown = preview.data?.steps.at(-1)?.node === nodeId ? preview.data : undefined;
  return (
    <>
      <Group gap={6} mb={6} wrap="nowrap">
        <Text size="sm" fw={600}>
          One example
        </Text>
        {preview.isFetching && <Loader size={12} role="status" aria-label="Looking at an example" />}
        <Button
          ml="auto"
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPhoto size={14} aria-hidden />}
          disabled={!shown}
          onClick={() => shown && setExample(pickNext(shown))}
        >
          Another
        </Button>
      </Group>
      {preview.error && (
        <Text size="xs" c="dimmed">
          {toProblem(preview.error).detail}
        </Text>
      )}
      {shown && !preview.error && <Steps preview={shown} />}
    </>
  );
}

function Steps({ preview }: { preview: Preview }) {
  const last = preview.steps.at(-1);
  if (!last) return null;
  const sources = preview.steps.filter(({ node }) => last.sources.includes(node));
  return (
    <>
      <Text size="xs" c="dimmed" mb={6}>
        {`Sample ${formatInteger(preview.example)}${preview.target == null ? "" : `, ${preview.target}`}, of ${preview.dataset}`}
      </Text>
      <div className={preview.draws.length > 0 ? classes.beside : undefined}>
        <div className={classes.steps}>
          {sources.map(({ node, output }) => (
            <Side
              key={node}
              title={sources.length > 1 ? `Before: ${node}` : "Before"}
              array={output}
              // Most layers that draw change nothing about an array but its numbers: said once, it needs less room.
              isPlain={preview.draws.length > 0 && describePreview(output) === describePreview(last.output)}
            />
          ))}
          {sources.length > 0 && <IconArrowRight size={16} className={classes.arrow} aria-hidden />}
          <Side title={sources.length > 0 ? "After" : "As it is in the data"} array={last.output} />
        </div>
        {preview.draws.length > 0 && (
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              In training, each time anew:
            </Text>
            <DrawList preview={preview} label="In training" className={classes.draws} />
          </div>
        )}
      </div>
      {preview.remarks.map((remark) => (
        <Text key={remark} size="xs" c="dimmed" mt={6}>
          {remark}
        </Text>
      ))}
    </>
  );
}

interface SideProps {
  title: string;
  array: PreviewArray;
  /** Without its shape and range. */
  isPlain?: boolean;
}

function Side({ title, array, isPlain = false }: SideProps) {
  return (
    <figure className={classes.side}>
      <PreviewPicture array={array} label={title} />
      <Text component="figcaption" size="xs">
        {title}
      </Text>
      {!isPlain && (
        <Text size="xs" c="dimmed" lh={1.25} className={classes.facts}>
          {describePreview(array)}
        </Text>
      )}
    </figure>
  );
}

function pickNext({ example, samples }: Preview): number {
  return samples < 2 ? example : (example + 1 + Math.floor(Math.random() * (samples - 1))) % samples;
}
