/** The frame of every page: header with navigation and theme switch, the page below it. */
import { AppShell, Group, Text, UnstyledButton } from "@mantine/core";
import { Link, NavLink, Outlet } from "react-router";
import { DatasetPreview } from "@/app/DatasetPreview";
import { Logo } from "@/app/Logo";
import classes from "@/app/Shell.module.css";
import { ThemeSwitch } from "@/app/ThemeSwitch";

export const HEADER_HEIGHT = 48;

const PLACES = [
  { to: "/", label: "Models" },
  { to: "/data", label: "Data" },
  { to: "/runs", label: "Runs" },
];

export function Shell() {
  return (
    <AppShell header={{ height: HEADER_HEIGHT }} padding={0}>
      <a href="#page" className={classes.skip}>
        Skip to the page
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="lg" wrap="nowrap">
          <UnstyledButton component={Link} to="/" aria-label="Layerloom, home" className={classes.brand}>
            <Logo />
            <Text fw={700} visibleFrom="xs">
              Layerloom
            </Text>
          </UnstyledButton>
          <nav aria-label="Main" className={classes.nav}>
            {PLACES.map(({ to, label }) => (
              <NavLink key={to} to={to} end={to === "/"} className={classes.link}>
                {label}
              </NavLink>
            ))}
          </nav>
          <ThemeSwitch />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="page" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
      <DatasetPreview />
    </AppShell>
  );
}
