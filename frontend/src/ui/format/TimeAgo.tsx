/** A moment in the past as people say it, kept up to date; its full date and time on hover. */
import { Text, Tooltip } from "@mantine/core";
import { formatDistanceStrict } from "date-fns";
import { useNow } from "@/ui/format/useNow";

const RENEW_MS = 10_000;
const FULL = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

export function TimeAgo({ time }: { time: string }) {
  const now = useNow(RENEW_MS);
  const date = new Date(time);
  const seconds = (now - date.getTime()) / 1000;
  const words = seconds < 10 ? "just now" : formatDistanceStrict(date, now, { addSuffix: true });
  return (
    <Tooltip label={FULL.format(date)}>
      <Text component="time" dateTime={time} inherit span style={{ whiteSpace: "nowrap" }}>
        {words}
      </Text>
    </Tooltip>
  );
}
