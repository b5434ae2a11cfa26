import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as ts from 'typescript';
import * as lib from '../../../lib';

const DOCS = join(__dirname, '..', '..', '..', 'docs');

/** A page of docs/, whose code blocks a test plays: the text and the test cannot part. */
export class Guide {
  private readonly text: string;

  constructor(private readonly file: string) {
    this.text = readFileSync(join(DOCS, file), 'utf8');
  }

  /** The only block of a language under a heading. */
  public block(heading: string, language: string): string {
    const section = this.text.split(/^(?=## )/m).filter((part) => part.startsWith(`## ${heading}\n`));
    const blocks = section.flatMap((part) => [...part.matchAll(new RegExp(`^\`\`\`${language}\\b[^\\n]*\\n(.*?)^\`\`\`$`, 'gms'))]).map(([, code]) => code);
    if (blocks.length !== 1) throw new Error(`${this.file}, "${heading}": ${blocks.length} blocks of ${language}, and not one`);
    return blocks[0];
  }

  /** The app of a block, in the stack that the fixture of all pages declares. */
  public app(heading: string): (stack: cdk.Stack) => void {
    return appOf(this.block(heading, 'ts'));
  }

  /** The files that a block of shell writes with `cat > name << 'EOF'`, as JSON, by name. */
  public files(heading: string): Record<string, any> {
    return Object.fromEntries([...this.block(heading, 'sh').matchAll(/^cat > (\S+) <<'EOF'\n(.*?)^EOF$/gms)].map(([, name, text]) => [name, JSON.parse(text)]));
  }

  /** The commands of a block of shell that begin so, each as one line. */
  public commands(heading: string, start: string): string[] {
    return this.block(heading, 'sh').replace(/ *\\\n */g, ' ').split('\n').filter((line) => line.startsWith(start));
  }
}

/** The app of a block of code, in the stack that the fixture of all pages declares. */
export function appOf(code: string): (stack: cdk.Stack) => void {
  const script = ts.transpile(code, { target: ts.ScriptTarget.ES2022 });
  return (stack) => {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, no-new-func
    new Function('stack', 'cdk', ...Object.keys(lib), script)(stack, cdk, ...Object.values(lib));
  };
}

/** The resources of a synthesized app that has container services and no deployments. */
export function resourcesOf(define: (stack: cdk.Stack) => void): Record<string, any> {
  const app = new cdk.App({ analyticsReporting: false });
  define(new cdk.Stack(app, 'Stack', { env: { account: '123456789012', region: 'us-east-1' } }));
  return app.synth().getStackByName('Stack').template.Resources;
}
