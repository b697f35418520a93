/** Says when the live connection is gone, and that nothing is lost by it. */
import { Badge, Tooltip } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useConnection } from "@/stores/runs/useLiveRun";

export function ConnectionNote() {
  const connection = useConnection();
  if (connection !== "lost") return null;
  return (
    <Tooltip label="The server does not answer. Training goes on, and the curves catch up once it does.">
      <Badge
        color="yellow"
        variant="light"
        size="lg"
        radius="sm"
        tt="none"
        role="status"
        leftSection={<IconPlugConnectedX size={14} aria-hidden />}
      >
        Reconnecting
      </Badge>
    </Tooltip>
  );
}
