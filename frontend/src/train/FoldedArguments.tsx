/** Arguments that are out of the way until one wants them. */
import { Button, Collapse, type CollapseProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface FoldedArgumentsProps {
  label: string;
  /** Open from the start: something in it is set. */
  open: boolean;
  /** Something in it is wrong: it stays open. */
  wrong?: boolean;
  children: ReactNode;
}

export function FoldedArguments({ label, open, wrong = false, children }: FoldedArgumentsProps) {
  const [opened, { toggle }] = useDisclosure(open);
  const expanded: CollapseProps["expanded"] = opened || wrong;
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        aria-expanded={expanded}
        leftSection={
          expanded ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />
        }
        onClick={toggle}
      >
        {label}
      </Button>
      <Collapse expanded={expanded} pt={expanded ? "xs" : 0}>
        {expanded && children}
      </Collapse>
    </div>
  );
}
