/** A number that must be there: while the field is empty or out of range it says so, and the setting stays. */
import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useState } from "react";

interface NumberFieldProps extends Pick<NumberInputProps, "label" | "description" | "step" | "decimalScale"> {
  value: number;
  min: number;
  max: number;
  error: string | undefined;
  onChange: (value: number) => void;
}

export function NumberField({
  value,
  min,
  max,
  error,
  onChange,
  decimalScale = 0,
  ...input
}: NumberFieldProps) {
  const [unfit, setUnfit] = useState<number | string | null>(null);
  const change = (typed: number | string) => {
    const fits = typeof typed === "number" && typed >= min && typed <= max;
    setUnfit(fits ? null : typed);
    if (fits && typed !== value) onChange(typed);
  };
  return (
    <NumberInput
      {...input}
      value={unfit ?? value}
      min={min}
      max={max}
      clampBehavior="none"
      decimalScale={decimalScale}
      allowDecimal={decimalScale > 0}
      allowNegative={false}
      onChange={change}
      onBlur={() => setUnfit(null)}
      error={unfit === null ? error : `Expected a number from ${min} to ${max}.`}
    />
  );
}
