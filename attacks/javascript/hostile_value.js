//: what     a value whose text can not be had
//: mode     function
//: expect   runtime_error
//: error    RangeError: no text
return {
  toString() {
    throw new RangeError('no text');
  },
};
