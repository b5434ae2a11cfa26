/**
 * The copier as a process of its own: its memory can be measured, and it can be killed. Bundled before it is used. It reads one
 * request as a line of JSON from stdin and writes one line: `ready`, and then what it came to.
 */
import { createInterface } from 'node:readline';
import { copyImage, resolveImage } from '../../lambda/image-copy/copy/copy-image';
import { Connections } from '../../lambda/image-copy/http/connections';
import { RegistryFailure } from '../../lambda/image-copy/http/registry-failure';
import { parseReference } from '../../lambda/image-copy/registry/reference';
import type { Repository } from '../../lambda/image-copy/registry/repository-client';
import { systemClock } from '../../lambda/shared/clock';

export interface CopierRequest {
  readonly reference: string;
  readonly target: Pick<Repository, 'registry' | 'repository'>;
  readonly access: Pick<Repository, 'credentials' | 'certificateAuthority'>;
  /** From the beginning, in milliseconds. */
  readonly yieldAfter: number;
  readonly deadlineAfter: number;
}

export interface CopierOutcome {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly peakMib: number;
  readonly isFinished: boolean;
  readonly digest?: string;
  readonly copied: number;
  readonly missing: number;
  readonly failure?: string;
}

async function copy({ reference, target, access, yieldAfter, deadlineAfter }: CopierRequest): Promise<CopierOutcome> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const now = Date.now();
  const environment = { clock: systemClock, connections: new Connections() };
  const parsed = parseReference(reference);
  let ended: Pick<CopierOutcome, 'isFinished' | 'digest' | 'copied' | 'missing' | 'failure'>;
  try {
    const { digest } = await resolveImage({ ...access, reference: parsed }, now + deadlineAfter, environment);
    const result = await copyImage({
      source: { ...access, registry: parsed.registry, repository: parsed.repository },
      target: { ...access, ...target },
      digest,
      tag: 'copy',
      yieldAt: now + yieldAfter,
      deadline: now + deadlineAfter,
    }, environment);
    ended = result.isFinished
      ? { isFinished: true, digest: result.digest, copied: result.copied.count, missing: 0 }
      : { isFinished: false, copied: result.copied.count, missing: result.missing.count, failure: result.trouble?.message };
  } catch (error) {
    ended = { isFinished: false, copied: 0, missing: -1, failure: error instanceof RegistryFailure ? error.message : String((error as Error).stack) };
  }
  const { user, system } = process.cpuUsage(cpu);
  const milliseconds = performance.now() - begun;
  return { ...ended, milliseconds, cpuMilliseconds: (user + system) / 1000, peakMib: process.resourceUsage().maxRSS / 1024 };
}

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  lines.close();
  copy(JSON.parse(line) as CopierRequest).then((outcome) => {
    process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0));
  }, (error: Error) => { throw error; });
});
process.stdout.write('ready\n');
