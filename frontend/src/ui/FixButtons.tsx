/** The ways to mend an issue, one click each. */
import { Button, Group } from "@mantine/core";
import { IconWand } from "@tabler/icons-react";
import type { Fix } from "@/api/types";

interface FixButtonsProps {
  fixes: readonly Fix[];
  /** What was found may be out of date. */
  disabled?: boolean;
  onFix: (fix: Fix) => void;
}

export function FixButtons({ fixes, disabled, onFix }: FixButtonsProps) {
  if (fixes.length === 0) return null;
  return (
    <Group gap={6} mt={6}>
      {fixes.map((fix) => (
        <Button
          key={fix.label}
          size="compact-xs"
          variant="light"
          disabled={disabled}
          leftSection={<IconWand size={12} aria-hidden />}
          // A long label goes on in the next line instead of out of the panel.
          styles={{
            root: { height: "auto", maxWidth: "100%", paddingBlock: 3 },
            label: { whiteSpace: "normal", textAlign: "start", lineHeight: 1.3, overflowWrap: "anywhere" },
          }}
          onClick={() => onFix(fix)}
        >
          {fix.label}
        </Button>
      ))}
    </Group>
  );
}
