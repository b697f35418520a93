/** Samples that are there more than once: pictures, texts or numbers, with their places and targets. */
import { Group, Stack, Table, Text } from "@mantine/core";
import type { CopyExample } from "@/api/ownTypes";
import type { DatasetPreview } from "@/api/types";
import { describePlaces } from "@/data/duplicates/words";
import { writeTarget, writeValue } from "@/data/writeTarget";
import { isImage } from "@/ui/samples/isImage";
import { SampleImage } from "@/ui/samples/SampleImage";

interface CopyExamplesProps {
  preview: DatasetPreview;
  examples: readonly CopyExample[];
}

export function CopyExamples({ preview, examples }: CopyExamplesProps) {
  const image = preview.inputs.find(isImage)?.name;
  return image === undefined ? (
    <ExampleTable preview={preview} examples={examples} />
  ) : (
    <Gallery preview={preview} examples={examples} image={image} />
  );
}

function Gallery({ preview, examples, image }: CopyExamplesProps & { image: string }) {
  const range = preview.statistics.find(({ array }) => array === image);
  return (
    <Group gap="md" align="flex-start">
      {examples.map((example) => (
        <Stack key={describePlaces(example)} gap={2} align="center" w={150}>
          <SampleImage
            pixels={example.inputs[image]}
            minimum={range?.minimum ?? 0}
            maximum={range?.maximum ?? 1}
            label={describePlaces(example)}
          />
          <Text size="xs">{writeTargets(preview, example)}</Text>
          <Text size="xs" c="dimmed" ta="center">
            {describePlaces(example)}
          </Text>
        </Stack>
      ))}
    </Group>
  );
}

function ExampleTable({ preview, examples }: CopyExamplesProps) {
  return (
    <Table.ScrollContainer minWidth={480} type="native">
      <Table verticalSpacing={4} striped aria-label="Copies">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Samples</Table.Th>
            {preview.inputs.map(({ name }) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
            <Table.Th>Targets</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: "tabular-nums" }}>
          {examples.map((example) => (
            <Table.Tr key={describePlaces(example)}>
              <Table.Td>{describePlaces(example)}</Table.Td>
              {preview.inputs.map(({ name }) => (
                <Table.Td key={name}>
                  <Text size="sm" lineClamp={2}>
                    {example.texts?.[name] ?? writeValue(example.inputs[name])}
                  </Text>
                </Table.Td>
              ))}
              <Table.Td fw={500}>{writeTargets(preview, example)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The target of each place, once where all have the same. */
function writeTargets(preview: DatasetPreview, { targets }: CopyExample): string {
  const name = preview.targets[0]?.name;
  if (name === undefined) return "";
  return [...new Set(targets.map((values) => writeTarget(preview, values[name])))].join(" / ");
}
