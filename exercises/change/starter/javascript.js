const amount = Number(require("fs").readFileSync(0, "utf8"));

console.log(amount);
