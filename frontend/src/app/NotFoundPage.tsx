/** An address that no page has. */
import { Button, Container } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { Link } from "react-router";
import { EmptyState } from "@/ui/EmptyState";

export function NotFoundPage() {
  return (
    <Container py="xl">
      <EmptyState
        icon={<IconMapQuestion />}
        title="There is no page at this address"
        action={
          <Button component={Link} to="/" variant="light">
            Go to the models
          </Button>
        }
      />
    </Container>
  );
}
