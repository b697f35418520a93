// Takes every web address out of package-lock.json: npm writes funding pages into it, and a lock file here names no host.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const text = readFileSync(path, "utf8");
const lock = JSON.parse(text);
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  delete entry.resolved;
  if (typeof entry.deprecated === "string") delete entry.deprecated;
}
const clean = `${JSON.stringify(lock, null, 2)}\n`;
if (clean !== text) writeFileSync(path, clean);
