const lines = require("fs").readFileSync(0, "utf8").split("\n");

// Each line is a measurement, or blank.
console.log(0.0);
