import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** Gives a test run a folder of its own for temporary files: each app that is synthesized leaves one there. */
export default function setUp(): void {
  process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-lightsail-containers-test-'));
}
