/** What the tests' simulated browser lacks and Mantine asks for. */

import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

class SilentObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

vi.stubGlobal("ResizeObserver", SilentObserver);
afterEach(cleanup);
