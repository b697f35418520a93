/** A number that may be left out: an empty field means that it is. What is out of range is said, and not taken. */
import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useState } from "react";

interface OptionalNumberFieldProps extends Pick<NumberInputProps, "label" | "description" | "placeholder"> {
  value: number | null;
  min: number;
  max: number;
  error: string | undefined;
  onChange: (value: number | null) => void;
}

export function OptionalNumberField({
  value,
  min,
  max,
  error,
  onChange,
  ...input
}: OptionalNumberFieldProps) {
  const [unfit, setUnfit] = useState<number | string | null>(null);
  const change = (typed: number | string) => {
    const wanted = typed === "" ? null : typed;
    const fits = wanted === null || (typeof wanted === "number" && wanted >= min && wanted <= max);
    setUnfit(fits ? null : typed);
    if (fits && wanted !== value) onChange(wanted);
  };
  return (
    <NumberInput
      {...input}
      value={unfit ?? value ?? ""}
      min={min}
      max={max}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      onChange={change}
      onBlur={() => setUnfit(null)}
      error={unfit === null ? error : `Expected a number from ${min} to ${max}, or nothing.`}
    />
  );
}
