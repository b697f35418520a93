/** One call of a layer on the canvas: what it is, its main arguments, its output shapes, and what is wrong with it. */
import { Text, Tooltip } from "@mantine/core";
import { IconAlertCircleFilled, IconLink, IconLock } from "@tabler/icons-react";
import type { NodeProps } from "@xyflow/react";
import { Fragment, memo } from "react";
import { useCatalogue } from "@/api/catalogue";
import type { Entry, Issue, Layer, TensorSpec } from "@/api/types";
import type { LayerFlowNode } from "@/canvas/flowPieces";
import classes from "@/canvas/LayerNode.module.css";
import { InputHandles, OutputHandles } from "@/canvas/NodeHandles";
import { type NodeFacts, useNodeFacts } from "@/canvas/useNodeFacts";
import { useZoomedOut } from "@/canvas/useZoomedOut";
import { nameOf } from "@/graph/document";
import { toShortPython } from "@/graph/pythonText";
import { formatCount, formatShape, formatShortCount } from "@/graph/shapes";
import { colorOfCategory } from "@/ui/categoryColor";

const NO_CATEGORIES: readonly string[] = [];

export const LayerNode = memo(function LayerNode({ id, selected }: NodeProps<LayerFlowNode>) {
  const facts = useNodeFacts(id);
  const { entry, result, issues, slots, outputs } = facts;
  const { data: catalogue } = useCatalogue();
  const isSmall = useZoomedOut();
  const worst = issues.find(({ severity }) => severity === "error") ?? issues[0];
  return (
    <div
      className={classes.node}
      data-selected={selected || undefined}
      data-small={isSmall || undefined}
      data-severity={worst?.severity}
      data-checked={result !== undefined || undefined}
      style={{ "--accent": colorOfCategory(catalogue?.categories ?? NO_CATEGORIES, entry?.category) }}
    >
      <InputHandles nodeId={id} slots={slots} />
      {isSmall ? (
        <div className={classes.small}>{facts.layer ? nameOf(facts.layer) : id}</div>
      ) : (
        <NodeDetails nodeId={id} facts={facts} worst={worst} />
      )}
      <OutputHandles nodeId={id} count={outputs} />
    </div>
  );
});

interface NodeDetailsProps {
  nodeId: string;
  facts: NodeFacts;
  worst: Issue | undefined;
}

function NodeDetails({ nodeId, facts, worst }: NodeDetailsProps) {
  const { layer, calls, entry, result, parameters, issues } = facts;
  return (
    <>
      <div className={classes.head}>
        <span className={classes.name}>{layer ? nameOf(layer) : nodeId}</span>
        {calls > 1 && <IconLink size={13} aria-label={`Shared: called ${calls} times`} />}
        {layer?.trainable === false && <IconLock size={13} aria-label="Not trainable" />}
        <span className={classes.className}>{layer?.class_name ?? "unknown layer"}</span>
      </div>
      {worst && <IssueNote worst={worst} issues={issues} />}
      {!worst && layer && <MainArguments layer={layer} entry={entry} />}
      {(!worst || result) && (
        <div className={classes.foot}>
          <Shapes outputs={result?.outputs} />
          {parameters !== undefined && parameters > 0 && (
            <span title={`${formatCount(parameters)} parameters`}>{formatShortCount(parameters)} params</span>
          )}
        </div>
      )}
    </>
  );
}

/** The arguments that differ from Keras's defaults, in the order of the signature. */
function MainArguments({ layer, entry }: { layer: Layer; entry: Entry | undefined }) {
  const order = new Map(entry?.arguments.map(({ name }, index) => [name, index]));
  const given = Object.entries(layer.config).toSorted(
    ([one], [other]) => (order.get(one) ?? order.size) - (order.get(other) ?? order.size),
  );
  if (given.length === 0) return null;
  return (
    <div className={classes.arguments}>
      {given.map(([name, value]) => (
        <Fragment key={name}>
          <span className={classes.argument}>
            {name} <b>{toShortPython(value)}</b>
          </span>{" "}
        </Fragment>
      ))}
    </div>
  );
}

function Shapes({ outputs }: { outputs: readonly TensorSpec[] | undefined }) {
  const [first] = outputs ?? [];
  if (!outputs || !first) return <span className={classes.shape}>no shape yet</span>;
  const more = outputs.length > 1 ? ` +${outputs.length - 1}` : "";
  const all = outputs.map(({ shape, dtype }) => `${formatShape(shape)} ${dtype}`).join("\n");
  return (
    <span className={classes.shape} title={all}>
      {formatShape(first.shape)}
      {more}
    </span>
  );
}

/** Stands where arguments and shape would: a node keeps its size, so that nothing moves while a person draws. */
function IssueNote({ worst, issues }: { worst: Issue; issues: readonly Issue[] }) {
  return (
    <Tooltip
      openDelay={150}
      position="right"
      label={issues.map(({ message, hint, code, argument }) => (
        <Text size="xs" key={`${code} ${argument} ${message}`} mb={4}>
          {message} {hint && <em>{hint}</em>}
        </Text>
      ))}
    >
      <div className={classes.issue} role="status">
        <IconAlertCircleFilled size={14} aria-hidden />
        <div className={classes.issueText}>
          {worst.message} {worst.hint && <em>{worst.hint}</em>}
        </div>
      </div>
    </Tooltip>
  );
}
