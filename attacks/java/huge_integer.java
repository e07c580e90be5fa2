//: what     an integer of three hundred thousand digits: benign
//: id       A-134
//: mode     function
//: expect   ok
//: length   300001
return java.math.BigInteger.TEN.pow(300_000).toString();
