const { Console } = console;
console.log(Error.stackTraceLimit, process.exitCode, process.listenerCount('exit'));
console.log(process.listenerCount('uncaughtException'), process.stdout.listenerCount('error'), process.stderr.fd);
console.log(process.stdout.writable, process.stdout.isTTY, process.stdin.readableFlowing, process.stdin.fd);
console.log(typeof input_str, typeof harness, typeof Console, Object.keys(process.env).sort().join());
console.log(process.mainModule === module, process.getActiveResourcesInfo().includes('Immediate'));
