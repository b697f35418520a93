/** How the run's steps are run, on one line; a click says why, and what else was tried. */
import { Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconBolt, IconPinnedFilled } from "@tabler/icons-react";
import type { PlanEvent } from "@/api/events";
import { describePlan } from "@/runs/plan/describePlan";
import classes from "@/runs/plan/PlanChip.module.css";
import { PlanNeeds } from "@/runs/plan/PlanNeeds";
import { PlanTrials } from "@/runs/plan/PlanTrials";
import { useLiveRun } from "@/stores/runs/useLiveRun";

/** Nothing until the plan is known. */
export function PlanChip({ runId }: { runId: string }) {
  const plan = useLiveRun(runId, (run) => run.plan);
  if (plan == null) return null;
  const Icon = plan.pinned ? IconPinnedFilled : IconBolt;
  return (
    <Popover position="bottom-start" width={520} shadow="md" withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.chip} aria-label={`Plan: ${describePlan(plan)}`}>
          <Icon size={13} aria-hidden className={classes.icon} />
          <span>{describePlan(plan)}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 32px)">
        <PlanNote plan={plan} />
      </Popover.Dropdown>
    </Popover>
  );
}

function PlanNote({ plan }: { plan: PlanEvent }) {
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600} size="sm">
          {plan.pinned ? "The plan of this run, as pinned" : "The plan of this run"}
        </Text>
        <Text size="sm" c="dimmed">
          {plan.reason ??
            (plan.tried.length > 0 ? "The fastest of what was tried." : "No other way was tried.")}
        </Text>
      </div>
      <PlanNeeds plan={plan} />
      {plan.tried.length > 0 && <PlanTrials plan={plan} />}
    </Stack>
  );
}
