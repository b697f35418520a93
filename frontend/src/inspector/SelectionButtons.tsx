/** What can be done with whatever is chosen, from every panel of the inspector. */
import { Button } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import { deleteSelection, duplicateSelection } from "@/stores/editor/actions";

export function DeleteButton() {
  return (
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
  );
}

export function DuplicateButton() {
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconCopy size={14} />}
      onClick={duplicateSelection}
    >
      Duplicate
    </Button>
  );
}
