import { DevEnvironmentDockerImage, vscode, type awscdk, type github } from 'projen';
import { ActionRefs, GithubWorkflow } from 'projen/lib/github';
import { JobPermission } from 'projen/lib/github/workflows-model';

/** What a pull request is asked for. */
export const PULL_REQUEST_TEMPLATE = [
  '## What changes, and why',
  '',
  '## How it was checked',
  '',
  '- [ ] A test fails without the change.',
  '- [ ] `npm test` passes.',
  '- [ ] `API.md`, the README and `docs/` are right, and `CHANGELOG.md` has a line if users notice the change.',
  '- [ ] Messages are in plain English, and contain no secret.',
  '- [ ] A choice that someone may want to reverse has a page in `decisions/`.',
];

/** Runs every check on each of these. */
const NODE_VERSIONS = ['20.x', '22.x', '24.x'];

/** A workflow that does what `.ci/run` does on a developer's machine. */
export function addCheckWorkflow(hub: github.GitHub): void {
  const workflow = new GithubWorkflow(hub, 'check');
  workflow.on({ push: { branches: ['main'] }, pullRequest: {}, schedule: [{ cron: '0 4 * * 1' }], workflowDispatch: {} });
  workflow.addJob('check', {
    runsOn: ['ubuntu-latest'],
    permissions: { contents: JobPermission.READ },
    timeoutMinutes: 120,
    strategy: { failFast: false, matrix: { domain: { node: NODE_VERSIONS } } },
    steps: [
      { name: 'Checkout', uses: ActionRefs.ACTIONS_CHECKOUT },
      { name: 'Node.js', uses: ActionRefs.ACTIONS_SETUP_NODE, with: { 'node-version': '${{ matrix.node }}', 'package-manager-cache': false } },
      { name: 'Go', uses: ActionRefs.ACTIONS_SETUP_GO, with: { 'go-version': '1.25', 'cache': false } },
      { name: 'Java', uses: ActionRefs.ACTIONS_SETUP_JAVA, with: { 'distribution': 'temurin', 'java-version': '21' } },
      { name: 'Registries', run: 'sudo apt-get update -qq && sudo apt-get install -y -qq docker-registry skopeo maven' },
      { name: 'Every check', run: '.ci/run' },
    ],
  });
}

/** A machine in which `.ci/run` works, for Codespaces and editors. */
export function addDevContainer(project: awscdk.AwsCdkConstructLibrary): void {
  const container = new vscode.DevContainer(project, {
    dockerImage: DevEnvironmentDockerImage.fromImage('mcr.microsoft.com/devcontainers/typescript-node:24-bookworm'),
    features: ['python', 'java', 'go'].map((name) => ({ name: `ghcr.io/devcontainers/features/${name}` })),
  });
  container.config.name = 'cdk-lightsail-containers';
  container.config.customizations = { vscode: { extensions: ['dbaeumer.vscode-eslint', 'orta.vscode-jest'] } };
  container.config.postCreateCommand = 'sudo apt-get update -qq && sudo apt-get install -y -qq docker-registry skopeo maven && npm ci';
}
