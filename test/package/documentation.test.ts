import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/*
 * Every block of TypeScript in the documentation compiles against the library.
 */
const ROOT = join(__dirname, '..', '..');

/** What the blocks of the README take for granted, each of which stands alone otherwise. */
const GIVEN = `
import * as cdk from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  ContainerImage, ContainerProtocol, ContainerProps, ContainerSecret, ContainerService, ContainerServiceDeployment, ContainerServicePower,
} from 'cdk-lightsail-containers';
declare const stack: cdk.Stack;
declare const service: ContainerService;
declare const containers: { [name: string]: ContainerProps };
declare const image: ContainerImage;
declare const repository: cdk.aws_ecr.IRepository;
declare const dbSecret: cdk.aws_secretsmanager.ISecret;
declare const tokenParameter: cdk.aws_ssm.IParameter;
declare const bucket: cdk.aws_s3.Bucket;
declare const queue: cdk.aws_sqs.Queue;
`;

function blocksOf(document: string): string[] {
  return [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
}

/** A block as a module: as it is if it says what it imports; properties as those of a deployment. */
function moduleOf(code: string): string {
  if (code.startsWith('import ')) return code;
  return `${GIVEN}{\n${code.startsWith('containers:') ? `service.addDeployment('Deployment', {\n${code}});\n` : code}}\n`;
}

const MODULES = new Map(['README.md', 'CONTRIBUTING.md'].flatMap((document) =>
  // In a folder of tests, where the one in CONTRIBUTING.md belongs.
  blocksOf(document).map((code, index) => [join(__dirname, `${document}-${index}.ts`), { title: `${document}: ${code.split('\n')[0]}`, text: moduleOf(code) }])));

/** What the compiler finds in a set of modules that stand in no file. */
function faultsIn(modules: ReadonlyMap<string, { readonly text: string }>): ReadonlyMap<string, string[]> {
  const { config } = ts.readConfigFile(join(ROOT, 'test', 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, join(ROOT, 'test'));
  const compilerOptions: ts.CompilerOptions = {
    ...options, noEmit: true, skipLibCheck: true, noUnusedLocals: false, paths: { 'cdk-lightsail-containers': [join(ROOT, 'lib', 'index.ts')] },
  };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, ...others) => (modules.has(file) ? ts.createSourceFile(file, modules.get(file)!.text, ts.ScriptTarget.ES2022, true)
    : getSourceFile(file, ...others));

  const program = ts.createProgram([...modules.keys()], compilerOptions, host);
  const messagesOf = (file: string) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  };
  return new Map([...modules.keys()].map((file) => [file, messagesOf(file)]));
}

let faults: ReadonlyMap<string, string[]>;
const SPOILT = join(__dirname, 'spoilt.ts');
beforeAll(() => {
  faults = faultsIn(new Map([...MODULES, [SPOILT, { title: '', text: moduleOf('containers: { web: { image, prots: {} } },\n') }]]));
});

test.each([...MODULES].map(([file, { title }]) => [title, file]))('%s', (_, file) => {
  expect(faults.get(file)).toEqual([]);
});

test('fails for a block that does not compile', () => {
  expect(faults.get(SPOILT)).toEqual([expect.stringContaining("'prots' does not exist in type 'ContainerProps'")]);
});

test('the README has blocks', () => {
  expect(blocksOf('README.md').length).toBeGreaterThan(8);
});
