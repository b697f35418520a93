import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { arePictures, RowGallery } from "@/library/RowGallery";

const CAT = {
  file: "pets/cats/1.jpg",
  width: 200,
  height: 150,
  label: "cats",
  picture: "data:image/png;base64,A",
};
const POSTER = { file: "pets/dogs/2.jpg", width: 9000, height: 9000, label: "dogs" };

it("shows pictures with their labels, and says of which it has none", () => {
  render(
    <MantineProvider>
      <RowGallery rows={[CAT, POSTER]} />
    </MantineProvider>,
  );
  expect(screen.getByRole("img", { name: "pets/cats/1.jpg, cats" })).toHaveProperty("src", CAT.picture);
  expect(screen.getByText("dogs")).toBeDefined();
  expect(screen.getByText("too large to be shown")).toBeDefined();
});

it("is for rows with a picture", () => {
  expect(arePictures([POSTER, CAT])).toBe(true);
  expect(arePictures([{ länge: 5.1, art: "setosa" }])).toBe(false);
});
