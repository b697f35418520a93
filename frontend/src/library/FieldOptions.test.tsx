import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { makeField } from "@/library/examples";
import { FieldMapping } from "@/library/FieldOptions";

const PICTURE = { kind: "array" as const, shape: [8, 8, 3] };
const LABEL = { kind: "category" as const, shape: [] };

const FIELDS = {
  all: [
    makeField("pictures", PICTURE),
    makeField("signs", LABEL),
    makeField("more pictures", PICTURE),
    makeField("more signs", LABEL),
  ],
  used: ["pictures", "signs"],
};

function show(value: Record<string, string>, fields = FIELDS) {
  const onChange = vi.fn();
  render(
    <MantineProvider env="test">
      <FieldMapping
        label="Test samples"
        description=""
        value={value}
        issues={[]}
        fields={fields}
        onChange={onChange}
      />
    </MantineProvider>,
  );
  return onChange;
}

it("offers for each field that is used those with samples of its shape", () => {
  const onChange = show({});
  fireEvent.click(screen.getByRole("combobox", { name: "of pictures" }));
  expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["more pictures"]);
  fireEvent.click(screen.getByRole("option", { name: "more pictures" }));
  expect(onChange).toHaveBeenCalledWith({ pictures: "more pictures" });
});

it("keeps what was said of other fields, and takes back what is emptied", () => {
  const onChange = show({ pictures: "more pictures", signs: "more signs" });
  const [clear] = document.querySelectorAll("button");
  fireEvent.click(clear as Element);
  expect(onChange).toHaveBeenCalledWith({ signs: "more signs" });
});

it("is not there where no other field has such samples", () => {
  show({}, { all: FIELDS.all.slice(0, 2), used: FIELDS.used });
  expect(screen.queryByRole("group")).toBeNull();
});
