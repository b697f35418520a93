/** Says whether everything is saved and, where it is not, why. */
import { Button, Group, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { toProblem } from "@/api/problem";
import classes from "@/app/editor/Editor.module.css";
import { saveNow } from "@/stores/editor/autosave";
import { type SaveStatus, useEditor } from "@/stores/editor/editorStore";

interface Shown {
  text: string;
  icon: ReactNode;
  color: string;
}

const SIZE = 15;
const SHOWN: Readonly<Record<SaveStatus, Shown>> = {
  saved: { text: "Saved", icon: <IconCloudCheck size={SIZE} aria-hidden />, color: "dimmed" },
  unsaved: { text: "Unsaved changes", icon: <IconCloudUp size={SIZE} aria-hidden />, color: "dimmed" },
  saving: { text: "Saving", icon: <IconCloudUp size={SIZE} aria-hidden />, color: "dimmed" },
  retrying: {
    text: "Not saved, trying again",
    icon: <IconCloudOff size={SIZE} aria-hidden />,
    color: "orange",
  },
  refused: { text: "Not saved", icon: <IconAlertTriangle size={SIZE} aria-hidden />, color: "red" },
  conflict: {
    text: "Changed elsewhere",
    icon: <IconAlertTriangle size={SIZE} aria-hidden />,
    color: "orange",
  },
};

export function SaveState() {
  const status = useEditor((state) => state.saveStatus);
  const error = useEditor((state) => state.saveError);
  const { text, icon, color } = SHOWN[status];
  const explanation = error ? toProblem(error).detail : "";
  return (
    <Tooltip label={explanation} disabled={!explanation}>
      <Group gap={5} wrap="nowrap" c={color} role="status" aria-label={`${text}. ${explanation}`.trim()}>
        {icon}
        <Text size="xs" className={status === "saved" ? classes.wideOnly : undefined} truncate>
          {text}
        </Text>
        {(status === "refused" || status === "retrying") && (
          <Button
            size="compact-xs"
            variant="light"
            color={color}
            onClick={() => void saveNow().catch(() => undefined)}
          >
            Save now
          </Button>
        )}
      </Group>
    </Tooltip>
  );
}
