// Lets a Node.js that can not read TypeScript by itself (before 22.18) run the tests: the types are taken off by what builds
// the pages. For `node --import`.

import { register } from "node:module";

if (!process.features.typescript) register("./typescript-hook.mjs", import.meta.url);
