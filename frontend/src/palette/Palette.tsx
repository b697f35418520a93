/** All layers of the installed Keras, by category: to search, to drag onto the canvas, to add with a click or Enter. */
import { CloseButton, ScrollArea, Text, TextInput } from "@mantine/core";
import { IconSearch, IconSearchOff } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useCodeAllowed } from "@/api/server";
import type { Catalogue, Entry } from "@/api/types";
import { CODE_CATEGORY, listCodeEntries } from "@/graph/codeEntries";
import { entryKey } from "@/graph/entryKey";
import { MODEL_CATEGORY, MODEL_ENTRIES } from "@/graph/modelEntries";
import { LayerItem } from "@/palette/LayerItem";
import classes from "@/palette/Palette.module.css";
import { PaletteSection } from "@/palette/PaletteSection";
import { searchLayers } from "@/palette/searchLayers";
import { useRecentlyUsed } from "@/stores/editor/recentlyUsed";
import { EmptyState } from "@/ui/EmptyState";

interface PaletteProps {
  catalogue: Catalogue;
  /** Adds a layer where the person is looking. */
  onAdd: (entry: Entry) => void;
}

export function Palette({ catalogue, onAdd }: PaletteProps) {
  const [query, setQuery] = useState("");
  const isCodeAllowed = useCodeAllowed();
  const found = useMemo(() => {
    const drawn = [...MODEL_ENTRIES, ...listCodeEntries(isCodeAllowed)];
    return searchLayers([...catalogue.layers, ...drawn, ...catalogue.operations], query);
  }, [catalogue, isCodeAllowed, query]);
  const firstUsable = found.find(({ unavailable }) => !unavailable);
  return (
    <section className={classes.palette} aria-label="Layers">
      <div className={classes.search}>
        <TextInput
          size="sm"
          type="search"
          aria-label="Search layers"
          placeholder={`Search ${catalogue.layers.length + catalogue.operations.length} pieces`}
          leftSection={<IconSearch size={15} aria-hidden />}
          rightSection={
            query && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setQuery("")} />
          }
          value={query}
          onChange={({ currentTarget }) => setQuery(currentTarget.value)}
          onKeyDown={({ key }) => {
            if (key === "Enter" && query && firstUsable) onAdd(firstUsable);
            if (key === "Escape") setQuery("");
          }}
        />
      </div>
      <ScrollArea className={classes.list} type="hover" scrollbarSize={8}>
        {query ? (
          <Found found={found} catalogue={catalogue} query={query} onAdd={onAdd} />
        ) : (
          <Categories catalogue={catalogue} onAdd={onAdd} />
        )}
      </ScrollArea>
    </section>
  );
}

function Found({
  found,
  catalogue,
  query,
  onAdd,
}: PaletteProps & { found: readonly Entry[]; query: string }) {
  if (found.length === 0) {
    return (
      <EmptyState icon={<IconSearchOff />} title="No such layer">
        Keras {catalogue.keras_version} has no layer or operation that matches “{query}”.
      </EmptyState>
    );
  }
  return (
    <div className={classes.items}>
      {found.map((entry) => (
        <LayerItem key={entryKey(entry)} entry={entry} categories={catalogue.categories} onAdd={onAdd} />
      ))}
    </div>
  );
}

function Categories({ catalogue, onAdd }: PaletteProps) {
  const isCodeAllowed = useCodeAllowed();
  const recent = useRecentlyUsed((state) => state.keys);
  const all = useMemo(() => [...catalogue.layers, ...catalogue.operations], [catalogue]);
  const byCategory = useMemo(() => Map.groupBy(all, ({ category }) => category), [all]);
  const recentEntries = recent
    .map((key) => all.find((entry) => entryKey(entry) === key))
    .filter((entry) => entry !== undefined);
  return (
    <>
      {recentEntries.length > 0 && (
        <PaletteSection title="Recently used" entries={recentEntries} catalogue={catalogue} onAdd={onAdd} />
      )}
      {catalogue.categories.map((category) => (
        <PaletteSection
          key={category}
          title={category}
          entries={byCategory.get(category) ?? []}
          catalogue={catalogue}
          onAdd={onAdd}
        />
      ))}
      <PaletteSection title={MODEL_CATEGORY} entries={MODEL_ENTRIES} catalogue={catalogue} onAdd={onAdd} />
      <PaletteSection
        title={CODE_CATEGORY}
        entries={listCodeEntries(isCodeAllowed)}
        catalogue={catalogue}
        onAdd={onAdd}
      />
      {catalogue.operation_categories.map((category) => (
        <PaletteSection
          key={category}
          title={category}
          entries={byCategory.get(category) ?? []}
          catalogue={catalogue}
          onAdd={onAdd}
          startsFolded
        />
      ))}
      <Text size="xs" c="dimmed" p="sm">
        Keras {catalogue.keras_version} on {catalogue.backend}
      </Text>
    </>
  );
}
