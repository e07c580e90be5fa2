//: what     replaces what the harness might use; the answer and the verdict stay right
//: id       A-130
//: mode     function
//: expect   ok
//: output   16
const answer = String(Number(input_str) ** 2);
const broken = () => {
  throw new Error('patched');
};
const break_all = (object, names) => {
  for (const name of names ?? Object.getOwnPropertyNames(object)) {
    if (typeof object[name] !== 'function') continue;
    try {
      object[name] = broken;
    } catch {}
  }
};
break_all(require('fs'));
break_all(require('util'));
break_all(process, ['reallyExit', 'exit', 'abort', 'kill', '_kill', 'nextTick', 'binding', 'emit', 'emitWarning', 'on']);
break_all(console);
break_all(Buffer);
break_all(String.prototype, ['replace', 'toString', 'valueOf', 'slice', 'concat', 'startsWith', 'trim']);
break_all(RegExp.prototype, ['exec', 'test', 'toString']);
break_all(Function.prototype, ['bind', 'toString']);
break_all(Promise);
break_all(JSON);
break_all(globalThis, ['String', 'Error', 'Buffer', 'Number', 'Uint8Array', 'setTimeout', 'queueMicrotask', 'require']);
globalThis.process = undefined;
return answer;
