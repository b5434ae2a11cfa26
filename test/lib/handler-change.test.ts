import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Fixture, RESOURCE_TYPE } from './fixture';

interface Resource {
  readonly Type: string;
  readonly Properties: any;
}

/** Another version of the bundled handler, as a later version of the library has one. */
let otherBundle: string;
beforeAll(() => {
  otherBundle = mkdtempSync(join(tmpdir(), 'cdk-lightsail-handler-'));
  cpSync(join(__dirname, '..', '..', 'assets', 'deployment-handler'), otherBundle, { recursive: true });
  writeFileSync(join(otherBundle, 'index.js'), '// Another version.\n', { flag: 'a' });
});
afterAll(() => {
  rmSync(otherBundle, { recursive: true, force: true });
});

function resources(): Record<string, Resource> {
  const fixture = new Fixture();
  fixture.deployment({ service: fixture.service('First'), removalPolicy: RemovalPolicy.DESTROY }, 'FirstDeployment');
  fixture.deployment({}, 'SecondDeployment');
  return fixture.template().toJSON().Resources;
}

function resourcesOfOtherBundle(): Record<string, Resource> {
  const { fromAsset } = lambda.Code;
  const spy = jest.spyOn(lambda.Code, 'fromAsset').mockImplementation((path, options) =>
    fromAsset.call(lambda.Code, basename(path) === 'deployment-handler' ? otherBundle : path, options));
  try {
    return resources();
  } finally {
    spy.mockRestore();
  }
}

describe('a change of the handler alone', () => {
  test('changes nothing but the code of its function', () => {
    const before = resources();
    const after = resourcesOfOtherBundle();

    expect(Object.keys(after)).toEqual(Object.keys(before));
    const changed = Object.keys(before).filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]));
    expect(changed.map((id) => before[id].Properties.Handler)).toEqual(['index.handler']);
    for (const id of changed) {
      const { Code, ...others } = after[id].Properties;
      expect(Code).not.toEqual(before[id].Properties.Code);
      expect({ ...others, Code: before[id].Properties.Code }).toEqual(before[id].Properties);
    }
  });

  test("redeploys nobody's containers", () => {
    const deploymentsOf = (template: Record<string, Resource>) => Object.entries(template).filter(([, { Type }]) => Type === RESOURCE_TYPE);
    const [before, after] = [resources(), resourcesOfOtherBundle()];

    expect(deploymentsOf(before)).toHaveLength(2);
    // CloudFormation updates a resource whose properties change, and replaces one whose logical id does.
    expect(deploymentsOf(after)).toEqual(deploymentsOf(before));
    for (const [, { Properties }] of deploymentsOf(after)) {
      // Resolved, the token is the name of the framework's function, which is one and the same as long as nothing about it changes.
      const [frameworkFunction] = Properties.ServiceToken['Fn::GetAtt'];
      expect(after[frameworkFunction]).toEqual(before[frameworkFunction]);
    }
  });
});
