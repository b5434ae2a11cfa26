/** Sequences that colour a terminal, and those that move its cursor. */
const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;

export function withoutColours(text: string): string {
  return text.replace(ANSI, '');
}

/** A terminal would obey them, and CloudFormation's XML cannot hold most of them. Line breaks stay. */
export function withoutControls(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}
