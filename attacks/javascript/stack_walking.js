//: what     walks the stack, the modules and the callers for parts of the harness and breaks them: only its own answer suffers
//: id       A-131
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   1;4;9
const answer = Number(input_str) ** 2;
if (input_str !== '2') return answer;
const found = [];
const break_all = (object, name) => {
  for (const key of Object.getOwnPropertyNames(object ?? {})) {
    if (['expected', 'verdict', 'results', 'inputs'].includes(key)) found.push(`${name}.${key}`);
    try {
      if (typeof object[key] === 'function') object[key] = () => 'changed';
    } catch {}
  }
};
Error.prepareStackTrace = (_, frames) => frames;
for (const frame of new Error().stack) {
  const [callee, self] = [frame.getFunction?.(), frame.getThis?.()];
  if (callee && /harness/.test(frame.getFileName())) found.push(`function ${callee.name}`);
  if (self && self !== globalThis && /harness/.test(frame.getFileName())) break_all(self, 'this');
}
try {
  for (let caller = arguments.callee.caller; caller; caller = caller.caller) found.push(`caller ${caller.name}`);
} catch {}
for (const part of [require.main, module.parent, process.mainModule, ...module.children, ...Object.values(require.cache)]) {
  break_all(part?.exports, 'exports');
}
break_all(require('module'), 'module');
return found.length > 0 ? `ESCAPED ${found}` : answer;
