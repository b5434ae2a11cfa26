import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ts from 'typescript';
import { brokenLinks, codeIn, linksIn, pagesIn, rowsOf } from './markdown';
import { ContainerImage, ContainerService, ContainerServiceDeployment, ContainerServicePower } from '../../lib';

/*
 * What the README and docs/ say about the code is so: links, commands, warnings, messages, attributes, properties and numbers of resources.
 */
const ROOT = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const README = read('README.md');
const GUIDES = pagesIn(ROOT, 'docs');
const FOR_USERS = ['README.md', ...GUIDES];
/** API.md is generated, with anchors of its own. */
const PAGES = [
  ...new Set([...FOR_USERS, ...execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')]),
].filter((page) => page !== 'API.md' && existsSync(join(ROOT, page)));

describe('links', () => {
  test.each(PAGES)('%s has no link that leads nowhere', (page) => {
    expect(brokenLinks(ROOT, page, read(page))).toEqual([]);
  });

  test.each([
    ['a page that is not there', '[a](docs/nothing.md)'],
    ['an anchor that is not there', '[a](docs/use-cases.md#nothing)'],
    ['an anchor that is not on the page itself', '# A\n\n[a](#b)'],
    ['an anchor in a block of code', '```sh\n# a\n```\n\n[a](#a)'],
    ['a path outside of the repository', '[a](../other/README.md)'],
    ['an image', '![a](docs/images/nothing.svg)'],
  ])('%s is found', (_, markdown) => {
    expect(brokenLinks(ROOT, 'README.md', markdown)).toHaveLength(1);
  });

  test.each(['# A `b` and C: d/e\n\n[a](#a-b-and-c-de)', '# A\n# A\n\n[a](#a-1)', '[a](docs/use-cases.md#grants)', '[a](https://example.com/nothing#x)', '`[a](b)`'])('%j is whole', (markdown) => {
    expect(brokenLinks(ROOT, 'README.md', markdown)).toEqual([]);
  });

  test('the README leads to each guide, and so does their index', () => {
    const linked = (page: string, prefix: string) => linksIn(read(page)).map((link) => prefix + link.split('#')[0]);
    expect(GUIDES.filter((guide) => guide !== 'docs/README.md' && !linked('README.md', '').includes(guide))).toEqual([]);
    expect(GUIDES.filter((guide) => guide !== 'docs/README.md' && !linked('docs/README.md', 'docs/').includes(guide))).toEqual([]);
  });

  test('each example is in the README and in their index', () => {
    const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(examples.filter((name) => !linksIn(README).includes(`examples/${name}`))).toEqual([]);
    expect(examples.filter((name) => !read('examples/README.md').includes(`\`${name}\``) && !linksIn(read('examples/README.md')).includes(name))).toEqual([]);
  });
});

test('the README has at most 900 words', () => {
  expect(README.split(/\s+/).filter((word) => word !== '').length).toBeLessThanOrEqual(900);
});

describe('commands', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const tests = sources('test').filter((file) => file.endsWith('.test.ts'));
  const commands = [...FOR_USERS, 'CONTRIBUTING.md'].flatMap((page) => codeIn(read(page)).map((command) => [command, page] as const));

  test('what npm runs is there', () => {
    const run = commands.flatMap(([command]) => [...command.matchAll(/(?:npm run|npx projen) ([\w:-]+)/g)].map(([, name]) => name));
    expect(run.length).toBeGreaterThan(10);
    expect(run.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('what jest runs is there', () => {
    const patterns = commands.flatMap(([command]) => (/^npx jest (.*)$/.exec(command)?.[1] ?? '').split(' ').filter((word) => word !== '' && !word.startsWith('-')));
    expect(patterns.length).toBeGreaterThan(5);
    expect(patterns.filter((pattern) => !tests.some((file) => file.includes(pattern)) && !existsSync(join(ROOT, pattern)))).toEqual([]);
  });
});

test('docs/warnings.md has the ids of the code, and no others', () => {
  const ids = sources('lib').flatMap((file) => [...read(file).matchAll(/cdk-lightsail-containers:(\w+)/g)].map(([, id]) => id));
  // A key of the context. It is on the page of properties.
  const expected = new Set(ids.filter((id) => id !== 'additionalRegions'));

  expect(rowsOf(read('docs/warnings.md'), '`cdk-lightsail-containers:`').map(([cell]) => codeIn(cell)[0]).sort()).toEqual([...expected].sort());
  expect(read('docs/properties.md')).toContain('`cdk-lightsail-containers:additionalRegions`');
});

test('docs/troubleshooting.md quotes messages that the code has', () => {
  const catalogue = read('test/package/__snapshots__/messages.test.ts.snap').replaceAll('\\`', '`');
  const quoted = rowsOf(read('docs/troubleshooting.md'), 'message').map(([cell]) => cell.replace(/^`+ ?|`+$/g, ''));

  expect(quoted.length).toBeGreaterThan(30);
  // Long enough to be found, and without the places of values: readers search their own message for it.
  expect(quoted.filter((message) => message.split(' ').length < 2 || /<[\w…]+>/.test(message))).toEqual([]);
  expect(quoted.filter((message) => !catalogue.includes(message))).toEqual([]);
});

describe('attributes', () => {
  const rows = rowsOf(read('docs/attributes.md'), 'attribute of a deployment').flatMap(([cell]) => codeIn(cell));

  test('of a deployment: all of them, and no others', () => {
    expect(rows.sort()).toEqual(attributesOf('lib/container-service-deployment.ts', 'ContainerServiceDeployment').sort());
  });

  test.each(sources('lib').flatMap(constructsIn))('of another construct, %s in %s: all of them, and no others', (name, file) => {
    const [, sentence] = new RegExp(`^An? \`${name}\` has ([^.]*)\\.`, 'm').exec(read('docs/attributes.md')) ?? [undefined, ''];
    expect(codeIn(sentence).sort()).toEqual(attributesOf(file, name).sort());
  });
});

describe('docs/properties.md has all properties', () => {
  const page = read('docs/properties.md');
  test.each(sources('lib').flatMap((file) => propsIn(file).map((props) => [props.name, props.members] as const)))('of %s', (_, members) => {
    expect(members.filter((member) => !page.includes(`\`${member}\``) && !page.includes(`healthCheck.${member}\``))).toEqual([]);
  });

  test('which are found in the sources', () => {
    expect(sources('lib').flatMap(propsIn).map(({ name }) => name)).toEqual(expect.arrayContaining([
      'ContainerProps', 'ContainerServiceDeploymentOptions', 'ContainerServiceDeploymentProps', 'ContainerServiceProps', 'HealthCheck', 'PublicEndpoint',
    ]));
  });
});

describe('what it adds to a stack', () => {
  const COUNTED = ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::StepFunctions::StateMachine'];

  function added(deployments: number, image: ContainerImage) {
    const stack = new Stack(new App(), 'Stack');
    for (let index = 0; index < deployments; index += 1) {
      const service = new ContainerService(stack, `Service${index}`, { power: ContainerServicePower.NANO });
      new ContainerServiceDeployment(stack, `Deployment${index}`, { service, containers: { web: { image } } });
    }
    const resources = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>);
    return (type: string) => resources.filter((resource) => resource.Type === type).length;
  }

  test('the functions, roles and state machine of the first deployment are those of the README and of the guide', () => {
    const one = added(1, ContainerImage.fromRegistry('nginx:1.27'));
    const [functions, roles, machines] = COUNTED.map(one);
    expect(one('AWS::IAM::Policy')).toBe(roles + 1);
    expect(README.replace(/\s+/g, ' ')).toContain(`${functions} Lambda functions, ${roles} IAM roles and ${machines === 1 ? 'a state machine' : machines}`);
    expect(read('docs/what-it-adds.md').replace(/\s+/g, ' ')).toContain(`${functions} Lambda functions (1 of the handler, ${functions - 1} of the Provider framework), ${roles} IAM roles with a policy each and ${machines} Step Functions state machine`);
  });

  test('another deployment adds a custom resource and a policy', () => {
    const [one, two] = [1, 2].map((count) => added(count, ContainerImage.fromRegistry('nginx:1.27')));
    expect(COUNTED.map(two)).toEqual(COUNTED.map(one));
    expect(two('AWS::IAM::Policy') - one('AWS::IAM::Policy')).toBe(1);
    expect(two('Custom::LightsailContainerServiceDeployment') - one('Custom::LightsailContainerServiceDeployment')).toBe(1);
  });

  test('an image that is copied adds as many functions, roles and state machines again', () => {
    const [plain, copied] = [ContainerImage.fromRegistry('nginx:1.27'), ContainerImage.fromCopy('ghcr.io/owner/app:1')].map((image) => added(1, image));
    expect(COUNTED.map(copied)).toEqual(COUNTED.map((type) => 2 * plain(type)));
    expect(copied('Custom::LightsailContainerImage')).toBe(1);
  });
});

describe('how many services fit into a stack is in docs/limits.md', () => {
  const [, retained, destroyed] = /^\| deployments in a stack \| (\d+) services, (\d+) under `DESTROY` /m.exec(read('docs/limits.md'))!.map(Number);

  test.each([[RemovalPolicy.RETAIN, retained], [RemovalPolicy.DESTROY, destroyed]])('%s: %d, and not one more', (removalPolicy, most) => {
    const synthesize = (count: number) => () => {
      const app = new App();
      const stack = new Stack(app, 'Stack');
      for (let index = 0; index < count; index += 1) {
        new ContainerService(stack, `Service${index}`, { power: ContainerServicePower.NANO })
          .addDeployment('Deployment', { removalPolicy, containers: { web: { image: ContainerImage.fromRegistry('nginx:1.27') } } });
      }
      return app.synth();
    };

    expect(synthesize(most)).not.toThrow();
    expect(synthesize(most + 1)).toThrow('policies for one IAM role');
  });
});

test('the map of field faults names tests that exist', () => {
  const map = read('test/lifecycle/field-faults/README.md');
  const named = map.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| kind')).map((line) => [...line.split('|')[2].matchAll(/`([a-z-]+\/[^`]+)`/g)].map(([, file]) => file));

  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((files) => files.length === 0)).toEqual([]);
  expect(named.flat().filter((file) => !existsSync(join(ROOT, 'test', `${file}.test.ts`)))).toEqual([]);
});

/** The sources below a folder, as paths from the root. */
function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).sort();
}

function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
}

/** The exported constructs, except for the deployment, which has a table. */
function constructsIn(file: string): [string, string][] {
  return file.startsWith('lib/private/') ? [] : parsed(file).statements
    .filter((node): node is ts.ClassDeclaration => ts.isClassDeclaration(node) && has(node, ts.SyntaxKind.ExportKeyword)
      && /\bextends (?:Resource|Construct)\b/.test(node.heritageClauses?.[0].getText() ?? '') && node.name!.text !== 'ContainerServiceDeployment')
    .map((node) => [node.name!.text, file]);
}

/** The texts and lists that a class makes public. */
function attributesOf(file: string, name: string): string[] {
  const type = parsed(file).statements.find((node): node is ts.ClassDeclaration => ts.isClassDeclaration(node) && node.name?.text === name)!;
  return type.members.filter((member) => ts.isPropertyDeclaration(member) || ts.isGetAccessor(member))
    .filter((member) => has(member, ts.SyntaxKind.PublicKeyword) && !has(member, ts.SyntaxKind.StaticKeyword) && /^string$|\[\]$/.test(member.type?.getText() ?? ''))
    .map((member) => member.name.getText());
}

function has(node: ts.HasModifiers, modifier: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === modifier) ?? false;
}

/** The interfaces of properties that users write, of what the page has tables for. */
function propsIn(file: string): { readonly name: string; readonly members: string[] }[] {
  const isShown = /^(?:Container|ContainerService|ContainerServiceDeployment|Certificate)Props$|^ContainerServiceDeploymentOptions$|^PublicEndpoint$|^HealthCheck$/;
  return file.startsWith('lib/private/') ? [] : parsed(file).statements
    .filter((node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && isShown.test(node.name.text))
    .map((node) => ({ name: node.name.text, members: node.members.map((member) => member.name!.getText()) }));
}
