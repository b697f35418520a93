/** A field for Python with line numbers and colours. Large: load it only where it is shown. */
import { python } from "@codemirror/lang-python";
import { useComputedColorScheme } from "@mantine/core";
import CodeMirror, { EditorView } from "@uiw/react-codemirror";
import { useMemo } from "react";

interface PythonEditorProps {
  value: string;
  label: string;
  onChange: (value: string) => void;
  onDone: () => void;
}

const LOOK = EditorView.theme({
  "&": { fontSize: "12px" },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)" },
});

export function PythonEditor({ value, label, onChange, onDone }: PythonEditorProps) {
  const scheme = useComputedColorScheme("light");
  const extensions = useMemo(
    () => [python(), LOOK, EditorView.contentAttributes.of({ "aria-label": label })],
    [label],
  );
  return (
    <CodeMirror
      value={value}
      theme={scheme}
      extensions={extensions}
      minHeight="160px"
      maxHeight="420px"
      indentWithTab={false}
      basicSetup={{ foldGutter: false, highlightActiveLine: false, tabSize: 4 }}
      onChange={onChange}
      onBlur={onDone}
    />
  );
}
