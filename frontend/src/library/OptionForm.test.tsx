import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { OptionForm } from "@/library/OptionForm";

const CHOICES = {
  properties: {
    delimiter: { anyOf: [{ type: "string", maxLength: 1 }, { type: "null" }] },
    header: { type: "boolean" },
    seed: { type: "integer", minimum: 0 },
  },
};

function show(options: Record<string, unknown>) {
  const onChange = vi.fn();
  const issue = {
    code: "bad_option",
    message: "expected one character",
    severity: "error" as const,
    argument: "options.delimiter",
    within: [],
    fixes: [],
  };
  render(
    <MantineProvider>
      <OptionForm
        choices={CHOICES}
        options={options}
        issues={[issue]}
        fields={{ all: [], used: [] }}
        onChange={onChange}
      />
    </MantineProvider>,
  );
  return onChange;
}

describe("the form of options", () => {
  it("writes a tab so that it is seen, and tells a change when the field is left", () => {
    const onChange = show({ delimiter: "\t", header: true, seed: 0 });
    const field = screen.getByLabelText("Delimiter");
    expect(field).toHaveProperty("value", "\\t");
    fireEvent.change(field, { target: { value: ";" } });
    expect(onChange).not.toHaveBeenCalled();
    fireEvent.blur(field);
    expect(onChange).toHaveBeenCalledWith("delimiter", ";");
  });

  it("lets the server find out again what was emptied", () => {
    const onChange = show({ delimiter: ",", header: true, seed: 0 });
    const field = screen.getByLabelText("Delimiter");
    fireEvent.change(field, { target: { value: "" } });
    fireEvent.blur(field);
    expect(onChange).toHaveBeenCalledWith("delimiter", undefined);
  });

  it("shows what is wrong at its field", () => {
    show({ delimiter: "ab", header: true, seed: 0 });
    expect(screen.getByText("expected one character")).toBeTruthy();
  });
});
