/** The picture of what differs, to look at closely and to save. */
import { Button, Group, Skeleton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { TransformComponent, TransformWrapper } from "react-zoom-pan-pinch";
import { readDiffPicture, type Sides } from "@/api/versions";
import classes from "@/compare/Compare.module.css";
import { ErrorNote } from "@/ui/ErrorNote";
import { saveFile } from "@/ui/saveFile";
import { useBlobAddress } from "@/ui/useBlobAddress";

export function DiffPicture({ modelId, sides }: { modelId: string; sides: Sides }) {
  const picture = useQuery({
    queryKey: ["diff", modelId, sides, "picture"],
    queryFn: ({ signal }) => readDiffPicture(modelId, sides, signal),
    gcTime: 0,
    staleTime: 0,
  });
  if (picture.error) return <ErrorNote error={picture.error} onRetry={() => void picture.refetch()} />;
  if (!picture.data)
    return <Skeleton className={classes.stage} role="status" aria-label="Drawing what differs" />;
  return <Stage svg={picture.data} />;
}

function Stage({ svg }: { svg: Blob }) {
  const address = useBlobAddress(svg);
  return (
    <>
      <div className={classes.stage}>
        <TransformWrapper minScale={0.5} maxScale={40} limitToBounds={false}>
          <TransformComponent wrapperClass={classes.wrapper} contentClass={classes.content}>
            {/* As an image, so that whatever is in the picture cannot run. */}
            {address && (
              <img src={address} alt="Both graphs with what differs in colour" className={classes.image} />
            )}
          </TransformComponent>
        </TransformWrapper>
      </div>
      <Group justify="flex-end" mt="xs">
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={13} aria-hidden />}
          onClick={() => saveFile(svg, "differences.svg")}
        >
          Save as SVG
        </Button>
      </Group>
    </>
  );
}
