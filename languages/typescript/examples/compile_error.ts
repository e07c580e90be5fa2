type Person = { name: string; age: number };
const ada: Person = { name: "Ada", age: 36 };
const age: string = ada.age;
console.log(age);
