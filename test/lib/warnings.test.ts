import { Annotations, App, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Annotations as Shown, Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IConstruct } from 'constructs';
import { container, Fixture, WEB } from './fixture';
import {
  ContainerImage, ContainerProtocol, ContainerService, ContainerServiceDeployment, type ContainerProps, type ContainerServiceDeploymentProps,
} from '../../lib';

const PREFIX = 'cdk-lightsail-containers:';
const HTTPS_PORT = `${PREFIX}httpsEndpointPort`;
const NO_ENDPOINT = `${PREFIX}noPublicEndpoint`;
const LATEST = `${PREFIX}imageFollowsLatest`;
const SECRET = `${PREFIX}secretInEnvironment`;
const PRIVATE_IMAGE = `${PREFIX}privateImageFromRegistry`;
const REPOSITORY_POLICY = `${PREFIX}ecrRepositoryPolicy`;

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

/** The warnings of a stack, each with its id at the end as the CDK CLI shows it. */
function warnings(stack: Stack = fixture.stack): string[] {
  return Shown.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

function idsOf(messages: string[]): string[] {
  return messages.map((message) => /\[ack: (\S+)\]$/.exec(message)![1]);
}

/** A deployment that nothing is wrong with, but for the props given. */
function deployment(props: Partial<ContainerServiceDeploymentProps> = {}, id?: string): ContainerServiceDeployment {
  return fixture.deployment({ publicEndpoint: { containerName: 'web', containerPort: 80 }, ...props }, id);
}

function withImage(image: string, props: Partial<ContainerServiceDeploymentProps> = {}): ContainerServiceDeployment {
  return deployment({ containers: { web: { ...WEB, image: imageNamed(image) } }, ...props });
}

function withEnvironment(environment: { [name: string]: string }): ContainerServiceDeployment {
  return deployment({ containers: { web: { ...WEB, environment } } });
}

/** An image of any kind, as it is named to Lightsail. */
function imageNamed(imageName: string): ContainerImage {
  return new class extends ContainerImage {
    public bind() {
      return { imageName };
    }
  }();
}

test('nothing is said of a deployment that nothing is wrong with', () => {
  deployment();

  expect(warnings()).toEqual([]);
});

describe('the public endpoint', () => {
  const onPort = (protocol: ContainerProtocol) => ({
    containers: { web: container({ ports: { 443: protocol, 8443: ContainerProtocol.HTTPS } }) },
    publicEndpoint: { containerName: 'web', containerPort: 443 },
  });

  test('is warned of on a port that the container opens as HTTPS', () => {
    deployment(onPort(ContainerProtocol.HTTPS));

    expect(warnings()).toEqual([
      'publicEndpoint.containerPort: container "web" opens port 443 as HTTPS. Lightsail terminates the TLS of visitors itself, and then also uses TLS to the '
      + 'container. The container must serve TLS on this port, or its health check fails. If it serves plain HTTP, open the port as '
      + `ContainerProtocol.HTTP. The public URL is still HTTPS. [ack: ${HTTPS_PORT}]`,
    ]);
  });

  test('is warned of when its container is added later', () => {
    const { containers: { web }, publicEndpoint } = onPort(ContainerProtocol.HTTPS);
    deployment({ containers: {}, publicEndpoint }).addContainer('web', web);

    expect(idsOf(warnings())).toEqual([HTTPS_PORT]);
  });

  test.each<[string, Partial<ContainerServiceDeploymentProps>]>([
    ['HTTP, beside other ports with HTTPS', onPort(ContainerProtocol.HTTP)],
    ['a token', onPort(Lazy.string({ produce: () => 'HTTPS' }) as ContainerProtocol)],
  ])('passes on a port that is open as %s', (_, props) => {
    deployment(props);

    expect(warnings()).toEqual([]);
  });

  test('is missing: a warning shows how to add or acknowledge it', () => {
    deployment({ publicEndpoint: undefined });

    expect(warnings()).toEqual([
      'publicEndpoint: none given, so the URL of the container service answers 404. Add a publicEndpoint with the container and port for its traffic. '
      + 'If the deployment needs none, for example for workers, acknowledge this warning: '
      + `Annotations.of(deployment).acknowledgeWarning('${NO_ENDPOINT}'). [ack: ${NO_ENDPOINT}]`,
    ]);
  });
});

describe('the image', () => {
  test.each([
    'nginx',
    'nginx:latest',
    'public.ecr.aws/nginx/nginx',
    'public.ecr.aws/nginx/nginx:latest',
    'localhost:5000/app',
    'localhost:5000/team/app:latest',
    ':web.app.latest',
  ])('%s is warned of', (image) => {
    withImage(image);

    expect(warnings()).toEqual([
      `containers.web.image: "${image}" uses the latest image: pushing a new image does not trigger a deployment. `
      + 'Pin a version, tag or digest, or change `triggers` with each image, '
      + `for example { build: '42' }. [ack: ${LATEST}]`,
    ]);
  });

  test.each([
    'nginx:1.27',
    'nginx:latest-alpine',
    'latest:1',
    'localhost:5000/app:1',
    `nginx@sha256:${'a'.repeat(64)}`,
    `nginx:latest@sha256:${'a'.repeat(64)}`,
    ':web.app.7',
    ':latest.latest.7',
    Lazy.string({ produce: () => 'nginx:latest' }),
    `${Lazy.string({ produce: () => 'registry.example' })}/app`,
    `public.ecr.aws/app:${Lazy.string({ produce: () => 'latest' })}`,
  ])('%s passes', (image) => {
    withImage(image);

    expect(warnings()).toEqual([]);
  });

  test('is warned of by a tag that stands behind a token, which reads the same in every synthesis', () => {
    withImage(`${Lazy.string({ produce: () => 'registry.example' })}/app:latest`);

    expect(warnings()).toEqual([expect.stringContaining('containers.web.image: "<token>/app:latest" uses the latest image')]);
  });

  test('is warned of in each container by itself, also in one that is added later', () => {
    deployment({ containers: { web: WEB, cache: container({ image: imageNamed('redis') }) } })
      .addContainer('worker', container({ image: imageNamed('redis') }));

    expect(warnings()).toEqual([
      expect.stringMatching(/^containers\.cache\.image: "redis" .*imageFollowsLatest]$/),
      expect.stringMatching(/^containers\.worker\.image: "redis" .*imageFollowsLatest]$/),
    ]);
  });

  test('passes with triggers', () => {
    withImage('nginx', { triggers: { build: '42' } });

    expect(warnings()).toEqual([]);
  });

  test('is warned of with triggers that can never change', () => {
    withImage('nginx', { triggers: {} });

    expect(idsOf(warnings())).toEqual([LATEST]);
  });
});

describe('the environment variable', () => {
  const VALUE = 'hunter2-and-more';

  test.each([
    'PASSWORD', 'DB_PASSWORD', 'dbPassword', 'db-password', 'PGPASSWORD', 'DB_PASSWORD_2', 'MYSQL_PWD', 'DB_PASS', 'SMTP_PASSWD', 'KEY_PASSPHRASE',
    'SECRET', 'CLIENT_SECRET', 'clientSecret', 'SECRET_KEY', 'SECRET_KEY_BASE', 'AWS_SECRET_ACCESS_KEY',
    'TOKEN', 'GITHUB_TOKEN', 'authToken', 'TOKEN1',
    'API_KEY', 'APIKEY', 'STRIPE_API_KEY', 'apiKey', 'PRIVATE_KEY', 'SSH_PRIVATE_KEY', 'SIGNING_KEY', 'ENCRYPTION_KEY',
    'CREDENTIAL', 'CREDENTIALS', 'DB_CREDENTIALS',
  ])('%s is warned of, without its value', (name) => {
    withEnvironment({ LOG_LEVEL: 'info', [name]: VALUE });

    expect(warnings()).toEqual([
      `containers.web.environment.${name}: the name says that it is a secret. The template contains its value as plain text, and everyone who can read the stack or the `
      + 'container service can read it. Move it to `secrets`, with ContainerSecret.fromSecretsManager() or '
      + `ContainerSecret.fromSsmParameter(). [ack: ${SECRET}]`,
    ]);
  });

  test.each([
    'SECRET_NAME', 'SECRET_ARN', 'TOKEN_TTL', 'PASSWORD_FILE', 'PASSWORD_MIN_LENGTH', 'API_KEY_HEADER', 'PRIVATE_KEY_PATH', 'CREDENTIALS_PROVIDER',
    'KEYSPACE', 'KEY', 'PUBLIC_KEY', 'CACHE_KEY', 'MAX_TOKENS', 'TOKENIZER', 'PWD', 'OLDPWD', 'BYPASS', 'COMPASS', 'PASSENGER', 'AWS_ACCESS_KEY_ID',
    'GOOGLE_APPLICATION_CREDENTIALS', 'NEXT_PUBLIC_API_KEY', 'LOG_LEVEL',
  ])('%s passes', (name) => {
    withEnvironment({ [name]: VALUE });

    expect(warnings()).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['a switch', 'true'],
    ['the ARN of a secret', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:db-AbCdEf'],
    ['a reference that CloudFormation resolves', '{{resolve:ssm:/db}}'],
    ['a token', Lazy.string({ produce: () => VALUE })],
    ['a text with a token', `key-${Lazy.string({ produce: () => VALUE })}`],
  ])('passes with %s', (_, value) => {
    withEnvironment({ DB_PASSWORD: value });

    expect(warnings()).toEqual([]);
  });

  test('passes with a name that is a token', () => {
    withEnvironment({ [Lazy.string({ produce: () => 'DB_PASSWORD' })]: VALUE });

    expect(warnings()).toEqual([]);
  });

  test('is warned of in each container, with its name', () => {
    deployment({ containers: { web: { ...WEB, environment: { A_TOKEN: VALUE, B_TOKEN: VALUE } } } })
      .addContainer('worker', container({ environment: { A_TOKEN: VALUE } }));

    expect(warnings().map((message) => message.split(':')[0])).toEqual([
      'containers.web.environment.A_TOKEN', 'containers.web.environment.B_TOKEN', 'containers.worker.environment.A_TOKEN',
    ]);
  });
});

describe('a warning', () => {
  /** All that can be wrong at once. */
  function allWrong(id: string, props: Partial<ContainerServiceDeploymentProps>): ContainerServiceDeployment {
    const web = { image: imageNamed('nginx'), ports: { 443: ContainerProtocol.HTTPS }, environment: { DB_PASSWORD: 'hunter2' } };
    return fixture.deployment({ containers: { web }, service: fixture.service(`${id}Service`), ...props }, id);
  }

  test.each<[string, () => { stack: Stack; synth: () => void }]>([
    ['synthesized twice', () => {
      allWrong('Deployment', {});
      return { stack: fixture.stack, synth: () => fixture.app.synth({ force: true }) };
    }],
    ['in a stage', () => {
      const app = new App();
      const stack = new Stack(new Stage(app, 'Stage'), 'Stack');
      new ContainerServiceDeployment(stack, 'Deployment', {
        service: ContainerService.fromContainerServiceName(stack, 'Service', 'web'),
        containers: { web: { image: imageNamed('nginx'), environment: { DB_PASSWORD: 'hunter2' } } },
      });
      return { stack, synth: () => app.synth() };
    }],
  ])('is not repeated in an app that is %s', (_, build) => {
    const { stack, synth } = build();
    synth();
    synth();

    expect(idsOf(warnings(stack))).toEqual([NO_ENDPOINT, LATEST, SECRET]);
  });

  test('stands at the resource of the deployment', () => {
    allWrong('Public', { publicEndpoint: { containerName: 'web', containerPort: 443 } });
    allWrong('Worker', {});

    const places = Shown.fromStack(fixture.stack).findWarning('*', Match.anyValue());
    expect(places.map(({ id, entry }) => `${id} ${idsOf([entry.data as string])[0]}`)).toEqual([
      `/Stack/Public/Resource ${HTTPS_PORT}`, `/Stack/Public/Resource ${LATEST}`, `/Stack/Public/Resource ${SECRET}`,
      `/Stack/Worker/Resource ${NO_ENDPOINT}`, `/Stack/Worker/Resource ${LATEST}`, `/Stack/Worker/Resource ${SECRET}`,
    ]);
  });

  describe.each([HTTPS_PORT, NO_ENDPOINT, LATEST, SECRET])('%s', (id) => {
    const publicEndpoint = id === NO_ENDPOINT ? undefined : { containerName: 'web', containerPort: 443 };
    const others = [publicEndpoint ? HTTPS_PORT : NO_ENDPOINT, LATEST, SECRET].filter((other) => other !== id);

    test.each<[string, (deployment: ContainerServiceDeployment) => IConstruct]>([
      ['its deployment', (wrong) => wrong],
      ['the stack', () => fixture.stack],
    ])('is gone when it is acknowledged for %s, and the others stay', (_, where) => {
      const wrong = allWrong('Deployment', { publicEndpoint });
      Annotations.of(where(wrong)).acknowledgeWarning(id);

      expect(idsOf(warnings())).toEqual(others);
    });

    test('stays when it is acknowledged for another deployment', () => {
      allWrong('Deployment', { publicEndpoint });
      Annotations.of(allWrong('Other', {})).acknowledgeWarning(id);

      expect(Shown.fromStack(fixture.stack).findWarning('/Stack/Deployment/Resource', Match.stringLikeRegexp(id))).toHaveLength(1);
    });
  });

  test.each<[string, Partial<ContainerServiceDeploymentProps>, () => ContainerProps]>([
    [HTTPS_PORT, { publicEndpoint: { containerName: 'late', containerPort: 443 } }, () => container({ ports: { 443: ContainerProtocol.HTTPS } })],
    [NO_ENDPOINT, { publicEndpoint: undefined }, () => WEB],
    [LATEST, {}, () => container({ image: imageNamed('nginx') })],
    [SECRET, {}, () => container({ environment: { DB_PASSWORD: 'hunter2' } })],
    [PRIVATE_IMAGE, {}, () => container({ image: ContainerImage.fromRegistry('111111111111.dkr.ecr.eu-central-1.amazonaws.com/repo:1') })],
    [REPOSITORY_POLICY, {}, () => container({ image: ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(fixture.stack, 'Repository', 'repo'), '1') })],
  ])('%s is gone where it is acknowledged before the container is added', (id, props, late) => {
    const define = () => deployment({ containers: props.publicEndpoint ? {} : { web: WEB }, ...props });
    define().addContainer('late', late());
    expect(idsOf(warnings())).toEqual([id]);

    fixture = new Fixture();
    const acknowledged = define();
    Annotations.of(acknowledged).acknowledgeWarning(id);
    acknowledged.addContainer('late', late());
    expect(warnings()).toEqual([]);
  });

  test.each([PRIVATE_IMAGE, REPOSITORY_POLICY])('%s stands at the resource of the deployment, once', (id) => {
    const image = id === PRIVATE_IMAGE ? ContainerImage.fromRegistry('111111111111.dkr.ecr.eu-central-1.amazonaws.com/repo:1')
      : ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(fixture.stack, 'Repository', 'repo'), '1');
    deployment({ containers: { web: { ...WEB, image } } });
    fixture.app.synth();
    fixture.app.synth({ force: true });

    expect(Shown.fromStack(fixture.stack).findWarning('*', Match.stringLikeRegexp(id)).map((shown) => shown.id)).toEqual(['/Stack/Deployment/Resource']);
  });

  test('fails nothing', () => {
    allWrong('Deployment', {});

    expect(() => fixture.app.synth()).not.toThrow();
  });
});
