/** A named number with its unit: small caption above, value below. Keeps its height while the value is unknown. */
import { Skeleton, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface MeasureProps {
  label: string;
  /** Undefined: on its way. Null: there is none. */
  value: ReactNode | undefined;
}

export function Measure({ label, value }: MeasureProps) {
  return (
    <Stack gap={0} miw={88}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {value === undefined ? (
        <Skeleton h={16} my={3} w={70} />
      ) : (
        <Text
          fw={600}
          size="sm"
          style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}
          component="div"
        >
          {value ?? "–"}
        </Text>
      )}
    </Stack>
  );
}
