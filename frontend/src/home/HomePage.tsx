/** The first page: your models, the newest runs, and templates to start from. */
import { Button, Container, Grid, Skeleton, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileImport, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { modelsQuery } from "@/api/models";
import { ImportDialog } from "@/home/importing/ImportDialog";
import { ModelList } from "@/home/ModelList";
import { NewModelDialog } from "@/home/NewModelDialog";
import { RecentRuns } from "@/home/RecentRuns";
import { TemplateGallery } from "@/home/TemplateGallery";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";

export function HomePage() {
  const [creating, { open, close }] = useDisclosure();
  const [importing, importDialog] = useDisclosure();
  const models = useInfiniteQuery(modelsQuery());
  const items = models.data?.pages.flatMap((page) => page.items) ?? [];
  const first = models.isSuccess && items.length === 0;
  return (
    <Container size="xl" py="lg">
      <PageHeader
        title={first ? "Welcome to Layerloom" : "Models"}
        description={
          first
            ? "Draw a Keras model, train it, and watch it learn. Start from a template that is ready to train, or from nothing."
            : "Draw a Keras model, train it, and watch it learn."
        }
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconFileImport size={16} aria-hidden />}
              onClick={importDialog.open}
            >
              Import
            </Button>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
              New model
            </Button>
          </>
        }
      />
      <Stack gap="xl">
        {first && <TemplateGallery />}
        {models.error && <ErrorNote error={models.error} onRetry={() => void models.refetch()} />}
        {!first && (
          <Grid gap="xl">
            <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
              {models.isPending ? <ListSkeleton /> : <ModelList models={items} />}
              {models.hasNextPage && (
                <Button
                  variant="default"
                  mt="md"
                  loading={models.isFetchingNextPage}
                  onClick={() => void models.fetchNextPage()}
                >
                  Load more
                </Button>
              )}
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
              <RecentRuns />
            </Grid.Col>
          </Grid>
        )}
        {!first && <TemplateGallery />}
      </Stack>
      <NewModelDialog opened={creating} onClose={close} />
      <ImportDialog opened={importing} onClose={importDialog.close} />
    </Container>
  );
}

function ListSkeleton() {
  return (
    <Stack gap="sm" role="status" aria-label="Loading the models">
      {["a", "b", "c"].map((key) => (
        <Skeleton key={key} h={64} />
      ))}
    </Stack>
  );
}
