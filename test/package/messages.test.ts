import { join } from 'node:path';
import * as ts from 'typescript';
import { messagesIn, messagesOf, type Message } from './messages';

/*
 * Every message that the sources hold, in the order of the files: errors, warnings, failure reasons and logs. A reviewer can read the
 * snapshot in a row. After a change of a message: npx jest test/package/messages.test.ts -u
 */
const MESSAGES = messagesOf(join(__dirname, '..', '..'), ['lambda', 'lib']);

/** Words that were unclear to readers. CONTRIBUTING asks for plain English. */
const UNCLEAR = new RegExp([
  'tells?|told|telling|somebody|nobody|whatever|mend|anew', 'ask(?:s|ed|ing)? for', 'go(?:es)? on', 'stands? in', '(?:of|in|from) which', 'may not',
  'as far as', 'roll back\\b(?= of| that)|a roll back',
].map((words) => `\\b(?:${words})\\b`).join('|'), 'i');

const MAX_WORDS = 30;

/** The longest sentence of a message, in words. Commands and names of properties count as one word each. */
function longestSentence(text: string): string {
  const sentences = text.split(/[.!?](?=\s|$)|\n/);
  return sentences.reduce((longest, sentence) => (wordsIn(sentence) > wordsIn(longest) ? sentence : longest), '');
}

function wordsIn(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => word !== '').length;
}

const place = ({ file, line, text }: Message) => `${file}:${line}: ${text}`;

test('the catalogue of all messages', () => {
  const files = [...new Set(MESSAGES.map(({ file }) => file))];
  const catalogue = files.map((file) => [
    file, ...MESSAGES.filter((message) => message.file === file).map(({ text }) => `  ${text.replaceAll('\n', '\n    ')}`),
  ].join('\n')).join('\n\n');

  expect(`\n${catalogue}\n`).toMatchSnapshot();
});

test('no message has an unclear word', () => {
  expect(MESSAGES.filter(({ text }) => UNCLEAR.test(text)).map(place)).toEqual([]);
});

test(`no sentence of a message has more than ${MAX_WORDS} words`, () => {
  expect(MESSAGES.filter(({ text }) => wordsIn(longestSentence(text)) > MAX_WORDS).map(place)).toEqual([]);
});

describe('a message is found', () => {
  const found = (code: string) => messagesIn(ts.createSourceFile('a.ts', code, ts.ScriptTarget.ES2022, true)).map(({ text }) => text);

  test.each([
    ['in a string', "throw new Error('It has failed.');", ['It has failed.']],
    ['over several lines', "fail(`${service.name}: it ` + 'has failed.' + why);", ['<name>: it has failed.<why>']],
    ['with the place of a value that is a message itself', "fail(`It has failed${why ? ` because of ${why}` : ''}.`);", ['It has failed<…>.', 'because of <why>']],
    ['in a log, even of one word', "log('created', { a: 'b' }); this.log('gone');", ['created', 'gone']],
  ])('%s', (_, code, messages) => {
    expect(found(code)).toEqual(messages);
  });

  test.each([
    ['an import', "import x from 'a b';"],
    ['a type', "let x: 'timed out'; x = 'timed out';"],
    ['a pattern', "new RegExp('not found'); String.raw`not found`; /not found/;"],
    ['a comparison', "x === 'not found';"],
    ['a word', "x('created');"],
    ['a comment', '/* It has failed. */'],
  ])('and %s is none', (_, code) => {
    expect(found(code)).toEqual([]);
  });
});

test.each([
  ['It is told.', true], ['The service may not run.', true], ['Whatever it is', true], ['It goes on.', true], ['An amendment of a goal may be needed.', false],
])('%j is unclear: %s', (text, unclear) => {
  expect(UNCLEAR.test(text)).toBe(unclear);
});
