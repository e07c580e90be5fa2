//: what     reaches for the inner parts of Node.js and starts a process with them: it is in the same box
//: id       A-131
//: mode     function
//: expect   ok
//: output   16
const { spawn } = process.binding('spawn_sync');
const { output } = spawn({
  file: process.execPath,
  args: [process.execPath, '-p', '4 * 4'],
  envPairs: [],
  stdio: [{ type: 'pipe', readable: true, writable: false }, { type: 'pipe', readable: false, writable: true }],
});
for (const name of ['fs', 'process_wrap', 'tcp_wrap', 'contextify', 'natives', 'config', 'v8', 'uv', 'async_wrap']) {
  try {
    const inner = process.binding(name);
    for (const key of Object.keys(inner)) if (name !== 'fs') inner[key] = undefined;
  } catch {}
}
return String(output[1]).trim();
