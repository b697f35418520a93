/** Short messages in the corner: what was done, and what failed. */
import { notifications } from "@mantine/notifications";
import { toProblem } from "@/api/problem";

export function notifySuccess(message: string): void {
  notifications.show({ message, color: "teal" });
}

export function notifyError(error: unknown): void {
  const problem = toProblem(error);
  notifications.show({ title: problem.title, message: problem.detail, color: "red", autoClose: 10_000 });
}

/** Says why something that was asked for cannot be, and what would make it possible. */
export function notifyRefusal(title: string, message: string): void {
  notifications.show({ title, message, color: "orange", autoClose: 12_000 });
}
