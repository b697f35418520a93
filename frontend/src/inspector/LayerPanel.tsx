/** One layer: its name, arguments, connections, result of the check, and what can be done with it. */
import { Alert, Anchor, Badge, Button, Group, Stack, Switch, Text, TextInput, Tooltip } from "@mantine/core";
import { IconCopy, IconLink, IconRepeat, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { useCatalogue } from "@/api/catalogue";
import type { Layer } from "@/api/types";
import { ArgumentForm } from "@/forms/ArgumentForm";
import { indexGraph, nameOf } from "@/graph/document";
import { ConnectionsSection } from "@/inspector/ConnectionsSection";
import classes from "@/inspector/Inspector.module.css";
import { NodeIssues } from "@/inspector/NodeIssues";
import { OutputsSection } from "@/inspector/OutputsSection";
import {
  callAgain,
  changeArgument,
  changeName,
  changeTrainable,
  deleteSelection,
  duplicateSelection,
} from "@/stores/editor/actions";
import { finishGesture, focusNode, useEditor } from "@/stores/editor/editorStore";
import { useEntry } from "@/stores/editor/entries";
import { colorOfCategory } from "@/ui/categoryColor";

interface LayerPanelProps {
  nodeId: string;
  layer: Layer;
}

export function LayerPanel({ nodeId, layer }: LayerPanelProps) {
  const entry = useEntry(layer.class_name);
  const issues = useEditor(useShallow((state) => state.issues.byNode.get(nodeId) ?? []));
  return (
    <div>
      <section className={classes.section} aria-label="Layer">
        <LayerHeading layer={layer} />
        <SharedNote layer={layer} nodeId={nodeId} />
        <NodeIssues issues={issues} />
        <NameAndTrainable layer={layer} error={issues.find(({ argument }) => argument === "name")?.message} />
      </section>
      <section className={classes.section} aria-label="Arguments">
        {entry ? (
          <ArgumentForm
            entry={entry}
            config={layer.config}
            issues={issues}
            idPrefix="argument-"
            onChange={(argument, value) => changeArgument(layer.id, argument, value)}
            onDone={finishGesture}
          />
        ) : (
          <Text size="sm" c="dimmed">
            The installed Keras has no layer {layer.class_name}, so its arguments cannot be shown.
          </Text>
        )}
      </section>
      <ConnectionsSection nodeId={nodeId} entry={entry} issues={issues} />
      <OutputsSection nodeId={nodeId} layerId={layer.id} />
      <LayerActions nodeId={nodeId} layer={layer} />
    </div>
  );
}

function LayerHeading({ layer }: { layer: Layer }) {
  const entry = useEntry(layer.class_name);
  const { data: catalogue } = useCatalogue();
  return (
    <Stack gap={2} mb="sm">
      <Group gap={8} wrap="nowrap">
        <span
          className={classes.accent}
          style={{ "--accent": colorOfCategory(catalogue?.categories ?? [], entry?.category) }}
        />
        <Text fw={650}>{layer.class_name}</Text>
        {entry && (
          <Badge variant="default" size="sm" ml="auto" tt="none" fw={500}>
            {entry.category}
          </Badge>
        )}
      </Group>
      {entry?.summary && (
        <Tooltip label={entry.help || entry.summary} maw={460} disabled={!entry.help}>
          <Text size="xs" c="dimmed">
            {entry.summary}
          </Text>
        </Tooltip>
      )}
    </Stack>
  );
}

/** Says that the layer's weights are used by other calls too, and leads to them. */
function SharedNote({ layer, nodeId }: { layer: Layer; nodeId: string }) {
  const calls = useEditor(
    useShallow((state) => indexGraph(state.history.present.graph).calls.get(layer.id) ?? []),
  );
  if (calls.length < 2) return null;
  return (
    <Alert variant="light" p="xs" mb="sm" icon={<IconLink size={16} aria-hidden />}>
      <Text size="xs">
        Shared layer: its weights and arguments are the same in its {calls.length} calls. Also called at{" "}
        {calls
          .filter(({ id }) => id !== nodeId)
          .map(({ id }) => (
            <Anchor key={id} component="button" size="xs" mr={4} onClick={() => focusNode(id)}>
              {id}
            </Anchor>
          ))}
      </Text>
    </Alert>
  );
}

function NameAndTrainable({ layer, error }: { layer: Layer; error?: string }) {
  const name = nameOf(layer);
  // What is being typed; null while the field shows the layer's name. An empty name is not taken over.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Stack gap="sm">
      <TextInput
        label="name"
        classNames={{ label: classes.label }}
        size="xs"
        value={typed ?? name}
        placeholder={layer.id}
        maxLength={200}
        error={error}
        spellCheck={false}
        autoComplete="off"
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          if (currentTarget.value.trim() !== "") changeName(layer.id, currentTarget.value);
        }}
        onBlur={() => {
          setTyped(null);
          finishGesture();
        }}
      />
      <Switch
        label="trainable"
        classNames={{ label: classes.label }}
        labelPosition="left"
        styles={{ body: { justifyContent: "space-between" } }}
        checked={layer.trainable}
        onChange={({ currentTarget }) => changeTrainable(layer.id, currentTarget.checked)}
      />
    </Stack>
  );
}

function LayerActions({ nodeId, layer }: LayerPanelProps) {
  return (
    <section className={classes.section} aria-label="Actions">
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconCopy size={14} />}
          onClick={duplicateSelection}
        >
          Duplicate
        </Button>
        <Tooltip label="Call this layer once more elsewhere: both calls share its weights">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRepeat size={14} />}
            onClick={() => callAgain(layer.id, nodeId)}
          >
            Share
          </Button>
        </Tooltip>
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          ml="auto"
          leftSection={<IconTrash size={14} />}
          onClick={deleteSelection}
        >
          Delete
        </Button>
      </Group>
    </section>
  );
}
