import type { ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="1.3rem"
      height="1.3rem"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const ICONS = {
  now: (
    <Icon>
      <path d="M2.5 10.5h3.2l2-5.5 4 10 2.1-4.5h3.7" />
    </Icon>
  ),
  board: (
    <Icon>
      <path d="M3 5h14M3 10h14M3 15h9" />
    </Icon>
  ),
  queue: (
    <Icon>
      <path d="m10 3 7 3.6-7 3.6-7-3.6L10 3Zm-7 7 7 3.6 7-3.6M3 13.4 10 17l7-3.6" />
    </Icon>
  ),
  throughput: (
    <Icon>
      <path d="M3.5 16.5v-5m4.3 5V7m4.4 9.500V9.500m4.300 7v-13" />
    </Icon>
  ),
  configuration: (
    <Icon>
      <path d="M3 6h7m4 0h3M3 14h3m4 0h7" />
      <circle cx="12" cy="6" r="2" />
      <circle cx="8" cy="14" r="2" />
    </Icon>
  ),
  audit: (
    <Icon>
      <path d="M5 3h7l3.500 3.500V17H5V3Zm3 7h5m-5 3.500h5" />
    </Icon>
  ),
} as const;
