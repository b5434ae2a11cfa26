import { awscdk, github, javascript, TaskShell, typescript } from 'projen';
import { addCheckWorkflow, addDevContainer, PULL_REQUEST_TEMPLATE } from './projenrc/project-files';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-lightsail-containers',
  description: 'AWS CDK constructs that deploy containers to an Amazon Lightsail container service, and tell CloudFormation the truth about it.',
  author: 'cdk-lightsail',
  authorAddress: 'https://github.com/cdk-lightsail',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-lightsail/cdk-lightsail-containers.git',
  license: 'Apache-2.0',
  keywords: ['aws-cdk', 'lightsail', 'containers', 'container-service', 'deployment', 'custom-resource'],
  stability: 'experimental',

  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '24.x',
  // The lockfile only: what .projenrc.ts pins is pinned for a reason.
  depsUpgrade: false,
  dependabot: true,
  dependabotOptions: {
    scheduleInterval: github.DependabotScheduleInterval.WEEKLY,
    groups: { 'aws-sdk': { patterns: ['@aws-sdk/*', '@smithy/*'] }, 'others': { patterns: ['*'] } },
  },
  pullRequestTemplateContents: PULL_REQUEST_TEMPLATE,
  githubOptions: { mergify: false, pullRequestLint: false },

  // The lowest versions that are tested; see decisions/0003-peer-versions.md.
  cdkVersion: '2.240.0',
  constructsVersion: '10.5.0',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',

  publishToPypi: { distName: 'cdk-lightsail-containers', module: 'cdk_lightsail_containers' },
  publishToMaven: {
    javaPackage: 'io.github.cdklightsail.containers',
    mavenGroupId: 'io.github.cdklightsail',
    mavenArtifactId: 'cdk-lightsail-containers',
  },
  publishToNuget: { dotNetNamespace: 'CdkLightsail.Containers', packageId: 'CdkLightsail.Containers' },
  publishToGo: {
    moduleName: 'github.com/cdk-lightsail/cdk-lightsail-containers-go',
    packageName: 'cdklightsailcontainers',
  },

  // Sources and what is compiled from them stand side by side, as in aws-cdk: lib/index.ts, lib/index.js.
  srcdir: 'lib',
  libdir: 'lib',
  sampleCode: false,
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  runner: typescript.TypeScriptRunner.tsx(),
  projenrcTs: true,
  devDeps: [
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-ecr',
    '@aws-sdk/client-lightsail',
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-ssm',
    // The SDK's own lists of errors; the range that the SDK needs, so that there is one copy of it.
    '@smithy/core@^3.41.0',
    '@stryker-mutator/core@9.6.1',
    '@stryker-mutator/jest-runner@9.6.1',
    'aws-cdk@2.1148.1',
    // The last that works with the lowest constructs; another version may find something else.
    'cdk-nag@2.37.55',
    // Its other major version.
    'cdk-nag-3@npm:cdk-nag@3.0.2',
    // The newest versions that are tested beside the lowest. cdk-nag 3 needs them as well.
    'aws-cdk-lib-newest@npm:aws-cdk-lib@2.276.0',
    'constructs-newest@npm:constructs@10.8.1',
    // Newer alpha versions need a newer aws-cdk-lib than the lowest.
    '@aws-cdk/integ-tests-alpha@2.239.0-alpha.0',
    '@aws-cdk/integ-runner@2.197.10',
    'esbuild@0.28.2',
    'fast-check',
  ],
  // The handler's dependencies are bundled, so they are development dependencies of the package.
  eslintOptions: { dirs: ['lib'], devdirs: ['lambda', 'test', 'scripts', 'examples', 'benchmarks'] },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestVersion: '^30',
    coverageText: false,
    jestConfig: {
      // TypeScript first: a stale lib/*.js of an earlier compile must never be what is tested.
      moduleFileExtensions: ['ts', 'js', 'json', 'node'],
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      globalSetup: '<rootDir>/test/temporary-folder.setup.ts',
      globalTeardown: '<rootDir>/test/temporary-folder.teardown.ts',
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/images/', '<rootDir>/test/languages/', '<rootDir>/test/nodes/'],
      // What other languages' package managers keep there is tens of thousands of files.
      modulePathIgnorePatterns: ['<rootDir>/.languages/', '<rootDir>/.venvs/', '<rootDir>/.images/', '<rootDir>/.nodes/'],
      collectCoverage: false,
      testTimeout: 60_000,
      // With one worker jest runs all files in one process, and Node.js frees little of what a finished file loaded (jestjs/jest#11956): on two
      // cores the heap reached its limit of 4 GB. A worker above this size is replaced.
      maxWorkers: '100%',
      workerIdleMemoryLimit: '1500MB',
    },
  },
});

// The tests run cdk-nag 3 with an aws-cdk-lib of its own. Here npm takes the lowest one for it.
project.package.addField('overrides', { 'cdk-nag-3': { 'aws-cdk-lib': '$aws-cdk-lib', 'constructs': '$constructs' } });

/** The folders of a folder from the top to the bottom: each may import from those below it. */
const downwards = (folder: string, ...floors: string[][]) => floors.flatMap((floor, index) => floor.map((name) => ({
  target: `./${folder}/${name}`,
  from: `./${folder}`,
  except: [name, ...floors.slice(index + 1).flat()].map((below) => `./${below}`),
  message: `${folder}/${name} must import from itself and from the floors below it only: see ARCHITECTURE.md.`,
})));
project.eslint?.addRules({
  'import/no-cycle': 'error',
  'import/no-restricted-paths': ['error', {
    zones: [
      { target: './lib', from: ['./lambda', './test'], message: 'lib runs at synthesis and knows neither the handler nor the tests.' },
      { target: './lambda', from: './test', message: 'The handler does not know the tests.' },
      { target: './lambda', from: './lib', except: ['./private/resource-properties.ts'], message: 'The handler takes only the resource properties from lib.' },
      // A folder for each custom resource. They never import each other; what they share is below them.
      ...downwards('lambda', ['index.ts', 'image-index.ts'], ['handlers.ts', 'image-handlers.ts'], ['deployment', 'registry-access', 'image-copy', 'certificate'], ['shared'], ['clients']),
      { target: ['./lambda/handlers.ts', './lambda/image-handlers.ts', './lambda/deployment', './lambda/registry-access', './lambda/image-copy', './lambda/certificate', './lambda/shared', './lambda/clients/*.ts'], from: './lambda/clients/sdk', message: 'Only index.ts and image-index.ts know the AWS SDK.' },
      ...downwards('lambda/deployment', ['diagnosis'], ['secrets'], ['masking'], ['request']),
      ...downwards('lambda/image-copy', ['copy'], ['registry'], ['http']),
      ...downwards('lib/private', ['binding'], ['access', 'domains'], ['provider'], ['validation', 'warnings', 'exports'], ['tree'], ['resource-properties.ts']),
    ],
  }],
});

// projen's own shell takes a command that a signal ended, as one without memory, for a success.
project.tasks.shell = TaskShell.sh();

/** Every folder of TypeScript that jsii does not compile is type-checked with a tsconfig of its own. */
const strict = {
  target: 'ES2022',
  lib: ['es2022'],
  module: 'node16',
  moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
  esModuleInterop: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  strict: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: true,
  noEmit: true,
};
new javascript.TypescriptConfig(project, {
  fileName: 'lambda/tsconfig.json',
  include: ['**/*.ts'],
  compilerOptions: { ...strict, noUncheckedIndexedAccess: true, types: ['node'] },
});
new javascript.TypescriptConfig(project, {
  fileName: 'scripts/tsconfig.json',
  include: ['**/*.ts'],
  compilerOptions: { ...strict, types: ['node'] },
});
new javascript.TypescriptConfig(project, {
  fileName: 'benchmarks/tsconfig.json',
  include: ['**/*.ts'],
  // The benchmarks deploy apps, and the library is compiled without this rule.
  compilerOptions: { ...strict, noImplicitOverride: false, types: ['node'] },
});
for (const folder of ['/lambda/', '/scripts/', '/examples/', '/benchmarks/', '/decisions/', '/docs/', '/AGENTS.md', '/ARCHITECTURE.md', '/CONTRIBUTING.md', '/.ci/', '/.venvs/', '/.languages/', '/.images/', '/.nodes/']) {
  project.npmignore?.exclude(folder);
}
project.npmignore?.exclude('*.ts', 'cdk.out/');
project.npmignore?.include('*.d.ts');

project.npmignore?.exclude('/CHANGELOG.md', '/CODE_OF_CONDUCT.md', '/SECURITY.md', '/.devcontainer.json');

// The handler is bundled before compile and before tests, so that what is tested is what is published.
const bundle = project.addTask('bundle', {
  description: 'Bundle the custom resource handler into assets/',
  exec: 'tsx scripts/bundle-handler.ts',
});
project.preCompileTask.spawn(bundle);
project.gitignore.exclude('/assets/', '/.venvs/', '/.languages/', '/.images/', '/.nodes/', 'cdk.out/', '__pycache__/', '/examples/python/.venv/', '/examples/java/target/');
project.npmignore?.include('/assets/');

// npm runs it before it packs: a package without its handler must not be published.
project.package.setScript('prepack', 'tsx scripts/check-package.ts');

// The blocks of the README in the other languages, as Construct Hub shows them: fails if one does not compile or cannot be translated. Those of docs/ as well.
const rosetta = project.addTask('rosetta', { description: 'Compile and translate the blocks of TypeScript in the README and in docs/' });
rosetta.exec('jsii-rosetta extract --strict');
rosetta.exec('tsx scripts/translate-docs.ts');
project.postCompileTask.spawn(rosetta);
project.gitignore.exclude('/.jsii.tabl.json');
project.npmignore?.exclude('/.jsii.tabl.json', '/rosetta/');

// projen's own compares with what is on npm, and calls it compatible if nothing is there.
const compat = project.tasks.tryFind('compat')!;
compat.reset('tsx scripts/check-api.ts', { receiveArgs: true });
compat.description = 'Compare the API with that of the last release, and fail on breaking changes; -- --write keeps the API of today';
project.gitattributes.addAttributes('*.gz', 'binary');

const typecheck = project.addTask('typecheck', { description: 'Type-check what jsii does not compile' });
for (const folder of ['lambda', 'test', 'scripts', 'benchmarks', 'examples', 'examples/typescript']) {
  typecheck.exec(`tsc --noEmit -p ${folder}`);
}
project.testTask.prependSpawn(typecheck);
project.testTask.prependSpawn(bundle);

// What needs Python as well: the real CDK CLI against a local cloud, and clients that others wrote.
const e2e = project.addTask('test:e2e', {
  description: 'Test with the real CDK CLI, MiniStack, boto3 and the AWS CLI (needs Python 3.10 or newer, docker-registry, skopeo and openssl)',
});
e2e.spawn(bundle);
e2e.exec('jest --config test/e2e/jest.config.json --runInBand', { receiveArgs: true });

// What jsii makes for other languages, used as its users do.
const languages = project.addTask('test:languages', {
  description: 'Test that the apps in Python, Java and Go synthesize what the one in TypeScript does (needs Python 3.10, JDK 17, Maven and Go 1.25, or newer)',
});
languages.spawn(bundle);
languages.spawn(project.compileTask);
languages.exec('jest --config test/languages/jest.config.json --runInBand', { receiveArgs: true });

// The copier between registries that others wrote, checked with tools that others wrote.
project.addTask('test:images', {
  description: 'Test the copier of images with real registries, skopeo, crane and regctl (needs Debian as root, or docker-registry and skopeo; Go 1.25; openssl)',
}).exec('jest --config test/images/jest.config.json --runInBand', { receiveArgs: true });

// What a real account must show, and what is checked of it here: the templates.
for (const [name, options, description] of [
  ['integ', '', 'Check that the integration tests still make the templates of their snapshots: needs no account'],
  ['integ:snapshot', ' --dry-run --update-on-failed', 'Write the snapshots of the integration tests that changed, and deploy nothing'],
  ['integ:deploy', ' --update-on-failed', 'Deploy the integration tests that changed to your account, assert, and delete them (-- --force: all of them); test/integ/README.md has the cost'],
]) {
  const integ = project.addTask(name, { description });
  integ.spawn(bundle);
  integ.exec(`integ-runner${options}`, { receiveArgs: true });
}
// A snapshot is its templates. The code beside them would be megabytes, and is not compared.
project.gitignore.exclude('/test/integ/*.snapshot/asset.*', '/test/integ/*.snapshot/tree.json', 'cdk-integ.out.*');
project.gitattributes.addAttributes('/test/integ/*.snapshot/**', 'linguist-generated');
project.npmignore?.exclude('/integ.config.json');

project.addTask('record:properties', {
  description: 'Record the resource properties of this version of the library, which the handler must read for ever: -- 2026-11-25-second',
  steps: [{ spawn: bundle.name }, { exec: 'tsx test/lifecycle/kept-properties/record.ts', receiveArgs: true }],
});

// The versions of Node.js come from npm.
const nodes = project.addTask('test:nodes', { description: 'Test the handler and synthesize all apps with the lowest Node.js, 22 and 24 (installs them into .nodes/)' });
nodes.spawn(bundle);
nodes.exec('jest --config test/nodes/jest.config.json --runInBand', { receiveArgs: true });

// Not part of the tests: it may take an hour.
const mutation = project.addTask('test:mutation', {
  description: 'Change the sources one place at a time and look whether a test notices; the report is written to reports/mutation',
});
mutation.spawn(bundle);
for (const run of ['logic', 'adapters', 'synthesis']) {
  mutation.exec(`stryker run test/mutation/${run}.mjs`);
}
project.gitignore.exclude('/reports/');
project.npmignore?.exclude('/reports/');

// What npm test does with two hundred schedules, and a new seed each time unless one is given.
const soak = project.addTask('test:soak', {
  description: 'Play ten thousand schedules of stack operations in which everything goes wrong (SCHEDULES=, SCHEDULE_LENGTH=, SCHEDULE_SEED=, SCHEDULE_PATH=)',
});
soak.spawn(bundle);
soak.exec('SCHEDULES=${SCHEDULES:-10000} SCHEDULE_LENGTH=${SCHEDULE_LENGTH:-6} SCHEDULE_SEED=${SCHEDULE_SEED:-$(date +%s)} '
  + 'jest test/lifecycle/schedules/schedules.test.ts', { receiveArgs: true });

// The lowest Node that is supported is tested as well; the SDK's notice about it would bury the results.
const withoutNotice = ['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true'] as const;
for (const task of [project.testTask, e2e, nodes, mutation, soak]) {
  task.env(...withoutNotice);
}

const demo = project.addTask('demo', {
  description: 'Watch the real CDK CLI deploy examples to a cloud on this machine (needs Python 3.10 or newer; docker-registry, skopeo and openssl for the one with a Dockerfile)',
});
demo.spawn(bundle);
demo.exec('tsx test/e2e/demo.ts', { receiveArgs: true });

const benchPackage = project.addTask('bench', {
  description: 'Measure synthesis, start and size of the functions, and templates, beside others; --write writes benchmarks/README.md',
});
benchPackage.spawn(project.preCompileTask);
benchPackage.spawn(project.compileTask);
benchPackage.exec('tsx benchmarks/package/main.ts', { receiveArgs: true });
benchPackage.env(...withoutNotice);

for (const [name, description] of [
  ['wait', 'Compare how soon and how cheaply deployments are waited for; --write writes benchmarks/README.md'],
  ['quota', 'Start deployments together in an account with a quota of ten Lambda executions; --write writes benchmarks/README.md'],
]) {
  const bench = project.addTask(`bench:${name}`, { description });
  bench.spawn(bundle);
  bench.exec(`tsx benchmarks/${name}/main.ts`, { receiveArgs: true });
  bench.env(...withoutNotice);
}

project.addTask('bench:image', {
  description: 'Compare how soon an image is copied, beside skopeo, crane and cdk-ecr-deployment (needs what test:images needs)',
  exec: 'tsx benchmarks/image/main.ts',
  receiveArgs: true,
});

project.addTask('emulator', {
  description: 'Run the Lightsail emulator alone',
  exec: 'tsx test/emulator/main.ts',
  receiveArgs: true,
});

addCheckWorkflow(project.github!);
addDevContainer(project);

// The lockfile must not name the host that it was made with.
new javascript.NpmConfig(project).addConfig('omit-lockfile-registry-resolved', 'true');

project.synth();
