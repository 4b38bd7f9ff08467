// What is installed in the folder READOUT_CLIENT_TOOLS.

import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.env.READOUT_CLIENT_TOOLS ?? 'build/clients');
const require = createRequire(join(folder, 'package.json'));

export const fromTools = name => import(pathToFileURL(require.resolve(name)));
