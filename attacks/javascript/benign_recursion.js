//: what     recursion seven thousand deep: benign
//: mode     function
//: expect   ok
//: output   7000
const depth = (n) => (n === 0 ? 0 : 1 + depth(n - 1));
return depth(7000);
