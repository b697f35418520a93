/** The Python of a layer that a person writes, and the arguments that its class is made with. */
import { Alert, Button, Loader, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowsMaximize, IconLock } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useCodeAllowed } from "@/api/server";
import type { Issue, Layer } from "@/api/types";
import { JsonEditor } from "@/forms/editors/JsonEditor";
import { findFaultLine } from "@/graph/codeEntries";
import classes from "@/inspector/Inspector.module.css";
import { NodeIssues } from "@/inspector/NodeIssues";
import { changeCode, changeConfig } from "@/stores/editor/codeActions";
import { finishGesture } from "@/stores/editor/editorStore";

const PythonEditor = lazy(async () => ({
  default: (await import("@/forms/editors/PythonEditor")).PythonEditor,
}));

const CONFIG_ARGUMENT = {
  name: "config",
  kinds: ["json" as const],
  required: false,
  nullable: false,
  default: {},
  choices: [],
  items: [],
  items_nullable: false,
  lengths: [],
  minimum: null,
  maximum: null,
  exclusive_minimum: false,
  exclusive_maximum: false,
  variables: [],
  help: "",
};

interface CodeSectionProps {
  layer: Layer;
  issues: readonly Issue[];
}

export function CodeSection({ layer, issues }: CodeSectionProps) {
  const isAllowed = useCodeAllowed();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <section className={classes.section} aria-label="Python">
      <Stack gap="xs">
        {isAllowed === false && (
          <Alert variant="light" color="yellow" icon={<IconLock size={16} />} p="xs">
            <Text size="xs">
              This server does not run the Python of models, so this layer is not checked. You can still read
              and change it.
            </Text>
          </Alert>
        )}
        <CodeField layer={layer} issues={issues} maxHeight="420px" />
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconArrowsMaximize size={13} aria-hidden />}
          onClick={open}
        >
          Write in a larger window
        </Button>
        <Modal opened={isOpen} onClose={close} size="xl" title={`Python of ${layer.class_name}`}>
          <Stack gap="sm">
            <NodeIssues issues={issues} />
            <CodeField layer={layer} issues={issues} maxHeight="65vh" />
          </Stack>
        </Modal>
        <div>
          <label htmlFor="code-config" className={classes.label}>
            arguments of {layer.class_name}
          </label>
          <JsonEditor
            id="code-config"
            argument={CONFIG_ARGUMENT}
            value={Object.keys(layer.config).length > 0 ? layer.config : undefined}
            onChange={(config) => changeConfig(layer.id, isRecord(config) ? config : {})}
            onDone={finishGesture}
          />
        </div>
      </Stack>
    </section>
  );
}

function CodeField({ layer, issues, maxHeight }: CodeSectionProps & { maxHeight: string }) {
  const found = issues.find(({ argument }) => argument === "code");
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the editor" />}>
      <PythonEditor
        key={layer.id}
        label={`Python of ${layer.class_name}`}
        value={layer.code ?? ""}
        faultLine={found ? findFaultLine(found.message) : null}
        maxHeight={maxHeight}
        onChange={(code) => changeCode(layer.id, code)}
        onDone={finishGesture}
      />
    </Suspense>
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
