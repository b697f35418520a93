/** One call of a layer on the canvas: what it is, its main arguments, its output shapes, and what is wrong with it. */
import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconAlertCircleFilled, IconArrowsMaximize, IconLink, IconLock } from "@tabler/icons-react";
import type { NodeProps } from "@xyflow/react";
import { Fragment, memo } from "react";
import { useCatalogue } from "@/api/catalogue";
import type { Entry, Graph, Issue, Layer, Node, TensorSpec } from "@/api/types";
import type { LayerFlowNode } from "@/canvas/flowPieces";
import { heatOfNode } from "@/canvas/heat";
import classes from "@/canvas/LayerNode.module.css";
import { InputHandles, OutputHandles } from "@/canvas/NodeHandles";
import { type NodeFacts, type Tie, useNodeFacts } from "@/canvas/useNodeFacts";
import { useZoomedOut } from "@/canvas/useZoomedOut";
import { formatConstant } from "@/graph/callConstants";
import { findLayerOf, nameOf } from "@/graph/document";
import { inputsOf } from "@/graph/ends";
import { toShortPython } from "@/graph/pythonText";
import { formatCount, formatShape, formatShortCount } from "@/graph/shapes";
import { type EditorState, openNode, useEditor } from "@/stores/editor/editorStore";
import { goToIssue } from "@/stores/editor/goToIssue";
import { colorOfCategory } from "@/ui/categoryColor";
import { colorOfTie } from "@/ui/tieColor";

const NO_CATEGORIES: readonly string[] = [];
const LONGEST_CONSTANT = 40;

export const LayerNode = memo(function LayerNode({ id, selected }: NodeProps<LayerFlowNode>) {
  const facts = useNodeFacts(id);
  const { layer, tie, entry, result, issues, sockets, outputs } = facts;
  const { data: catalogue } = useCatalogue();
  const isSmall = useZoomedOut();
  const isTied = useEditor((state) => tie !== null && isMarked(state, layer));
  const heat = useEditor((state) => heatOfNode(state.heat, id)?.strength);
  const worst = issues.find(({ severity }) => severity === "error") ?? issues[0];
  return (
    <div
      className={classes.node}
      data-selected={selected || undefined}
      data-small={isSmall || undefined}
      data-severity={worst?.severity}
      data-checked={result !== undefined || undefined}
      data-holds-graph={layer?.graph ? true : undefined}
      data-tied={isTied || undefined}
      data-heat={heat !== undefined || undefined}
      style={{
        "--accent": colorOfCategory(catalogue?.categories ?? NO_CATEGORIES, entry?.category),
        "--tie": tie ? colorOfTie(tie.color) : undefined,
        "--heat": heat === undefined ? undefined : `${Math.round(heat * 100)}%`,
      }}
    >
      <InputHandles nodeId={id} slots={sockets} />
      {isSmall ? (
        <div className={classes.small}>{layer ? nameOf(layer) : id}</div>
      ) : (
        <NodeDetails nodeId={id} facts={facts} worst={worst} />
      )}
      <OutputHandles nodeId={id} count={outputs} />
    </div>
  );
});

/** Whether the pointer is over a call of this layer, or a call of it is the one chosen. */
function isMarked({ pointedLayer, selectedNodes, open }: EditorState, layer: Layer | undefined): boolean {
  if (!layer) return false;
  if (pointedLayer === layer.id) return true;
  const [chosen] = selectedNodes;
  return selectedNodes.size === 1 && findLayerOf(open.document.graph, chosen ?? "")?.id === layer.id;
}

interface NodeDetailsProps {
  nodeId: string;
  facts: NodeFacts;
  worst: Issue | undefined;
}

function NodeDetails({ nodeId, facts, worst }: NodeDetailsProps) {
  const { layer, tie, entry, constants, result, parameters, issues } = facts;
  return (
    <>
      <div className={classes.head}>
        <span className={classes.name}>{layer ? nameOf(layer) : nodeId}</span>
        {tie && <TieMark tie={tie} />}
        {layer?.trainable === false && (
          <IconLock size={13} className={classes.mark} aria-label="Not trainable" />
        )}
        <span className={classes.className}>{layer?.class_name ?? "unknown layer"}</span>
        {layer?.graph && <OpenButton nodeId={nodeId} name={nameOf(layer)} />}
      </div>
      {worst && <IssueNote worst={worst} issues={issues} />}
      {!worst && layer?.graph && <InnerSummary graph={layer.graph} />}
      {!worst && layer && !layer.graph && (
        <MainArguments layer={layer} entry={entry} constants={constants ?? {}} />
      )}
      {(!worst || result) && (
        <div className={classes.foot}>
          <Shapes outputs={result?.outputs} />
          <Amount nodeId={nodeId} parameters={parameters} />
        </div>
      )}
    </>
  );
}

/** Which of a shared layer's calls this is. */
function TieMark({ tie }: { tie: Tie }) {
  const text = `Shared: call ${tie.number} of ${tie.of}, with the same weights`;
  return (
    <span className={classes.tie} role="img" aria-label={text} title={text}>
      <IconLink size={11} aria-hidden />
      {tie.number} of {tie.of}
    </span>
  );
}

function OpenButton({ nodeId, name }: { nodeId: string; name: string }) {
  return (
    <ActionIcon
      className={`${classes.open} nodrag`}
      size={20}
      variant="light"
      aria-label={`Open ${name}`}
      title="Open the graph inside (double-click or Enter)"
      onClick={(event) => {
        event.stopPropagation();
        openNode(nodeId);
      }}
    >
      <IconArrowsMaximize size={12} aria-hidden />
    </ActionIcon>
  );
}

function InnerSummary({ graph }: { graph: Graph }) {
  const layers = graph.layers.length;
  const inputs = inputsOf(graph).length;
  const inside = graph.layers.slice(0, 12).map(nameOf).join(", ");
  return (
    <div className={classes.arguments} title={inside}>
      <span className={classes.argument}>
        <b>{layers}</b> {layers === 1 ? "layer" : "layers"} inside
      </span>
      {inputs > 1 && (
        <span className={classes.argument}>
          <b>{inputs}</b> inputs
        </span>
      )}
    </div>
  );
}

/** The layer's parameters or, on a heat map, what that shows. */
function Amount({ nodeId, parameters }: { nodeId: string; parameters: number | undefined }) {
  const heat = useEditor((state) => state.heat);
  const own = heatOfNode(heat, nodeId);
  if (heat && own) {
    const title = `${heat.label}: ${formatCount(own.value)} ${heat.unit}`;
    return <span title={title}>{own.value > 0 ? SHARE.format(own.share) : "0 %"}</span>;
  }
  if (parameters === undefined || parameters === 0) return null;
  return <span title={`${formatCount(parameters)} parameters`}>{formatShortCount(parameters)} params</span>;
}

const SHARE = new Intl.NumberFormat("en-US", { style: "percent", maximumSignificantDigits: 2 });

/** The arguments that differ from Keras's defaults, in the order of the signature. */
interface MainArgumentsProps {
  layer: Layer;
  entry: Entry | undefined;
  constants: Node["arguments"];
}

/** What the layer is made with, and the constants that it is called with. */
function MainArguments({ layer, entry, constants }: MainArgumentsProps) {
  const order = new Map(entry?.arguments.map(({ name }, index) => [name, index]));
  const given = Object.entries(layer.config).toSorted(
    ([one], [other]) => (order.get(one) ?? order.size) - (order.get(other) ?? order.size),
  );
  const called = Object.entries(constants).map(([place, value]) => {
    const argument = entry?.call.find(({ name, position }) => name === place || String(position) === place);
    return [argument?.name ?? place, formatConstant(value).slice(0, LONGEST_CONSTANT)] as const;
  });
  const shown = [...given.map(([name, value]) => [name, toShortPython(value)] as const), ...called];
  if (shown.length === 0) return null;
  return (
    <div className={classes.arguments}>
      {shown.map(([name, text]) => (
        <Fragment key={name}>
          <span className={classes.argument}>
            {name} <b>{text}</b>
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
  const path = useEditor((state) => state.open.path);
  const inside = worst.within.slice(path.length);
  const text = (
    <>
      <IconAlertCircleFilled size={14} aria-hidden />
      <div className={classes.issueText}>
        {inside.length > 0 && <b>Inside{worst.node ? `, at ${worst.node}` : ""}: </b>}
        {worst.message} {worst.hint && <em>{worst.hint}</em>}
      </div>
    </>
  );
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
      {inside.length > 0 ? (
        <button
          type="button"
          className={`${classes.issue} nodrag`}
          title="Go to where it is"
          onClick={(event) => {
            event.stopPropagation();
            goToIssue(worst);
          }}
        >
          {text}
        </button>
      ) : (
        <div className={classes.issue} role="status">
          {text}
        </div>
      )}
    </Tooltip>
  );
}
