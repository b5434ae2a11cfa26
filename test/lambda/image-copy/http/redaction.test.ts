import { Redaction } from '../../../../lambda/image-copy/http/redaction';

const redaction = new Redaction();
redaction.hide('s3cr3t/+word', 'token-1', 'token-1-longer');

test.each([
  ['wrong password s3cr3t/+word given', 'wrong password *** given'],
  ['q=s3cr3t%2F%2Bword', 'q=***'],
  ['token-1-longer and token-1', '*** and ***'],
  ['see https://bucket.s3.amazonaws.com/a/b?X-Amz-Signature=abc&X-Amz-Date=1 there', 'see https://bucket.s3.amazonaws.com/a/b there'],
  ['http://user:pass@host/path#frag', 'http://***@host/path'],
  ['X-Amz-Security-Token=abc/def&x', '***&x'],
  ['Authorization: Bearer abcdefghij.klm', 'Authorization: Bearer ***'],
  ['two\n  lines\u0007', 'two lines'],
  ['x'.repeat(400), `${'x'.repeat(299)}…`],
])('%j becomes %j', (text, cleaned) => {
  expect(redaction.clean(text)).toBe(cleaned);
});
