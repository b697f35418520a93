/** A button that asks something of a run: says what is under way, and why it cannot be pressed. */
import { Button, type ButtonProps, Loader, Tooltip } from "@mantine/core";
import type { ComponentPropsWithoutRef, ReactNode } from "react";

interface ControlButtonProps
  extends Pick<ButtonProps, "color" | "variant" | "size" | "rightSection">,
    Pick<ComponentPropsWithoutRef<"button">, "onClick"> {
  icon: ReactNode;
  label: string;
  /** Said in place of the label until it took effect. */
  busyLabel: string;
  busy: boolean;
  /** Why it cannot be asked now; null where it can. */
  obstacle: string | null;
  /** Can be pressed while it is under way: it opens a menu, for example. */
  open?: boolean;
}

export function ControlButton({
  icon,
  label,
  busyLabel,
  busy,
  obstacle,
  open = false,
  onClick,
  ...look
}: ControlButtonProps) {
  const blocked = obstacle !== null || (busy && !open);
  return (
    <Tooltip label={obstacle} disabled={obstacle === null} openDelay={200}>
      {/* Not `disabled`: the keyboard still reaches it, and hears why. */}
      <Button
        variant="default"
        size="xs"
        {...look}
        leftSection={busy ? <Loader size={12} color="currentColor" aria-hidden /> : icon}
        aria-disabled={blocked || undefined}
        data-disabled={obstacle !== null || undefined}
        aria-busy={busy || undefined}
        aria-description={obstacle ?? undefined}
        onClick={blocked ? undefined : onClick}
      >
        {busy ? busyLabel : label}
      </Button>
    </Tooltip>
  );
}
