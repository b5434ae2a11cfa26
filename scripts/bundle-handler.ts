/** Bundles the handlers of the custom resources into assets/, as they are published: a folder for each function. */
import * as path from 'path';
import { writeBundle } from './bundle';

/** The folder of each function, with its source. */
const HANDLERS = {
  'deployment-handler': 'lambda/index.ts',
  'image-handler': 'lambda/image-index.ts',
};

for (const [folder, source] of Object.entries(HANDLERS)) {
  writeBundle(source, path.join(__dirname, '..', 'assets', folder));
}
