/** Which address shows which page. Pages are loaded when they are first opened. */
import { createBrowserRouter } from "react-router";
import { NotFoundPage } from "@/app/NotFoundPage";
import { RouteError } from "@/app/RouteError";
import { Shell } from "@/app/Shell";
import { PageLoader } from "@/ui/PageLoader";

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <RouteError />,
    HydrateFallback: PageLoader,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, lazy: async () => ({ Component: (await import("@/home/HomePage")).HomePage }) },
          {
            path: "models/:modelId",
            lazy: async () => ({ Component: (await import("@/app/editor/EditorPage")).EditorPage }),
          },
          { path: "runs", lazy: async () => ({ Component: (await import("@/runs/RunsPage")).RunsPage }) },
          {
            path: "runs/:runId",
            lazy: async () => ({ Component: (await import("@/app/RunDashboard")).RunDashboard }),
          },
          { path: "data", lazy: async () => ({ Component: (await import("@/library/DataPage")).DataPage }) },
          {
            path: "data/new",
            lazy: async () => ({ Component: (await import("@/library/NewDataPage")).NewDataPage }),
          },
          { path: "data/:name", lazy: async () => ({ Component: (await import("@/app/OwnData")).OwnData }) },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
]);
