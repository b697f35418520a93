/** The buttons on the canvas: zoom, the overview map, a note, the heat map of the parameters. */
import { IconFlame, IconMap2, IconNote } from "@tabler/icons-react";
import { ControlButton, Controls, useReactFlow, useStoreApi } from "@xyflow/react";
import { useParameterHeat } from "@/canvas/heat";
import { addNoteAt } from "@/stores/editor/structure";

interface CanvasControlsProps {
  hasMap: boolean;
  onMap: (shown: boolean) => void;
  onFitView: () => void;
}

export function CanvasControls({ hasMap, onMap, onFitView }: CanvasControlsProps) {
  const [hasHeat, toggleHeat] = useParameterHeat();
  const addNote = useNoteInView();
  return (
    <Controls onFitView={() => onFitView()} showInteractive={false} aria-label="Canvas controls">
      <ControlButton onClick={addNote} aria-label="Add a note" title="Add a note">
        <IconNote aria-hidden />
      </ControlButton>
      <ControlButton
        onClick={toggleHeat}
        aria-pressed={hasHeat}
        aria-label="Colour by parameters"
        title="Parameters: colour the nodes by their share"
      >
        <IconFlame aria-hidden />
      </ControlButton>
      <ControlButton
        onClick={() => onMap(!hasMap)}
        aria-pressed={hasMap}
        aria-label="Overview map"
        title="Overview map"
      >
        <IconMap2 aria-hidden />
      </ControlButton>
    </Controls>
  );
}

/** Puts a note where the person looks: into the upper left of what is in view. */
function useNoteInView(): () => void {
  const { screenToFlowPosition } = useReactFlow();
  const flow = useStoreApi();
  return () => {
    const bounds = flow.getState().domNode?.getBoundingClientRect();
    if (!bounds) return;
    addNoteAt(
      screenToFlowPosition({ x: bounds.left + bounds.width * 0.12, y: bounds.top + bounds.height * 0.18 }),
    );
  };
}
