import { isSecretByName } from '../../../../lib/private/warnings/secret-name';

test.each([
  'DB_PASSWORD', 'dbPassword', 'DB_PASSWORD_2', 'GITHUB_TOKEN', 'API_KEY', 'APIKEY', 'stripe.api-key', 'api - key', 'MYSQL_PWD', 'REDIS_PASS', 'PASS', 'SECRET_KEY_BASE', 'credential',
])('%s is the name of a secret', (name) => {
  expect(isSecretByName(name, 'hunter22')).toBe(true);
});

test.each([
  'LOG_LEVEL', 'PWD', 'COMPASS', 'SECRET_NAME', 'TOKEN_TTL', 'MAX_TOKENS', 'NEXT_PUBLIC_API_KEY', 'PUBLIC_TOKEN', 'GOOGLE_APPLICATION_CREDENTIALS',
])('%s is not the name of a secret', (name) => {
  expect(isSecretByName(name, 'hunter22')).toBe(false);
});

test.each(['', 'true', 'Off', '0', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db', '{{resolve:ssm:db}}'])('%j is never a secret', (value) => {
  expect(isSecretByName('DB_PASSWORD', value)).toBe(false);
});
