/** The most probable classes as bars: what was right, and what was said wrongly. */
import { Fragment } from "react";
import { toNumber } from "@/api/number";
import type { OutputAnswer } from "@/api/types";
import classes from "@/evaluation/Evaluation.module.css";
import { formatMetric } from "@/ui/format/amounts";

export function ScoreBars({ answer, probabilities }: { answer: OutputAnswer; probabilities: boolean }) {
  const scores = answer.classes.map(({ score }) => toNumber(score));
  const most = probabilities ? 1 : Math.max(...scores.map(Math.abs), 1e-9);
  return (
    <div className={classes.scores}>
      {answer.classes.map(({ label, name }, i) => {
        const score = scores[i] ?? 0;
        return (
          <Fragment key={label}>
            <span className={classes.scoreName} title={name}>
              {name}
            </span>
            <span className={classes.scoreBar}>
              <span
                className={classes.scoreFill}
                data-tone={findTone(answer, label, name)}
                style={{ display: "block", width: `${Math.min(100, Math.max(0, (score / most) * 100))}%` }}
              />
            </span>
            <span>{probabilities ? writeProbability(score) : formatMetric(score)}</span>
          </Fragment>
        );
      })}
    </div>
  );
}

function findTone(answer: OutputAnswer, label: number, name: string): string | undefined {
  if (answer.target_classes.includes(name)) return "right";
  if (answer.label !== label) return undefined;
  return answer.target_classes.length > 0 ? "wrong" : "said";
}

export function writeProbability(share: number): string {
  const percent = share * 100;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}
