/** Why a model could not be exported, with what has to be mended in its graph. */
import { Modal } from "@mantine/core";
import { ErrorNote } from "@/ui/ErrorNote";

export function ExportProblem({ error, onClose }: { error: unknown; onClose: () => void }) {
  return (
    <Modal
      opened={error !== null}
      onClose={onClose}
      title="The model could not be exported"
      size="lg"
      centered
    >
      {error !== null && <ErrorNote error={error} />}
    </Modal>
  );
}
