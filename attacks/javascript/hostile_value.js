//: what     a value whose text can not be had
//: id       A-134
//: mode     function
//: expect   runtime_error
//: error    RangeError: no text
return {
  toString() {
    throw new RangeError('no text');
  },
};
