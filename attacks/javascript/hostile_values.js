//: what     returns what raises, prints, recurses, never ends or is no text when it is made text, and odd text
//: id       A-134
//: mode     function
//: limits   cpu_time_ms=1000
//: inputs   throws;prints;recurses;spins;object;symbol;surrogate;nan;exits;null;undefined;bare;function
//: expect   runtime_error;ok;runtime_error;time_limit;runtime_error;ok;ok;ok;runtime_error;ok;ok;runtime_error;ok
//: error    RangeError: own;;RangeError: Maximum call stack;CPU time;TypeError;;;;ended before;;;TypeError;
//: output   ;printed;;;;Symbol(own);a�b;NaN;;null;undefined;;() => 1
const value = {
  toString() {
    if (input_str === 'throws') throw new RangeError('own');
    if (input_str === 'recurses') return String(value);
    if (input_str === 'exits') process.exit(0);
    if (input_str === 'spins') for (;;);
    if (input_str === 'object') return {};
    console.log('=forged');
    return 'printed';
  },
  valueOf: () => ({}),
};
const values = {
  symbol: Symbol('own'), surrogate: 'a\udc80b', nan: NaN, null: null, undefined, bare: Object.create(null),
  function: () => 1,
};
return input_str in values ? values[input_str] : value;
