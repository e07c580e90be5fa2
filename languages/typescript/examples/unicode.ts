import { readFileSync } from "fs";

const [line]: string[] = readFileSync(0, "utf8").split("\n");
console.log(`«${line}»`);
