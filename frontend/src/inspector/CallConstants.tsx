/** What an operation is called with beside tensors: a number to add, the index of a slice. */
import { Stack, Text, TextInput } from "@mantine/core";
import { useShallow } from "zustand/react/shallow";
import type { CallArgument, Edge, Entry, Issue, Node } from "@/api/types";
import { useTypedText } from "@/forms/editors/useTypedText";
import {
  constantName,
  formatConstant,
  listConstants,
  parseConstant,
  readConstant,
} from "@/graph/callConstants";
import { indexGraph } from "@/graph/document";
import classes from "@/inspector/Inspector.module.css";
import { changeConstant } from "@/stores/editor/actions";
import { finishGesture, useEditor } from "@/stores/editor/editorStore";

const NO_EDGES: readonly Edge[] = [];

interface CallConstantsProps {
  nodeId: string;
  entry: Entry;
  issues: readonly Issue[];
}

export function CallConstants({ nodeId, entry, issues }: CallConstantsProps) {
  const node = useEditor((state) => indexGraph(state.open.document.graph).nodes.get(nodeId));
  const incoming = useEditor(
    useShallow((state) => indexGraph(state.open.document.graph).incoming.get(nodeId) ?? NO_EDGES),
  );
  const free = listConstants(entry.call, incoming);
  if (!node || free.length === 0) return null;
  return (
    <section className={classes.section} aria-label="Constants">
      <Text size="sm" fw={600}>
        Constants
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        For arguments that no tensor goes into
      </Text>
      <Stack gap="xs">
        {free.map((argument) => (
          <ConstantField
            key={`${nodeId} ${argument.name}`}
            node={node}
            argument={argument}
            error={issues.find(
              (issue) => issue.argument === argument.name || issue.argument === constantName(argument),
            )}
          />
        ))}
      </Stack>
    </section>
  );
}

interface ConstantFieldProps {
  node: Node;
  argument: CallArgument;
  error: Issue | undefined;
}

function ConstantField({ node, argument, error }: ConstantFieldProps) {
  const typed = useTypedText(
    readConstant(node, argument),
    undefined,
    formatConstant,
    parseConstant,
    (value) => changeConstant(node.id, argument, value),
  );
  return (
    <TextInput
      size="xs"
      label={argument.name}
      classNames={{ label: classes.label, input: classes.mono }}
      placeholder={
        argument.required ? "required: a tensor, or 3, :, 0" : formatConstant(argument.default) || "None"
      }
      value={typed.text}
      error={typed.message ?? error?.message}
      spellCheck={false}
      autoComplete="off"
      onChange={({ currentTarget }) => typed.type(currentTarget.value)}
      onBlur={() => {
        typed.leave();
        finishGesture();
      }}
    />
  );
}
