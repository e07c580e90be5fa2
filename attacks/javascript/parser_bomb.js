//: what     text that nests deeper than any parser can follow
//: id       A-067
//: mode     function
//: expect   runtime_error
//: error    RangeError|SyntaxError
return eval('['.repeat(1_000_000) + ']'.repeat(1_000_000));
