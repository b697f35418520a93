/** A page that is still on its way. */
import { Center, Loader } from "@mantine/core";

export function PageLoader({ label = "Loading" }: { label?: string }) {
  return (
    <Center h="100%" mih={240} role="status" aria-label={label}>
      <Loader type="dots" aria-hidden />
    </Center>
  );
}
