//: what     an integer of a million digits: benign
//: id       A-134
//: mode     function
//: expect   ok
//: length   1000001
return 10n ** 1_000_000n;
