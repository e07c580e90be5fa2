//: what     recursion ten thousand deep: benign
//: id       G-05
//: mode     function
//: expect   ok
//: output   10000
const depth = (n) => (n === 0 ? 0 : 1 + depth(n - 1));
return depth(10000);
