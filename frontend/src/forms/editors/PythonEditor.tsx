/** A field for Python with line numbers and colours. Large: load it only where it is shown. */
import { python } from "@codemirror/lang-python";
import { useComputedColorScheme } from "@mantine/core";
import CodeMirror, { Decoration, type EditorState, EditorView } from "@uiw/react-codemirror";
import { useMemo } from "react";

interface PythonEditorProps {
  value: string;
  label: string;
  /** The line that is at fault, counted from 1; null where none is. */
  faultLine: number | null;
  /** As a length of CSS. */
  maxHeight: string;
  onChange: (value: string) => void;
  onDone: () => void;
}

const LOOK = EditorView.theme({
  "&": { fontSize: "12px", border: "1px solid var(--mantine-color-default-border)" },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)" },
  ".cm-fault": { background: "var(--mantine-color-red-light)" },
});
const FAULT = Decoration.line({ class: "cm-fault" });

/** Marks a line of the text, as long as there is such a line. */
function markLine(state: EditorState, line: number | null) {
  if (line === null || line > state.doc.lines) return Decoration.none;
  return Decoration.set([FAULT.range(state.doc.line(line).from)]);
}

export function PythonEditor({ value, label, faultLine, maxHeight, onChange, onDone }: PythonEditorProps) {
  const scheme = useComputedColorScheme("light");
  const extensions = useMemo(
    () => [
      python(),
      LOOK,
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.decorations.compute(["doc"], (state) => markLine(state, faultLine)),
    ],
    [label, faultLine],
  );
  return (
    <CodeMirror
      value={value}
      theme={scheme}
      extensions={extensions}
      minHeight="160px"
      maxHeight={maxHeight}
      indentWithTab={false}
      basicSetup={{ foldGutter: false, highlightActiveLine: false, tabSize: 4 }}
      onChange={onChange}
      onBlur={onDone}
    />
  );
}
