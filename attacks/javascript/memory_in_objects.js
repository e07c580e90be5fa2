//: what     objects of the language until stopped, which its own heap may refuse first
//: id       A-015
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit|runtime_error
//: peak_kib 137625
let chain = null;
for (;;) chain = { chain, text: [chain, 1.5, 'x'] };
