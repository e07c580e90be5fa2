//: what     ends in the middle of the call for some of its inputs, in every way there is: the others do not suffer
//: id       A-129
//: mode     function
//: inputs   1;exit;reallyExit;status;abort;kill;throws;rejects;waits;9
//: expect   ok;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;runtime_error;ok
//: error    ;ended before;ended before;exit code 4;SIGABRT;SIGKILL;Uncaught 'own';Error: own;ended before;
//: output   1;;;;;;;;;9
const ways = {
  exit: () => process.exit(0),
  reallyExit: () => process.reallyExit(0),
  status: () => process.exit(4),
  abort: () => process.abort(),
  kill: () => process.kill(0, 'SIGKILL'),
  throws: () => {
    throw 'own';
  },
  rejects: () => Promise.reject(new Error('own')),
  waits: () => new Promise(() => {}),
};
return ways[input_str]?.() ?? input_str;
