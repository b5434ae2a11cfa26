/**
 * From the import of this module on, everything gets the newest aws-cdk-lib and constructs instead of the lowest: the app, the library and others.
 * Import it before them.
 */
import Module from 'node:module';

const loader = Module as unknown as { _resolveFilename(request: string, ...others: unknown[]): string };
const resolve = loader._resolveFilename.bind(loader);
loader._resolveFilename = (request, ...others) => resolve(request.replace(/^(aws-cdk-lib|constructs)(?=$|\/)/, '$1-newest'), ...others);
