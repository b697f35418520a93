/** Catches what a page throws, so that one broken page leaves the rest of the application usable. */
import { Container } from "@mantine/core";
import { useRouteError } from "react-router";
import { ErrorNote } from "@/ui/ErrorNote";

export function RouteError() {
  const error = useRouteError();
  return (
    <Container py="xl" size="sm">
      <ErrorNote error={error} onRetry={() => window.location.reload()} />
    </Container>
  );
}
