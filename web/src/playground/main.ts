/// The playground's page.

import { Playground } from "./playground.ts";

void new Playground().begin();
