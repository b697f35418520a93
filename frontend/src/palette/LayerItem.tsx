/** One layer class in the palette. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { IconBan } from "@tabler/icons-react";
import { memo } from "react";
import type { Entry } from "@/api/types";
import { entryKey, qualifiedName } from "@/graph/entryKey";
import classes from "@/palette/Palette.module.css";
import { colorOfCategory } from "@/ui/categoryColor";
import { offerLayer } from "@/ui/layerDrag";

interface LayerItemProps {
  entry: Entry;
  categories: readonly string[];
  onAdd: (entry: Entry) => void;
}

export const LayerItem = memo(function LayerItem({ entry, categories, onAdd }: LayerItemProps) {
  const isUsable = !entry.unavailable;
  return (
    <Tooltip
      label={entry.unavailable ?? (entry.summary || qualifiedName(entry))}
      position="right"
      openDelay={600}
    >
      <UnstyledButton
        className={classes.item}
        draggable={isUsable}
        aria-disabled={!isUsable}
        style={{ "--accent": colorOfCategory(categories, entry.category) }}
        onClick={() => isUsable && onAdd(entry)}
        onDragStart={({ dataTransfer }) => offerLayer(dataTransfer, entryKey(entry), qualifiedName(entry))}
      >
        <span className={classes.dot} />
        <span className={classes.itemName}>{entry.class_name}</span>
        {!isUsable && <IconBan size={13} aria-label="not available" />}
      </UnstyledButton>
    </Tooltip>
  );
});
