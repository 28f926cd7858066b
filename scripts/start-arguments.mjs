// What `npm start` adds to `sendit watcher start`: ./data, where neither an argument, a variable nor a file says what to watch.
const NAMES_WATCH_PATHS = /^(?:--data|--config|-c)(?:=|$)/;

/** The arguments that stand for a configuration, for a clone in `root`; none where there is one. */
export function toDataArguments({ root, own, env, names }) {
  const isNamed = own.some((argument) => NAMES_WATCH_PATHS.test(argument));
  const isSet = ['SENDIT_DATA', 'SENDIT_CONFIG'].some((variable) => (env[variable] ?? '') !== '');
  const isConfigured = names.some((name) => /^sendit\.config\.(?:[cm]?[jt]s|json|ya?ml)$/.test(name));
  return isNamed || isSet || isConfigured ? [] : ['--data', `${root}data`];
}
