import type { Settings } from '@sendit/config';

/** The processes that may be services. */
export const SERVICE_ROLES = ['watcher', 'worker', 'portal'] as const;

/** One word of {@link SERVICE_ROLES}. */
export type ServiceRole = (typeof SERVICE_ROLES)[number];

/** Inputs of a unit beside the settings. */
export interface UnitRequest {
  readonly role: ServiceRole;
  /** Absolute paths of Node and of the command. */
  readonly node: string;
  readonly command: string;
  readonly user: string;
  /** File of `NAME=value` lines: URLs with passwords, secrets of webhooks. */
  readonly environmentFile: string;
}

const START: Readonly<Record<ServiceRole, string>> = {
  watcher: 'watcher start --foreground',
  worker: 'worker start',
  portal: 'portal start',
};

const IS: Readonly<Record<ServiceRole, string>> = {
  watcher: 'sendit watcher: takes complete series from the landing folders',
  worker: 'sendit worker: imports what the watcher sealed',
  portal: 'sendit portal: API and page',
};

/** systemd kills a service after this long without a sign of life. */
const WATCHDOG_SECONDS = 60;
/** Longer than the drain, so that systemd does not kill what is still ending well. */
const STOP_MARGIN_SECONDS = 10;

/** Name of the unit file. */
export function toUnitName(role: ServiceRole): string {
  return `sendit-${role}.service`;
}

/** A systemd unit for one process of an installation: notifies, is watched, and may write only where sendit writes. */
export function toUnit(request: UnitRequest, settings: Settings): string {
  const { command, environmentFile, node, role, user } = request;
  const { configFile, stateDir, stopTimeoutMs } = settings;
  const folders = role === 'portal' ? [] : settings.watchPaths.map(({ folder }) => folder);
  const args = [START[role], `--state-dir ${quote(stateDir)}`];
  if (configFile !== undefined) args.push(`--config ${quote(configFile)}`);
  return `[Unit]
Description=${IS[role]}
Wants=network-online.target
After=network-online.target postgresql.service redis-server.service
${folders.map((folder) => `RequiresMountsFor=${quote(folder)}\n`).join('')}
[Service]
Type=notify
NotifyAccess=all
WatchdogSec=${WATCHDOG_SECONDS}
ExecStart=${quote(node)} ${quote(command)} ${args.join(' ')}
EnvironmentFile=-${environmentFile}
User=${user}
Restart=on-failure
RestartSec=5
KillMode=mixed
TimeoutStartSec=infinity
TimeoutStopSec=${Math.ceil(stopTimeoutMs / 1_000) + STOP_MARGIN_SECONDS}
LimitNOFILE=65536
UMask=0027

# Everything is read-only but what is named here; commands of \`exec\` actions need their folders here too.
ProtectSystem=strict
${toStateLines(stateDir)}${toWritable(role, settings)
  .map((path) => `ReadWritePaths=${quote(path)}\n`)
  .join('')}ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectProc=invisible
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** Below /var/lib systemd makes the state directory and gives it to the user; elsewhere it must be there. */
function toStateLines(stateDir: string): string {
  const below = /^\/var\/lib\/([\w.-]+(?:\/[\w.-]+)*)$/.exec(stateDir)?.[1];
  if (below === undefined) return `ReadWritePaths=${quote(stateDir)}\n`;
  return `StateDirectory=${below}\nStateDirectoryMode=0700\n`;
}

/** Paths that actions read and write: the watcher runs them. */
function toWritable(role: ServiceRole, { watchPaths }: Settings): readonly string[] {
  if (role !== 'watcher') return [];
  const placed = watchPaths.flatMap(({ actions, failedActions, folder }) =>
    [...actions, ...failedActions].flatMap((action) => {
      if (action.kind !== 'copy' && action.kind !== 'move') return [];
      return action.kind === 'move' ? [folder, action.to] : [action.to];
    }),
  );
  return [...new Set(placed)];
}

/** For one word of a unit file: systemd.syntax(7), `%` and `$` stand for themselves. */
function quote(text: string): string {
  const escaped = text.replaceAll('%', '%%').replaceAll('$', '$$$$').replaceAll(/["\\]/g, String.raw`\$&`);
  return /^[\w./:@%$=-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}
