/** What random layers make of an example in training, each time anew. */
import { Text } from "@mantine/core";
import type { Preview } from "@/api/preview";
import { PreviewPicture } from "@/ui/samples/PreviewPicture";

interface DrawListProps {
  preview: Preview;
  label: string;
  className: string | undefined;
}

/** Where layers mix samples it is said below each draw what is in it. */
export function DrawList({ preview, label, className }: DrawListProps) {
  return (
    <ul className={className} aria-label={label}>
      {preview.draws.map((draw, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: draws have no name but their place
        <li key={place}>
          <PreviewPicture array={draw} label={`Draw ${place + 1}`} />
          {preview.draw_targets[place] !== undefined && (
            <Text size="xs" c="dimmed" lh={1.2} mt={2} style={{ overflowWrap: "anywhere" }}>
              {preview.draw_targets[place].replaceAll(" %", "\u00a0%")}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
