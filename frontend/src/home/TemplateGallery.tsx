/** Complete examples to start from. */
import { Card, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { groupBy } from "es-toolkit";
import { useNavigate } from "react-router";
import { importTemplate, rememberModel, templatesQuery } from "@/api/models";
import type { TemplatePublic } from "@/api/types";
import { GraphThumbnail } from "@/home/GraphThumbnail";
import classes from "@/home/Home.module.css";
import { ErrorNote } from "@/ui/ErrorNote";
import { notifyError } from "@/ui/notifications";

const COLUMNS = { base: 1, xs: 2, md: 4 };

export function TemplateGallery() {
  const templates = useQuery(templatesQuery);
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: importTemplate,
    onSuccess: async (model) => {
      rememberModel(model);
      await navigate(`/models/${model.id}`);
    },
    onError: notifyError,
  });
  return (
    <section aria-label="Templates">
      <Title order={2} size="h4" mb="sm">
        Start from a template
      </Title>
      {templates.error && <ErrorNote error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.isPending && (
        <SimpleGrid cols={COLUMNS} spacing="md">
          {["a", "b", "c", "d"].map((key) => (
            <Skeleton key={key} h={232} />
          ))}
        </SimpleGrid>
      )}
      <Stack gap="lg">
        {Object.entries(groupBy(templates.data ?? [], ({ category }) => category)).map(
          ([category, ofOne]) => (
            <div key={category}>
              <Title order={3} size="h6" c="dimmed" mb="xs">
                {category}
              </Title>
              <SimpleGrid cols={COLUMNS} spacing="md">
                {ofOne.map((template) => (
                  <TemplateCard
                    key={template.id}
                    template={template}
                    opening={open.isPending && open.variables === template.id}
                    disabled={open.isPending}
                    onOpen={() => open.mutate(template.id)}
                  />
                ))}
              </SimpleGrid>
            </div>
          ),
        )}
      </Stack>
    </section>
  );
}

interface TemplateCardProps {
  template: TemplatePublic;
  opening: boolean;
  disabled: boolean;
  onOpen: () => void;
}

function TemplateCard({ template, opening, disabled, onOpen }: TemplateCardProps) {
  return (
    <Card
      withBorder
      padding="md"
      component="button"
      type="button"
      className={classes.card}
      onClick={onOpen}
      disabled={disabled}
      aria-busy={opening}
      aria-label={`Use the template ${template.title}`}
    >
      <GraphThumbnail graph={template.graph} layout={template.layout} />
      <Stack gap={4} mt="sm">
        <Text fw={600}>{opening ? "Opening…" : template.title}</Text>
        <Text size="sm" c="dimmed" lineClamp={3}>
          {template.description}
        </Text>
      </Stack>
    </Card>
  );
}
