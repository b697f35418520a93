/** A card of names and values. */
import { Card, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

interface FactsProps {
  title: string;
  facts: readonly Fact[];
  /** Said in place of the facts where there are none. */
  empty?: string;
}

export function Facts({ title, facts, empty }: FactsProps) {
  return (
    <Card withBorder padding="md" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {facts.length === 0 && (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
      {facts.length > 0 && (
        <Table verticalSpacing={4} horizontalSpacing={0} withRowBorders={false} layout="fixed">
          <Table.Tbody>
            {facts.map(({ name, value }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400} c="dimmed" w={150} style={{ verticalAlign: "top" }}>
                  {name}
                </Table.Th>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  );
}
