//: what     objects of the language until stopped, which its own heap may refuse first
//: limits   memory_kib=131072
//: expect   memory_limit|runtime_error
//: peak_kib 131072
let chain = null;
for (;;) chain = { chain, text: [chain, 1.5, 'x'] };
