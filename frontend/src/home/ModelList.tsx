/** Your models, the one that was changed last first. */
import { ActionIcon, Anchor, Card, Group, Menu, Stack, Text, Title } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import type { ModelPublic } from "@/api/types";
import { DeleteModelDialog } from "@/home/DeleteModelDialog";
import classes from "@/home/Home.module.css";
import { RenameModelDialog } from "@/home/RenameModelDialog";
import { formatCount } from "@/ui/format/amounts";
import { TimeAgo } from "@/ui/format/TimeAgo";

export function ModelList({ models }: { models: readonly ModelPublic[] }) {
  return (
    <section aria-label="Your models">
      <Title order={2} size="h4" mb="sm">
        Your models
      </Title>
      <Stack gap="xs" component="ul" className={classes.plainList}>
        {models.map((model) => (
          <li key={model.id}>
            <ModelCard model={model} />
          </li>
        ))}
      </Stack>
    </section>
  );
}

function ModelCard({ model }: { model: ModelPublic }) {
  return (
    <Card withBorder padding="sm" className={classes.card}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Stack gap={2} miw={0}>
          <Anchor
            component={Link}
            to={`/models/${model.id}`}
            fw={600}
            className={classes.cover}
            truncate="end"
          >
            {model.name}
          </Anchor>
          <Text size="xs" c="dimmed" component="div">
            {formatCount(model.nodes, "node")} · {formatCount(model.versions, "version")} ·{" "}
            {formatCount(model.runs, "run")} · changed <TimeAgo time={model.updated_at} />
          </Text>
        </Stack>
        <ModelMenu model={model} />
      </Group>
    </Card>
  );
}

function ModelMenu({ model }: { model: ModelPublic }) {
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Menu position="bottom-end" width={160}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            className={classes.above}
            aria-label={`Actions for ${model.name}`}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setDialog("rename")}>
            Rename
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setDialog("delete")}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RenameModelDialog model={model} opened={dialog === "rename"} onClose={close} />
      <DeleteModelDialog model={model} opened={dialog === "delete"} onClose={close} />
    </>
  );
}
