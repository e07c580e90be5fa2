const lines = require("fs").readFileSync(0, "utf8").split("\n").filter((line) => line.trim() !== "");
const values = lines.map(Number);
console.log(values.reduce((sum, value) => sum + value, 0) / values.length);
