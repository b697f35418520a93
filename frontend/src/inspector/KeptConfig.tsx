/** What a layer came with that nothing is known of: it cannot be edited, and it is not lost. */
import { Table, Text } from "@mantine/core";
import type { Layer } from "@/api/types";
import { qualifiedName } from "@/graph/entryKey";
import { toPython } from "@/graph/pythonText";
import classes from "@/inspector/Inspector.module.css";

export function KeptConfig({ layer }: { layer: Layer }) {
  const kept = Object.entries(layer.config);
  return (
    <>
      <Text size="xs" c="dimmed">
        Nothing is known here of {qualifiedName(layer)}.{" "}
        {kept.length === 0
          ? "It came without arguments."
          : "Its arguments cannot be edited; they are kept as they came:"}
      </Text>
      {kept.length > 0 && (
        <Table fz="xs" mt="xs" layout="fixed" aria-label="Kept arguments">
          <Table.Tbody>
            {kept.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Td className={classes.mono}>{name}</Table.Td>
                <Table.Td className={classes.mono} style={{ overflowWrap: "anywhere" }}>
                  {toPython(value)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}
