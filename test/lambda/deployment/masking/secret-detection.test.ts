import { secretPartsOf, detectSecrets } from '../../../../lambda/deployment/masking/secret-detection';

const inEnvironment = (environment: Record<string, string>) => detectSecrets({ app: { environment } });

test.each([
  'PASSWORD', 'DB_PASSWORD', 'POSTGRES_PASSWORD', 'dbPassword', 'spring.datasource.password', 'MYSQL_PWD', 'REDIS_PASS', 'SSH_PASSPHRASE', 'CLIENT_SECRET',
  'SECRET_KEY_BASE', 'GITHUB_TOKEN', 'accessToken', 'API_KEY', 'APIKEY', 'stripe-api-key', 'PRIVATE_KEY', 'AWS_SECRET_ACCESS_KEY', 'GOOGLE_CREDENTIALS',
  'BASIC_AUTH', 'RAILS_MASTER_KEY', 'STRIPE_KEY', 'KEY', 'JWT', 'SENTRY_DSN', 'SLACK_WEBHOOK_URL', 'AZURE_CONNECTION_STRING', 'VAULT_SECRET_ID', 'DB_CREDS', 'connection - string',
])('knows by its name that %s is secret', (name) => {
  expect(inEnvironment({ [name]: 'value-1' })).toEqual(['value-1']);
});

test.each([
  ['LOG_LEVEL', 'debug'], ['PWD', '/app'], ['KEYBOARD', 'us'], ['AUTHOR', 'me and you'], ['COMPASS', 'north'], ['PASSENGERS', 'many'],
  ['TOKEN_TTL', '3600'], ['PASSWORD_MIN_LENGTH', '8'], ['SECRET_NAME', 'prod/db'], ['TOKEN_URL', 'https://id.example.com/token'], ['DB_PASSWORD_FILE', '/run/secrets/db'],
  ['AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE'], ['STRIPE_PUBLISHABLE_KEY', 'pk_live_1'], ['SECRET_ROTATION', 'true'], ['AUTH_TOKEN', ''], ['JWT_ISSUER', 'https://id.example.com'],
])('takes %s=%s for no secret', (name, value) => {
  expect(inEnvironment({ [name]: value })).toEqual([]);
});

test.each([
  ['postgres://shop:hunter22@db.example.com:5432/shop', ['hunter22']],
  ['postgres://shop:p%40ss%2Fword@db:5432/shop', ['p%40ss%2Fword', 'p@ss/word']],
  ['postgres://shop:p@ss/word@db:5432/shop', ['p', 'p@ss/word']],
  ['redis://:hunter22@cache:6379?alias=a@b', ['hunter22', 'hunter22@cache:6379?alias=a']],
  ['amqp://shop:pw@mq', ['pw']],
  ['https://ghp_0123456789abcdef@github.com/me/repo', ['ghp_0123456789abcdef']],
  ['https://reader@example.com/', []],
  ['Server=db;User Id=shop;Password=hunter22;Timeout=5', ['hunter22']],
  ['Driver={ODBC};UID=shop;PWD="hunter 22";', ['hunter 22']],
  ['https://example.com/hook?api_key=k-123&verbose=1', ['k-123']],
  ['{"username":"shop","password":"hunter22","nested":{"apiKey":12345}}', ['hunter22', '12345']],
  ['{"broken json', []],
  ['{"username":"shop"}', []],
  [' [{"username":"shop"},{"password":true,"token":null,"apiKey":5}]', ['5']],
  ['postgres://shop:50%off@db/x', ['50%off']],
  ["PASSWORD='hunter 22'", ['hunter 22']],
  ["PASSWORD=hunter22 NAME='a b'", ['hunter22']],
  ['just words', []],
])('finds what is secret inside of %s', (value, secrets) => {
  expect([...new Set(secretPartsOf(value))]).toStrictEqual(secrets);
});

test('looks into every value, whatever its name, and into commands', () => {
  const command = ['serve', '--db-password=hunter22', '--api-key', 'k-123', '--verbose', 'sh', '-c', 'export TOKEN=t-456 && run'];

  expect(detectSecrets({ app: { environment: { DATABASE_URL: 'mysql://a:hunter33@db/x' } }, side: { command } }))
    .toEqual(['hunter33', 'hunter22', 'k-123', 't-456']);
});

test('takes a word for an option only where it begins as one', () => {
  expect(detectSecrets({ app: { command: ['my--api-key', 'one', '-api-key', 'two', '--api-key=three', 'four', '--region', 'five'] } })).toEqual(['two', 'three']);
});

test('knows none where there is no environment and no command', () => {
  expect(detectSecrets({ app: { image: 'nginx' } })).toEqual([]);
});
