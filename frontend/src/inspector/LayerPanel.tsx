/** One layer: its name, arguments, connections, result of the check, and what can be done with it. */
import { Badge, Button, Group, Stack, Switch, Text, TextInput, Tooltip } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { useCatalogue } from "@/api/catalogue";
import type { Layer } from "@/api/types";
import { ArgumentForm } from "@/forms/ArgumentForm";
import { CODE_PACKAGE } from "@/graph/codeEntries";
import { nameOf } from "@/graph/document";
import { OPERATIONS } from "@/graph/entryKey";
import { isModelLayer } from "@/graph/nesting";
import { withoutWrapped } from "@/graph/wrapping";
import { CallConstants } from "@/inspector/CallConstants";
import { CallsSection } from "@/inspector/CallsSection";
import { CodeSection } from "@/inspector/CodeSection";
import { ConnectionsSection } from "@/inspector/ConnectionsSection";
import { FitToData } from "@/inspector/FitToData";
import classes from "@/inspector/Inspector.module.css";
import { KeptConfig } from "@/inspector/KeptConfig";
import { NestedSection } from "@/inspector/NestedSection";
import { NodeIssues } from "@/inspector/NodeIssues";
import { OutputsSection } from "@/inspector/OutputsSection";
import { DeleteButton, DuplicateButton } from "@/inspector/SelectionButtons";
import { FreezeBefore } from "@/inspector/weights/FreezeBefore";
import { LayerWeights } from "@/inspector/weights/LayerWeights";
import { callAgain, changeArgument, changeName, changeTrainable } from "@/stores/editor/actions";
import { finishGesture, useEditor } from "@/stores/editor/editorStore";
import { useEntry } from "@/stores/editor/entries";
import { colorOfCategory } from "@/ui/categoryColor";

interface LayerPanelProps {
  nodeId: string;
  layer: Layer;
  /** An example going through the layer, where it is one that prepares data: before the arguments, which change it. */
  example?: ReactNode;
}

export function LayerPanel({ nodeId, layer, example }: LayerPanelProps) {
  const entry = useEntry(layer);
  const chosen = useMemo(() => [nodeId], [nodeId]);
  const shown = useMemo(() => entry && (layer.graph ? withoutWrapped(entry) : entry), [entry, layer.graph]);
  const issues = useEditor(useShallow((state) => state.open.issues.byNode.get(nodeId) ?? []));
  return (
    <div>
      <section className={classes.section} aria-label="Layer">
        <LayerHeading layer={layer} />
        <NodeIssues issues={issues} />
        <FitToData issues={issues} />
        <NameAndTrainable layer={layer} error={issues.find(({ argument }) => argument === "name")?.message} />
        <FreezeBefore nodeIds={chosen} />
      </section>
      {example}
      <CallsSection nodeId={nodeId} layer={layer} />
      <NestedSection nodeId={nodeId} layer={layer} />
      {layer.package === CODE_PACKAGE && <CodeSection layer={layer} issues={issues} />}
      {!isModelLayer(layer) && layer.package !== CODE_PACKAGE && shown?.arguments.length !== 0 && (
        <section className={classes.section} aria-label="Arguments">
          {shown ? (
            <ArgumentForm
              entry={shown}
              config={layer.config}
              issues={issues}
              idPrefix="argument-"
              onChange={(argument, value) => changeArgument(layer.id, argument, value)}
              onDone={finishGesture}
            />
          ) : (
            <KeptConfig layer={layer} />
          )}
        </section>
      )}
      <ConnectionsSection nodeId={nodeId} layer={layer} entry={entry} issues={issues} />
      {entry?.package === OPERATIONS && <CallConstants nodeId={nodeId} entry={entry} issues={issues} />}
      <OutputsSection nodeId={nodeId} layerId={layer.id} />
      <LayerWeights layer={layer} />
      <LayerActions nodeId={nodeId} layer={layer} />
    </div>
  );
}

function LayerHeading({ layer }: { layer: Layer }) {
  const entry = useEntry(layer);
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
      {layer.package !== OPERATIONS && (
        <Switch
          label="trainable"
          classNames={{ label: classes.label }}
          labelPosition="left"
          styles={{ body: { justifyContent: "space-between" } }}
          checked={layer.trainable}
          onChange={({ currentTarget }) => changeTrainable(layer.id, currentTarget.checked)}
        />
      )}
    </Stack>
  );
}

function LayerActions({ nodeId, layer }: LayerPanelProps) {
  return (
    <section className={classes.section} aria-label="Actions">
      <Group gap="xs">
        <DuplicateButton />
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
        <DeleteButton />
      </Group>
    </section>
  );
}
