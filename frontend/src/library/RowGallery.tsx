/** Some of the pictures in a folder, as the model will see them, with their labels. */
import { Text } from "@mantine/core";
import classes from "@/library/Library.module.css";
import type { Row } from "@/library/RowTable";

/** Whether the rows are pictures; of some too large ones the server shows only the names. */
export function arePictures(rows: readonly Row[]): boolean {
  return rows.some(({ picture }) => typeof picture === "string");
}

export function RowGallery({ rows }: { rows: readonly Row[] }) {
  return (
    <ul className={classes.gallery} aria-label="Some pictures">
      {rows.map(({ file, label, width, height, picture }) => (
        <li key={`${file}`}>
          <figure className={classes.figure} title={`${file}, ${width} × ${height} pixels`}>
            <div className={classes.frame}>
              {typeof picture === "string" ? (
                <img src={picture} alt={`${file}, ${label}`} />
              ) : (
                <Text size="xs" c="dimmed" ta="center">
                  too large to be shown
                </Text>
              )}
            </div>
            <figcaption>
              <Text size="xs" fw={500} truncate>
                {`${label}`}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {`${file}`.split("/").at(-1)}
              </Text>
            </figcaption>
          </figure>
        </li>
      ))}
    </ul>
  );
}
