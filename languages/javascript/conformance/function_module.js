import { createHash } from 'crypto';
import path from 'path';
const { EOL } = await import('os');
return [createHash('md5').update(input_str).digest('hex').length, path.sep, EOL.length, typeof require].join(' ');
