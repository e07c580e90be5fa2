/// The operator's dashboard.

import { h } from "../shared/dom.ts";

document.body.append(h("main", {}, h("h1", {}, "Code Runner dashboard")));
