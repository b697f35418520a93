/** One heading of the palette with its layers; folded or not is remembered in this browser. */
import { Collapse, UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import type { Catalogue, Entry } from "@/api/types";
import { entryKey } from "@/graph/entryKey";
import { LayerItem } from "@/palette/LayerItem";
import classes from "@/palette/Palette.module.css";

interface PaletteSectionProps {
  title: string;
  entries: readonly Entry[];
  catalogue: Catalogue;
  onAdd: (entry: Entry) => void;
  /** Folded until somebody opens it. */
  startsFolded?: boolean;
}

export function PaletteSection({ title, entries, catalogue, onAdd, startsFolded }: PaletteSectionProps) {
  const [isOpen, setOpen] = useLocalStorage({
    key: `layerloom.palette.${title}`,
    defaultValue: !startsFolded,
    getInitialValueInEffect: false,
  });
  return (
    <div>
      <UnstyledButton className={classes.heading} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <IconChevronDown
          size={14}
          aria-hidden
          className={classes.chevron}
          data-folded={!isOpen || undefined}
        />
        <span className={classes.title}>{title}</span>
        <span className={classes.count}>{entries.length}</span>
      </UnstyledButton>
      <Collapse expanded={isOpen} transitionDuration={120}>
        {(isOpen || !startsFolded) && (
          <div className={classes.items}>
            {entries.map((entry) => (
              <LayerItem
                key={entryKey(entry)}
                entry={entry}
                categories={catalogue.categories}
                onAdd={onAdd}
              />
            ))}
          </div>
        )}
      </Collapse>
    </div>
  );
}
