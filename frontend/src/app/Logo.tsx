/** The mark: threads crossing in a loom. Drawn inline so that it takes the theme's colour. */

export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--mantine-primary-color-filled)" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round">
        <path d="M8 10h5M19 10h5M8 16h16M8 22h5M19 22h5" opacity=".55" />
        <path d="M13 7v12M19 13v12M13 22v3M19 7v3" />
      </g>
    </svg>
  );
}
