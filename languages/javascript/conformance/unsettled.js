import { stdout } from 'process';
stdout.write('before\n');
await new Promise(() => {});
