/** One instruction of a Dockerfile, for example `COPY --from=build /out ./`. */
export interface Instruction {
  readonly name: string;
  /** `--from=build` as `from: 'build'`. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows the flags, as it is written. */
  readonly text: string;
}

/** Reads a Dockerfile: continued lines, comments and flags. It knows no heredocs. */
export function parseDockerfile(content: string): Instruction[] {
  const lines = content.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  const whole = lines.join('\n').replace(/\\[ \t]*\n/g, ' ');
  return whole.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
    const [, name, rest = ''] = /^(\S+)\s*(.*)$/.exec(line)!;
    if (/<<-?["']?\w/.test(rest)) throw new Error(`heredocs are not supported: ${line}`);
    const flags: Record<string, string> = {};
    let text = rest;
    for (let flag = FLAG.exec(text); flag; flag = FLAG.exec(text)) {
      flags[flag[1]] = flag[2] ?? 'true';
      text = text.slice(flag[0].length);
    }
    return { name: name.toUpperCase(), flags, text };
  });
}

const FLAG = /^--([a-z]+)(?:=(\S*))?\s*/;

/** Puts values in the place of `$NAME`, `${NAME}` and `${NAME:-default}`. */
export function substitute(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}]*))?\})/g,
    (_, bare: string | undefined, braced: string | undefined, fallback = '') => variables.get(bare ?? braced!) ?? fallback);
}

/** A list as JSON, or words. */
export function wordsOf(text: string): string[] {
  return listOf(text) ?? text.split(/\s+/).filter((word) => word !== '');
}

/** A command as JSON, or a line for the shell. */
export function commandOf(text: string): string[] {
  return listOf(text) ?? ['/bin/sh', '-c', text];
}

function listOf(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every((word) => typeof word === 'string')) throw new Error(`not a list of words: ${text}`);
  return list;
}

/** `A=1 B="2 3"`, or `A 1`. */
export function pairsOf(text: string): Array<[name: string, value: string]> {
  if (!/^[^\s=]+=/.test(text)) {
    const [, name, value] = /^(\S+)\s+(.*)$/.exec(text) ?? [];
    if (name === undefined) throw new Error(`not a name and a value: ${text}`);
    return [[name, value]];
  }
  return [...text.matchAll(/([^\s=]+)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)].map(([, name, value]) => [name, value.replace(/^(["'])(.*)\1$/s, '$2')]);
}
