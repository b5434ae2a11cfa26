import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webApp } from '../apps/apps';
import { synthesize, type SynthesizedStack } from '../apps/template';

const HANDLER = join(__dirname, '..', '..', '..', 'assets', 'deployment-handler', 'index.js');

let known: SynthesizedStack | undefined;

/** The bundled handler, with the waiter that serves it. The resources are the test's own. */
export function certificateStack(): SynthesizedStack {
  if (known) return known;

  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  try {
    return known = { ...synthesize(folder, webApp('nginx', { isImported: true })), handlerFile: HANDLER };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
