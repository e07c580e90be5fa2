//: what     text that nests deeper than any parser can follow
//: mode     function
//: expect   runtime_error
//: error    RangeError|SyntaxError
return eval('['.repeat(1_000_000) + ']'.repeat(1_000_000));
