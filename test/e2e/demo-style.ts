import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Text with a colour or weight, if it goes to a terminal that shows colours. Elsewhere, and under NO_COLOR, it is the text alone. */
export function paint(style: Style, text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text;
}

const STATES: ReadonlyArray<[states: RegExp, style: Style]> = [
  [/\b(?:ACTIVE|RUNNING|CREATE_COMPLETE|UPDATE_COMPLETE|succeeds|as expected)\b/g, 'green'],
  [/\b(?:FAILED|UPDATE_ROLLBACK_COMPLETE|fails|DIFFERS)\b/g, 'red'],
  [/\b(?:PENDING|DEPLOYING|UPDATING|DELETING|ACTIVATING)\b/g, 'yellow'],
];

/** A line whose states have the colour of good, bad or under way. */
export function paintStates(line: string): string {
  return STATES.reduce((painted, [states, style]) => painted.replace(states, (state) => paint(style, state)), line);
}
