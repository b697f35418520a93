/** What is wrong with files, and what is worth knowing about them. */
import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { Issue } from "@/api/types";
import { IssueList } from "@/ui/ErrorNote";

export function NoteList({ notes }: { notes: readonly Issue[] }) {
  const errors = notes.filter(({ severity }) => severity === "error");
  const others = notes.filter(({ severity }) => severity !== "error");
  return (
    <>
      {errors.length > 0 && (
        <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle aria-hidden />}>
          <IssueList issues={errors} />
        </Alert>
      )}
      {others.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconInfoCircle aria-hidden />}>
          <IssueList issues={others} />
        </Alert>
      )}
    </>
  );
}
