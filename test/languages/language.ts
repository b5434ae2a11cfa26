import type { Environment } from './command';
import type { Target } from './pack';

/** Where an example app and the packed library meet. */
export interface Workplace {
  /** A copy of the example, outside the repository. */
  readonly app: string;
  /** What jsii-pacmak made for the language. */
  readonly artifacts: string;
  /** Of every program that is run for the app. */
  readonly env: Environment;
}

/** What differs from language to language in how an app gets its packages. */
export interface Language {
  readonly name: string;
  /** What jsii-pacmak calls the language, and the folder of its example. */
  readonly target: Target;
  /** Fails if the machine lacks what the language needs, and says how to get it. */
  requireTools(env: Environment): Promise<void>;
  /**
   * Gives the app the packed library and the lowest aws-cdk-lib that it allows, as the template depends on it.
   * Resolves to the environment that the app runs in.
   */
  install(workplace: Workplace): Promise<Environment>;
}
