/// The playground.

import type { Shot } from "./all.ts";

export const playground: Shot[] = [{ name: "playground", path: "/" }];
