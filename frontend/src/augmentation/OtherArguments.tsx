/** The arguments of `ImageDataGenerator` that no layer stands for, and what to do instead. */
import { Button, Collapse, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import classes from "@/augmentation/Augmentation.module.css";

export function OtherArguments({ unavailable }: { unavailable: Readonly<Record<string, string>> }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <div className={classes.others}>
      <Button variant="subtle" color="gray" size="compact-xs" aria-expanded={isOpen} onClick={toggle}>
        Its other arguments ({Object.keys(unavailable).length})
      </Button>
      <Collapse expanded={isOpen}>
        <dl className={classes.list}>
          {Object.entries(unavailable).map(([name, text]) => (
            <div key={name}>
              <Text component="dt" size="xs" ff="monospace">
                {name}
              </Text>
              <Text component="dd" size="xs" c="dimmed" m={0}>
                {text}
              </Text>
            </div>
          ))}
        </dl>
      </Collapse>
    </div>
  );
}
