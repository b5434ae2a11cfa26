import type { Mask } from '../../masking/secret-mask';

/** The address that a process logs as its own. */
export interface Listening {
  /** As the line shows it, masked. */
  readonly address: string;
  readonly port: number;
  /** Masked. */
  readonly shownPort: string;
  /** Whether only processes of the same deployment can reach it. */
  readonly loopback: boolean;
}

const LISTENS = /\b(?:listen(?:ing|s)?|running|serving|started|starting|bound|binding|ready|available|local|network)\b/i;

/** Outgoing connections, internal ports, and failed attempts to listen. */
const SOMETHING_ELSE = new RegExp([
  '\\b(?:connect(?:ed|ing|ion)?|database|redis|postgres\\w*|mongo\\w*|mysql|kafka|rabbitmq|upstream)\\b',
  '\\b(?:debugger|inspector|metrics|prometheus|actuator|management)\\b',
  '\\b(?:error|failed|cannot|could not|unable|denied|in use)\\b',
].join('|'), 'i');

const ADDRESSES: readonly RegExp[] = [
  // http://127.0.0.1:3000, 0.0.0.0:3000, localhost:3000, [::]:3000, *:3000, and :3000 if it is not part of a time
  /(?:(?:https?|tcp|ws):\/\/(?<named>[\w.-]+|\[[\da-f:.]+\])|(?<host>\d{1,3}(?:\.\d{1,3}){3}|localhost|\[[\da-f:.]+\]|\*)|(?<![\w\])])):(?<port>\d{2,5})\b(?![:.\d])/dgi,
  // port 3000, port(s): 3000, listening on 3000
  /\b(?:ports?(?:\(s\))?\s*[:=]?|listen(?:ing|s)? (?:on|at))\s*(?<port>\d{2,5})\b(?![:.\d])/dgi,
];

const LOOPBACK = /^(?:127\.|localhost$|\[::1\]$)/i;

export function listeningOf(line: string, mask: Mask): Listening[] {
  if (!LISTENS.test(line) || SOMETHING_ELSE.test(line)) return [];

  return ADDRESSES.flatMap((pattern) => [...line.matchAll(pattern)]).flatMap(({ groups = {}, indices }) => {
    const host = groups.named ?? groups.host ?? '';
    const port = Number(groups.port);
    if (port > 65535) return [];

    const shown = (name: string) => {
      const place = indices?.groups?.[name];
      return place ? mask.part(line, ...place) : '';
    };
    const shownPort = shown('port');
    return [{ address: `${host === '' ? 'port ' : `${shown('named') || shown('host')}:`}${shownPort}`, port, shownPort, loopback: LOOPBACK.test(host) }];
  });
}
