// A daemon of several tempers, for startDetached.
import { writeFileSync } from 'node:fs';
import { receiveInput, reportFailed, reportLine, reportReady } from '@sendit/daemon';
import { SenditError } from '@sendit/model';

const [temper, pidPath] = process.argv.slice(2);
if (pidPath !== undefined) writeFileSync(pidPath, String(process.pid));
const stay = () => setInterval(() => undefined, 60_000);

switch (temper) {
  case 'ready':
    reportLine('out', 'DEBUG Adding watch on /data');
    reportLine('err', 'WARNING something small');
    process.stdout.write('printed on stdout\n');
    await reportReady({ socketPath: '/run/x.sock' });
    stay();
    break;
  case 'given':
    // Later than the message comes.
    setTimeout(async () => {
      await reportReady({ input: await receiveInput() });
      stay();
    }, 100);
    break;
  case 'failing':
    await reportFailed(
      new SenditError('no watch', { code: 'watch-failed', retry: 'safe', hint: 'Mount it.', problems: ['a', 'b'] }),
    );
    process.exit(3);
    break;
  case 'broken':
    await reportFailed(new TypeError('a mistake'));
    process.exit(3);
    break;
  case 'dying':
    process.stderr.write('one\ntwo\n');
    throw new Error('the reason');
  case 'aborting':
    process.abort();
    break;
  case 'deaf':
    process.on('SIGTERM', () => undefined);
    stay();
    break;
  default:
    stay();
}
