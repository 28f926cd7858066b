// Resolves state files as another user (uid in argv) and prints the outcome.
import { resolveStateFiles } from '@sendit/daemon';

const [uid, tempDirectory, pidFile, outFile, errFile] = process.argv.slice(2);
process.setgid(Number(uid));
process.setuid(Number(uid));
try {
  process.stdout.write(JSON.stringify(await resolveStateFiles({ pidFile, outFile, errFile }, { tempDirectory })));
} catch (error) {
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
}
