/** Why a model could not be exported, with the way to each node that has to be mended. */
import { Anchor, Group, List, Modal, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Issue } from "@/api/types";
import { goToIssue } from "@/stores/editor/goToIssue";

export interface Refusal {
  readonly title: string;
  readonly detail: string;
  readonly issues: readonly Issue[];
}

interface ExportProblemProps {
  refusal: Refusal | null;
  onClose: () => void;
}

export function ExportProblem({ refusal, onClose }: ExportProblemProps) {
  return (
    <Modal opened={refusal !== null} onClose={onClose} title={refusal?.title} size="lg" centered>
      {refusal && (
        <Group wrap="nowrap" align="flex-start" gap="sm" role="alert">
          <ThemeIcon color="red" variant="light" radius="xl">
            <IconAlertTriangle size={16} aria-hidden />
          </ThemeIcon>
          <Stack gap="xs">
            {refusal.issues.length === 0 && <Text size="sm">{refusal.detail}</Text>}
            <List size="sm" spacing="sm" listStyleType="none">
              {refusal.issues.map((issue) => (
                <List.Item key={`${issue.within?.join()} ${issue.node} ${issue.argument} ${issue.message}`}>
                  <IssuePlace
                    issue={issue}
                    onGo={() => {
                      onClose();
                      goToIssue(issue);
                    }}
                  />
                  <Text size="sm">{issue.message}</Text>
                  {issue.hint && (
                    <Text size="sm" c="dimmed">
                      {issue.hint}
                    </Text>
                  )}
                </List.Item>
              ))}
            </List>
          </Stack>
        </Group>
      )}
    </Modal>
  );
}

function IssuePlace({ issue, onGo }: { issue: Issue; onGo: () => void }) {
  const place = [...(issue.within ?? []), issue.node ?? issue.layer].filter(Boolean).join(" › ");
  if (!place) return null;
  return (
    <Anchor component="button" size="sm" fw={600} onClick={onGo}>
      {place}
    </Anchor>
  );
}
