/** One real picture, and nine draws of it. */
import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconPhoto, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Augmentation } from "@/api/augmentation";
import { type Preview, previewQuery } from "@/api/preview";
import type { RunConfig } from "@/api/types";
import classes from "@/augmentation/Augmentation.module.css";
import { ErrorNote } from "@/ui/ErrorNote";
import { formatInteger } from "@/ui/format/amounts";
import { DrawList } from "@/ui/samples/DrawList";
import { describePreview } from "@/ui/samples/describePreview";
import { PreviewPicture } from "@/ui/samples/PreviewPicture";

const DRAWS = 9;

interface DrawnPicturesProps {
  augmented: Augmentation;
  data: RunConfig["data"] | null;
  /** Whether these are the arguments that stand in the form. */
  isCurrent: boolean;
}

export function DrawnPictures({ augmented, data, isCurrent }: DrawnPicturesProps) {
  if (data === null)
    return (
      <Text size="sm" c="dimmed">
        Choose a data set of images of this size in Train to see what augmentation does to one of them.
      </Text>
    );
  return <Pictures augmented={augmented} data={data} isCurrent={isCurrent} />;
}

function Pictures({ augmented, data, isCurrent }: DrawnPicturesProps & { data: RunConfig["data"] }) {
  const [example, setExample] = useState<number | null>(null);
  const [seed, setSeed] = useState(0);
  const preview = useQuery(
    previewQuery(augmented.graph, { node: augmented.last, data, example, seed, count: DRAWS }),
  );
  const shown = preview.data;
  const isStale = !isCurrent || preview.isPlaceholderData || preview.isFetching;
  return (
    <Stack gap="sm" aria-busy={isStale}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {shown ? describeExample(shown) : "One example"}
        </Text>
        <Group gap={6}>
          {isStale && <Loader size={16} role="status" aria-label="Drawing the pictures" />}
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => setSeed(seed + 1)}
          >
            Draw again
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconPhoto size={14} aria-hidden />}
            disabled={!shown}
            onClick={() => shown && setExample(pickOther(shown))}
          >
            Another example
          </Button>
        </Group>
      </Group>
      {preview.error && <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />}
      {shown && !preview.error && <Drawn preview={shown} isStale={isStale} />}
    </Stack>
  );
}

function Drawn({ preview, isStale }: { preview: Preview; isStale: boolean }) {
  const [first, last] = [preview.steps[0], preview.steps.at(-1)];
  if (!first || !last) return null;
  return (
    <div className={classes.pictures} data-stale={isStale || undefined}>
      <figure className={classes.original}>
        <PreviewPicture array={first.output} label="The picture as it is" />
        <Text component="figcaption" size="xs" c="dimmed">
          As it is: {describePreview(first.output)}
        </Text>
        {preview.draws.length > 0 && (
          <Text size="xs" c="dimmed">
            Into the model: {describePreview(last.output)}
          </Text>
        )}
      </figure>
      {preview.draws.length > 0 ? (
        <DrawList preview={preview} label="Augmented pictures" className={classes.grid} />
      ) : (
        <Text size="sm" c="dimmed" className={classes.nothing}>
          Nothing is drawn at random yet. Try a rotation_range of 20, a zoom_range of 0.2, or switch
          horizontal_flip on.
        </Text>
      )}
    </div>
  );
}

function describeExample({ example, samples, target }: Preview): string {
  const number = `Example ${formatInteger(example)} of ${formatInteger(samples)}`;
  return target == null ? number : `${number}: ${target}`;
}

/** Any other sample; the numbers are far apart, because neighbours often look alike. */
function pickOther({ example, samples }: Preview): number {
  if (samples < 2) return example;
  return (example + 1 + Math.floor(Math.random() * (samples - 1))) % samples;
}
