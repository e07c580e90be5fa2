type Person = { name: string; friend?: Person };
const ada: Person = { name: "Ada" };
console.log(ada.friend.name);
