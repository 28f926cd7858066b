// As another user (uid in argv), judges and tries to stop a process; prints what came of it.
import { isAlive, stopProcess } from '@sendit/daemon';

const [uid, pid] = process.argv.slice(2).map(Number);
process.setgid(uid);
process.setuid(uid);
const outcome = await stopProcess({ pid, startTime: null }, { timeoutMs: 100 }).catch((error) => error.code);
process.stdout.write(`${await isAlive(pid)} ${outcome}\n`);
