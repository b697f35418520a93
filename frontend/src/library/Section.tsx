/** A titled part of a page. */
import { Card, Group, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  /** Stands to the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Section({ title, aside, children }: SectionProps) {
  return (
    <Card withBorder padding="md" component="section" aria-label={title}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Card>
  );
}
